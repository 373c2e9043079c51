import { describe, expect, it } from 'vitest'
import { byHand, fully, inSteps, step, type Malice } from './hostile-world.ts'
import { ALONE, causesOf, COMPARED, expectSafe, peace, walk } from './walk.ts'

// The walks of seconds, which run for each mutant too (docs/mutation.md); walk-deep.test.ts has the long ones.

const malices: Malice = { foreign: 1, cuts: 1, stops: 1 }
const soaks = [step(10, 1), step(100, 1)]

describe('the exhaustive walk over every answer of a hostile world keeps every invariant, never runs in a circle, and always ends', () => {
  it('a rollback by hand', () => {
    expect(expectSafe(byHand(), malices)).toEqual({ endings: ['rolled-back', 'stranded', 'yielded'], causes: ['by-hand'] })
  })

  it('a full deploy, which never claims a way back', () => {
    expect(expectSafe(fully(), malices)).toEqual({ endings: ['promoted', 'refused', 'stranded'], causes: ['cancelled', 'frozen', 'ledger-unavailable', 'upload-failed'].map((cause) => `refused: ${cause}`) })
  })
})

describe('so it does with a staged rollout, before a deadline', () => {
  it.each(['hold', 'promote', 'rollback'] as const)('where what proves nothing leads to %s', (whenInconclusive) => {
    const malice = { ...peace, cuts: 1, steerings: 1, deadline: true }
    expect(expectSafe(inSteps(soaks, { whenInconclusive }), malice)).toEqual({ endings: ALONE, causes: causesOf(malice, ...COMPARED) })
  })

  it('where somebody else deploys, and people approve', () => {
    const malice = { ...peace, foreign: 1, steerings: 1 }
    expect(expectSafe(inSteps([step(10, 0, true), step(100, 1)], { applyTriggers: true }), malice)).toEqual({ endings: [...ALONE, 'yielded'], causes: causesOf(malice, ...COMPARED) })
  })

  it('where Cloudflare lists writes late', () => {
    const malice = { ...peace, stale: 2, stops: 1, cuts: 1 }
    expect(expectSafe(inSteps(soaks), malice)).toEqual({ endings: ALONE, causes: causesOf(malice, ...COMPARED) })
  })
})

it('a rollout that nobody troubles is promoted, unless a check, a write or the comparison fails', () => {
  expect(walk(inSteps(soaks), peace).endings).toEqual(ALONE)
})
