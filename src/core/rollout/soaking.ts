import type { Advice } from '../analysis/advice.ts'
import type { Cause } from '../ending.ts'
import type { VersionId } from '../ids.ts'
import type { Ramp, StagedPolicy } from '../policy.ts'
import { LONGEST_LAG_SECONDS, nextStep, stepAt } from '../ramp.ts'
import { aim, aimAgain, check, mismatch, settle } from './steps.ts'
import type { Steering } from '../steering.ts'
import type { Observation, PhaseOf, Soak, Step } from './state.ts'

/** Where the candidate is, and with how much. */
interface Place {
  readonly candidate: VersionId
  readonly percent: number
}

/** What follows healthy checks: the soak, if this step has one or the next one wants a person's yes; else the next step. */
export function afterHealthyStep(policy: StagedPolicy, place: Place, isSoaked: boolean): Step {
  const isWatched = (stepAt(policy.ramp, place.percent)?.soakSeconds ?? 0) > 0
  const isAwaited = nextStep(policy.ramp, place.percent)?.approval === true
  if (isSoaked || (!isWatched && !isAwaited)) return goOn(policy, place)
  return soak(place, { pollsLeft: mostPolls(policy.ramp, place.percent), paused: false, approved: false })
}

/** A person paused when the next step was about to begin: whatever it had wanted was there. */
export function keepPaused({ ramp }: StagedPolicy, place: Place): Step {
  return soak(place, { pollsLeft: mostPolls(ramp, place.percent), paused: true, approved: true })
}

export function soak({ candidate, percent }: Place, left: Soak): Step {
  return { phase: { kind: 'soaking', candidate, percent, soak: left }, effect: { kind: 'soak', candidate, percent, isPaused: left.paused, isApproved: left.approved } }
}

/** Proof of harm, a person's abort and the deadline come first; nothing that anybody says goes forward over them. */
export function afterSoaking(policy: StagedPolicy, phase: PhaseOf<'soaking'>, seen: Observation): Step {
  if (seen.kind !== 'soaked') throw mismatch(phase, seen)
  const { percent } = phase
  const back = (cause: Cause): Step => aim(policy, { kind: 'restore', cause, exposed: percent > 0 })
  if (seen.advice === 'restore') return back('regressed')
  if (seen.steering === 'abort') return back('aborted')
  if (percent === 100) return afterWatch(policy, phase, seen.advice)
  if (seen.isOverdue) return back(CAUSE_AT_DEADLINE[seen.advice])
  if (seen.steering === 'promote') return leave(policy, phase)
  const left = steered(phase.soak, seen.steering)
  if (isReady(policy, percent, { left, advice: seen.advice })) return leave(policy, phase)
  if (seen.advice === 'undecided' && !left.paused && policy.ramp.whenInconclusive === 'rollback') return back('inconclusive')
  return left.pollsLeft > 0 ? lookAgain(policy, phase, left) : back(CAUSE_AT_DEADLINE[seen.advice])
}

/**
 * The watch after promotion only ever looks for harm, and has found none so far. Everybody has the candidate: the
 * deadline was for getting there, and of what people say only an abort still means something.
 */
function afterWatch(policy: StagedPolicy, phase: PhaseOf<'soaking'>, advice: Advice): Step {
  const isOver = advice === 'advance' || advice === 'undecided' || phase.soak.pollsLeft === 0
  return isOver ? goOn(policy, phase) : lookAgain(policy, phase, phase.soak)
}

/** Before the next look production is read: somebody may have deployed in the meantime. */
function lookAgain(policy: StagedPolicy, { candidate, percent }: Place, left: Soak): Step {
  return aimAgain(policy, { kind: 'raise', candidate, percent }, { soak: { ...left, pollsLeft: left.pollsLeft - 1 } }, 0)
}

const CAUSE_AT_DEADLINE = { advance: 'deadline', wait: 'deadline', undecided: 'inconclusive', hold: 'shared-incident' } as const

function isReady({ ramp }: StagedPolicy, percent: number, { left, advice }: { readonly left: Soak; readonly advice: Advice }): boolean {
  if (left.paused) return false
  if (nextStep(ramp, percent)?.approval === true && !left.approved) return false
  return advice === 'advance' || (advice === 'undecided' && ramp.whenInconclusive === 'promote')
}

function steered(left: Soak, steering: Steering | undefined): Soak {
  switch (steering) {
    case 'pause':
      return { ...left, paused: true }
    case 'resume':
      return { ...left, paused: false }
    case 'approve':
      return { ...left, approved: true }
    case 'promote':
    case 'abort':
    case undefined:
      return left
  }
}

/** The checks once more, since a soak is long. */
function leave(policy: StagedPolicy, { candidate, percent }: Place): Step {
  return check(policy, { kind: 'candidate', candidate, percent, soaked: true })
}

function goOn(policy: StagedPolicy, { candidate, percent }: Place): Step {
  const next = nextStep(policy.ramp, percent)
  if (next !== undefined) return aim(policy, { kind: 'raise', percent: next.percent, candidate })
  if (!policy.applyTriggers) return settle({ kind: 'promoted' })
  return { phase: { kind: 'applying-triggers', candidate }, effect: { kind: 'apply-triggers' } }
}

/** More looks than there is time for; the clock ends a soak, this number only bounds it. */
function mostPolls(ramp: Ramp, percent: number): number {
  const watchSeconds = (stepAt(ramp, percent)?.soakSeconds ?? 0) + LONGEST_LAG_SECONDS
  return Math.ceil((percent === 100 ? watchSeconds : ramp.deadlineSeconds) / ramp.pollSeconds)
}
