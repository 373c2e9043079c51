import { describe, expect, it } from 'vitest'
import { begin, next, resume } from '../../../src/core/rollout.ts'
import type { Policy, PolicyStep } from '../../../src/core/policy.ts'
import type { Ending } from '../../../src/core/ending.ts'
import { answersTo, byHand, fully, inSteps, meddle, peaceful, staged, type HostileWorld, type Malice } from './hostile-world.ts'
import { wrongsOfEffect, wrongsOfEnding, wrongsOfLook, type State } from './walk-invariants.ts'

interface Walk {
  readonly states: number
  readonly edges: number
  readonly endings: readonly string[]
  /** Why a rollout went back, or was refused. */
  readonly causes: readonly string[]
  readonly wrongs: readonly string[]
  readonly hasCycle: boolean
}

/** Whoever goes on after a cut knows only what was saved. */
const cutOff = (world: HostileWorld): HostileWorld => ({ ...world, cutsLeft: world.cutsLeft - 1, lastRead: 'none', lastCheck: 'none' })

function walk(policy: Policy, malice: Malice): Walk {
  const done = new Map<string, 'open' | 'closed'>()
  const ends = new Map<string, Ending>()
  const wrongs = new Set<string>()
  let edges = 0
  let hasCycle = false
  const follow = ({ step, world }: State): State[] => {
    const cut = (left: HostileWorld): State[] => (left.cutsLeft > 0 ? [{ step: resume(policy, step.phase, 'cancelled'), world: cutOff(left) }] : [])
    const answered = answersTo(policy, step.effect, world).flatMap(({ world: left, seen }): State[] => {
      const then = next(policy, step.phase, seen)
      for (const wrong of wrongsOfLook(policy, step.phase, { seen, after: then.phase })) wrongs.add(`${wrong}: ${JSON.stringify([step.phase, seen])}`)
      // Killed after the effect was performed and before the next phase was saved.
      return [{ step: then, world: left }, ...cut(left)]
    })
    return [...answered, ...meddle(world).map((left) => ({ step, world: left })), ...cut(world)]
  }
  const visit = (state: State): void => {
    const key = JSON.stringify(state)
    const seen = done.get(key)
    if (seen !== undefined) {
      hasCycle ||= seen === 'open'
      return
    }
    done.set(key, 'open')
    for (const wrong of [...wrongsOfEffect(policy, state), ...wrongsOfEnding(state)]) wrongs.add(`${wrong}: ${key}`)
    const { phase } = state.step
    if (phase.kind === 'settled') ends.set(JSON.stringify(phase.ending), phase.ending)
    else {
      for (const following of follow(state)) {
        edges += 1
        visit(following)
      }
    }
    done.set(key, 'closed')
  }
  visit({ step: begin(policy), world: peaceful(malice) })
  const endings = [...new Set([...ends.values()].map(({ kind }) => kind))].toSorted()
  const causes = [...new Set([...ends.values()].flatMap((ending) => (ending.kind === 'rolled-back' ? [ending.cause] : ending.kind === 'refused' ? [`refused: ${ending.reason}`] : [])))].toSorted()
  return { states: done.size, edges, endings, causes, wrongs: [...wrongs].slice(0, 5), hasCycle }
}

/** A walk on which nothing may be wrong; what it met is compared in full. */
function expectSafe(policy: Policy, malice: Malice): Pick<Walk, 'endings' | 'causes'> {
  const { wrongs, hasCycle, states, edges, endings, causes } = walk(policy, malice)
  console.log(`${expect.getState().currentTestName}: ${states} states, ${edges} edges`)
  expect(wrongs).toEqual([])
  expect(hasCycle).toBe(false)
  return { endings, causes }
}

const peace: Malice = { foreign: 0, cuts: 0, stops: 0 }
const malices: Malice = { foreign: 1, cuts: 1, stops: 1 }
const step = (percent: number, soakSeconds: number, approval = false): PolicyStep => ({ percent, soakSeconds, leastRequests: 0, approval })

/** Why a rollout goes back, or is refused, where people and the clock have their say as the malice allows. */
function causesOf({ cuts, stops, steerings = 0, deadline = false }: Malice, ...more: readonly string[]): readonly string[] {
  const always = ['cloudflare-unavailable', 'ledger-unavailable', 'write-rejected', ...(cuts > 0 ? ['cancelled'] : []), ...(stops > 0 ? ['frozen', 'held'] : [])]
  const back = [...always, 'check-failed', 'check-unknown', 'shared-incident', ...(steerings > 0 ? ['aborted'] : []), ...more]
  const refused = [...always, 'upload-failed', ...(deadline ? ['deadline'] : [])]
  return [...back, ...refused.map((cause) => `refused: ${cause}`)].toSorted()
}
const COMPARED = ['regressed', 'inconclusive', 'deadline']
const ALONE = ['promoted', 'refused', 'rolled-back', 'stranded']

describe('the exhaustive walk over every answer of a hostile world keeps every invariant, never runs in a circle, and always ends', () => {
  it.each([
    ['at once', staged([100])],
    ['in three steps', staged([1, 10, 100])],
  ])('a staged rollout %s', (_, policy) => {
    expect(expectSafe(policy, malices)).toEqual({ endings: [...ALONE, 'yielded'], causes: causesOf(malices) })
  })

  it('a rollback by hand', () => {
    expect(expectSafe(byHand(), malices)).toEqual({ endings: ['rolled-back', 'stranded', 'yielded'], causes: ['by-hand'] })
  })

  it('a full deploy, which never claims a way back', () => {
    expect(expectSafe(fully(), malices)).toEqual({ endings: ['promoted', 'refused', 'stranded'], causes: ['cancelled', 'frozen', 'ledger-unavailable', 'upload-failed'].map((cause) => `refused: ${cause}`) })
  })
})

describe('so does one whose steps soak and are steered, before a deadline', () => {
  const soaks = [step(10, 1), step(100, 1, true)]

  it.each(['hold', 'promote', 'rollback'] as const)('where what proves nothing leads to %s', (whenInconclusive) => {
    const malice = { ...peace, cuts: 1, steerings: 1, deadline: true }
    expect(expectSafe(inSteps(soaks, { whenInconclusive }), malice)).toEqual({ endings: ALONE, causes: causesOf(malice, ...COMPARED) })
  })

  it('where people say much, and stop it', () => {
    const malice = { ...peace, stops: 1, steerings: 3 }
    expect(expectSafe(inSteps(soaks), malice)).toEqual({ endings: ALONE, causes: causesOf(malice, ...COMPARED) })
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

  it('where Cloudflare lists writes late', () => {
    const malice = { ...peace, stale: 2, stops: 1, cuts: 1 }
    expect(expectSafe(inSteps([step(10, 1), step(100, 1)]), malice)).toEqual({ endings: ALONE, causes: causesOf(malice, ...COMPARED) })
  })
})

it('a rollout that nobody troubles is promoted, unless a check, a write or the comparison fails', () => {
  expect(walk(inSteps([step(10, 1), step(100, 1)]), peace).endings).toEqual(ALONE)
})
