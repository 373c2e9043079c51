import { expect } from 'vitest'
import { begin, next, resume } from '../../../src/core/rollout.ts'
import type { Policy } from '../../../src/core/policy.ts'
import type { Ending } from '../../../src/core/ending.ts'
import { answersTo, meddle, peaceful, type HostileWorld, type Malice } from './hostile-world.ts'
import { wrongsOfEffect, wrongsOfEnding, wrongsOfLook, type State } from './walk-invariants.ts'

/** More than any walk has; a budget that is not spent would go on for ever. */
const MOST_STATES = 400_000

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

/** Every state that can be reached, once each. */
export function walk(policy: Policy, malice: Malice): Walk {
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
    if (done.size > MOST_STATES) throw new Error('the walk does not end')
    for (const wrong of [...wrongsOfEffect(policy, state), ...wrongsOfEnding(policy, state)]) wrongs.add(`${wrong}: ${key}`)
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
export function expectSafe(policy: Policy, malice: Malice): Pick<Walk, 'endings' | 'causes'> {
  const { wrongs, hasCycle, states, edges, endings, causes } = walk(policy, malice)
  console.log(`${expect.getState().currentTestName}: ${states} states, ${edges} edges`)
  expect(wrongs).toEqual([])
  expect(hasCycle).toBe(false)
  return { endings, causes }
}

export const peace: Malice = { foreign: 0, cuts: 0, stops: 0 }

/** Why a rollout goes back, or is refused, where people and the clock have their say as the malice allows. */
export function causesOf({ cuts, stops, steerings = 0, deadline = false }: Malice, ...more: readonly string[]): readonly string[] {
  const always = ['cloudflare-unavailable', 'ledger-unavailable', 'write-rejected', ...(cuts > 0 ? ['cancelled'] : []), ...(stops > 0 ? ['frozen', 'held'] : [])]
  const back = [...always, 'check-failed', 'check-unknown', 'shared-incident', ...(steerings > 0 ? ['aborted'] : []), ...more]
  const refused = [...always, 'upload-failed', ...(deadline ? ['deadline'] : [])]
  return [...back, ...refused.map((cause) => `refused: ${cause}`)].toSorted()
}
/** Where steps are compared. */
export const COMPARED = ['regressed', 'inconclusive', 'deadline']
/** How a rollout ends among nobody else's deploys. */
export const ALONE = ['promoted', 'refused', 'rolled-back', 'stranded']
