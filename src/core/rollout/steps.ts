import type { Ending } from '../ending.ts'
import type { Policy } from '../policy.ts'
import type { ObservedDeployment, Split } from '../production.ts'
import type { Goal, Observation, Phase, PhaseOf, RoundsLeft, Soak, Step, Subject } from './state.ts'

const LONGEST_RETRY_SECONDS = 20

/** Starts towards a split with a fresh budget: production is read first. */
export function aim(policy: Policy, goal: Goal): Step {
  const { read: readsLeft, write: writesLeft } = policy.tries
  return read({ kind: 'reading', goal, lastWrite: 'none', readsLeft, writesLeft }, 0)
}

/** What a rollout goes on with once its split is seen to stand. */
type Undecided = { readonly again: RoundsLeft } | { readonly soak: Soak }

/** Makes sure that the split of undecided checks, or of a soak, still stands before they go on with what is left. */
export function aimAgain(policy: Policy, goal: Goal, undecided: Undecided, afterSeconds: number): Step {
  const { read: readsLeft, write: writesLeft } = policy.tries
  // What is read now was written before: should it be gone, the write has been sent all the same.
  return read({ kind: 'reading', goal, lastWrite: 'sent', readsLeft, writesLeft, ...undecided }, afterSeconds)
}

export function read(phase: PhaseOf<'reading'>, afterSeconds: number): Step {
  // Amid a soak nothing goes forward, so GitHub is not waited for; the next raise asks what stops it.
  const stopsMatter = phase.goal.kind === 'raise' && phase.soak === undefined
  return { phase, effect: { kind: 'read-production', afterSeconds, stopsMatter } }
}

export function check(policy: Policy, subject: Subject, again?: RoundsLeft): Step {
  const roundsLeft = again ?? { unknown: policy.tries.check - 1, incident: policy.tries.incident }
  return { phase: { kind: 'checking', subject, roundsLeft }, effect: { kind: 'run-checks', subject, afterSeconds: 0 } }
}

export function watch(phase: PhaseOf<'watching'>, afterSeconds: number): Step {
  return { phase, effect: { kind: 'read-production', afterSeconds, stopsMatter: false } }
}

export function inspect(phase: PhaseOf<'inspecting'>, afterSeconds: number): Step {
  return { phase, effect: { kind: 'read-production', afterSeconds, stopsMatter: false } }
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
      return [candidate, { versionId: policy.baseline, percentage: 100 - goal.percent }]
    }
    case 'restore':
      return policy.plan === 'staged' ? [{ versionId: policy.baseline, percentage: 100 }] : []
    case 'roll-back':
      return policy.plan === 'rollback' ? [{ versionId: policy.target, percentage: 100 }] : []
    case 'put-back':
      return goal.split
  }
}

/** Whether users may have met the candidate: at an earlier step, or by a write towards `percent`. */
export function hasExposed(policy: Policy, percent: number, sent: boolean): boolean {
  if (percent === 0) return false
  return sent || (policy.plan === 'staged' && policy.ramp.steps.findIndex((step) => step.percent === percent) > 0)
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
