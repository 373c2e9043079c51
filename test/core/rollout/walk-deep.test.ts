import { describe, expect, it } from 'vitest'
import { inSteps, staged, step, type Malice } from './hostile-world.ts'
import { ALONE, causesOf, COMPARED, expectSafe, peace } from './walk.ts'

// The walks that take longest: more steps, more people, more that befalls at once.

const malices: Malice = { foreign: 1, cuts: 1, stops: 1 }

describe('the exhaustive walk over every answer of a hostile world keeps every invariant, never runs in a circle, and always ends', () => {
  it.each([
    ['at once', staged([100])],
    ['in three steps', staged([1, 10, 100])],
  ])('a staged rollout %s', (_, policy) => {
    expect(expectSafe(policy, malices)).toEqual({ endings: [...ALONE, 'yielded'], causes: causesOf(malices) })
  })
})

describe('so does one whose steps soak and are steered, before a deadline', () => {
  it('where people say much, and stop it', () => {
    const malice = { ...peace, stops: 1, steerings: 3 }
    expect(expectSafe(inSteps([step(10, 1), step(100, 1, true)]), malice)).toEqual({ endings: ALONE, causes: causesOf(malice, ...COMPARED) })
  })

  it('in three steps, among foreign deploys, with triggers', () => {
    const malice = { ...peace, foreign: 1, steerings: 1, deadline: true }
    const policy = inSteps([step(1, 1), step(10, 1), step(100, 1)], { applyTriggers: true })
    expect(expectSafe(policy, malice)).toEqual({ endings: [...ALONE, 'yielded'], causes: causesOf(malice, ...COMPARED) })
  })

  it('where people approve at the stage and after a step without a soak', () => {
    const malice = { ...peace, foreign: 1, steerings: 2, deadline: true }
    const policy = inSteps([step(10, 0, true), step(50, 0), step(100, 0, true)])
    expect(expectSafe(policy, malice)).toEqual({ endings: [...ALONE, 'yielded'], causes: causesOf(malice, ...COMPARED) })
  })
})
