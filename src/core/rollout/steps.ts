import type { Ending } from '../ending.ts'
import type { Policy } from '../policy.ts'
import type { ObservedDeployment, Split } from '../production.ts'
import { placeOf } from '../ramp.ts'
import type { Goal, LastWrite, Observation, Phase, PhaseOf, RoundsLeft, Soak, Step, Subject } from './state.ts'

const LONGEST_RETRY_SECONDS = 20
const HEARS_NOBODY = { stopsMatter: false, commandsMatter: false } as const

/** Starts towards a split with a fresh budget: production is read first. `sent`: another write may land yet. */
export function aim(policy: Policy, goal: Goal, sent = false): Step {
  const { read: readsLeft, write: writesLeft } = policy.tries
  return read({ kind: 'reading', goal, lastWrite: sent ? 'sent' : 'none', readsLeft, writesLeft }, 0)
}

/** What a rollout goes on with once its split is seen to stand. */
type Undecided = { readonly again: RoundsLeft } | { readonly soak: Soak }

/** Makes sure that the split of undecided checks, or of a soak, still stands before they go on with what is left. */
export function aimAgain(policy: Policy, goal: Goal, undecided: Undecided, afterSeconds: number): Step {
  const { read: readsLeft, write: writesLeft } = policy.tries
  // What is read now was read back before: should it not be there, that reading may be the wrong one.
  return read({ kind: 'reading', goal, lastWrite: 'accepted', readsLeft, writesLeft, ...undecided }, afterSeconds)
}

export function read(phase: PhaseOf<'reading'>, afterSeconds: number): Step {
  const { goal, soak, lastWrite } = phase
  // Amid a soak nothing goes forward, so GitHub is not waited for; the next raise asks what stops it.
  const percent = goal.kind === 'raise' && soak === undefined ? goal.percent : undefined
  // What is said once the step has been sent is heard when it soaks, or before the next one.
  const commandsMatter = percent !== undefined && percent > 0 && lastWrite === 'none'
  return { phase, effect: { kind: 'read-production', afterSeconds, stopsMatter: percent !== undefined, commandsMatter } }
}

export function check(policy: Policy, subject: Subject, again?: RoundsLeft): Step {
  const roundsLeft = again ?? { unknown: policy.tries.check - 1, incident: policy.tries.incident }
  return { phase: { kind: 'checking', subject, roundsLeft }, effect: { kind: 'run-checks', subject, afterSeconds: 0 } }
}

export function watch(phase: PhaseOf<'watching'>, afterSeconds: number): Step {
  return { phase, effect: { kind: 'read-production', afterSeconds, ...HEARS_NOBODY } }
}

export function inspect(phase: PhaseOf<'inspecting'>, afterSeconds: number): Step {
  return { phase, effect: { kind: 'read-production', afterSeconds, ...HEARS_NOBODY } }
}

export function settle(ending: Ending): Step {
  return { phase: { kind: 'settled', ending }, effect: { kind: 'settle', ending } }
}

/** The split that a goal is reached with; the candidate stays first, since stickiness depends on the order. */
export function splitFor(policy: Policy, goal: Goal): Split {
  switch (goal.kind) {
    case 'raise': {
      const candidate = { versionId: goal.candidate, percentage: goal.percent }
      if (goal.percent === 100 || policy.plan !== 'staged') return [candidate]
      return [candidate, { versionId: policy.baseline, percentage: restOf(goal.percent) }]
    }
    case 'restore':
      return policy.plan === 'staged' ? [{ versionId: policy.baseline, percentage: 100 }] : []
    case 'roll-back':
      return policy.plan === 'rollback' ? [{ versionId: policy.target, percentage: 100 }] : []
    case 'put-back':
      return goal.split
  }
}

/** 35.9 for 64.1, where floating point says 35.900000000000006. */
function restOf(percent: number): number {
  return Number((100 - percent).toFixed(6))
}

/** Whether a write may have been applied. */
export function maySent(lastWrite: LastWrite): boolean {
  return lastWrite === 'sent' || lastWrite === 'accepted'
}

/** Whether users may have met the candidate: at an earlier step, or by a write towards `percent`. */
export function hasExposed(policy: Policy, percent: number, sent: boolean): boolean {
  if (percent === 0) return false
  return sent || (policy.plan === 'staged' && placeOf(policy.ramp, percent) > 0)
}

export function takenBy(foreign: ObservedDeployment): 'rollback' | 'foreign' {
  return foreign.marker?.command === 'rollback' ? 'rollback' : 'foreign'
}

/** 1 s, 2 s, 4 s, … up to 20 s for the first, second, third, … try again. */
export function backOffSeconds(retry: number): number {
  return retry <= 0 ? 0 : Math.min(2 ** (retry - 1), LONGEST_RETRY_SECONDS)
}

export function mismatch(phase: Phase, seen: Observation): Error {
  return new Error(`bug: a rollout that is ${phase.kind} cannot see "${seen.kind}"`)
}
