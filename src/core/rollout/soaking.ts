import type { Cause } from '../ending.ts'
import type { VersionId } from '../ids.ts'
import type { Ramp, StagedPolicy } from '../policy.ts'
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
  return soak(place, { pollsLeft: mostPolls(policy.ramp), paused: false, approved: false })
}

export function soak({ candidate, percent }: Place, left: Soak): Step {
  return { phase: { kind: 'soaking', candidate, percent, soak: left }, effect: { kind: 'soak', candidate, percent, isPaused: left.paused, isApproved: left.approved } }
}

/** Proof of harm and a person's abort come first; nothing that anybody says goes forward over them. */
export function afterSoaking(policy: StagedPolicy, phase: PhaseOf<'soaking'>, seen: Observation): Step {
  if (seen.kind !== 'soaked') throw mismatch(phase, seen)
  const { candidate, percent } = phase
  const back = (cause: Cause): Step => aim(policy, { kind: 'restore', cause, exposed: percent > 0 })
  if (seen.advice === 'restore') return back('regressed')
  if (seen.steering === 'abort') return back('aborted')
  if (seen.steering === 'promote') return leave(policy, phase)
  const left = steered(phase.soak, seen.steering)
  if (isReady(policy, phase, { left, advice: seen.advice })) return leave(policy, phase)
  if (seen.advice === 'undecided' && !left.paused && policy.ramp.whenInconclusive === 'rollback') return back('inconclusive')
  if (!seen.isOverdue && left.pollsLeft > 0) {
    // Before the next look: somebody may have deployed, or held deploys, in the meantime.
    return aimAgain(policy, { kind: 'raise', candidate, percent }, { soak: { ...left, pollsLeft: left.pollsLeft - 1 } }, 0)
  }
  // The watch after promotion only ever looks for harm: it has found none.
  if (percent === 100) return goOn(policy, phase)
  return back(CAUSE_AT_DEADLINE[seen.advice])
}

const CAUSE_AT_DEADLINE = { advance: 'deadline', wait: 'deadline', undecided: 'inconclusive', hold: 'shared-incident' } as const

function isReady({ ramp }: StagedPolicy, { percent }: Place, { left, advice }: { readonly left: Soak; readonly advice: string }): boolean {
  if (left.paused) return false
  if (nextStep(ramp, percent)?.approval === true && !left.approved) return false
  return advice === 'advance' || (advice === 'undecided' && (ramp.whenInconclusive === 'promote' || percent === 100))
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

/** The checks once more, since a soak is long; at 100 % what follows is the end, and the checks have passed there. */
function leave(policy: StagedPolicy, { candidate, percent }: Place): Step {
  if (percent === 100) return goOn(policy, { candidate, percent })
  return check(policy, { kind: 'candidate', candidate, percent, soaked: true })
}

function goOn(policy: StagedPolicy, { candidate, percent }: Place): Step {
  const next = nextStep(policy.ramp, percent)
  if (next !== undefined) return aim(policy, { kind: 'raise', percent: next.percent, candidate })
  if (!policy.applyTriggers) return settle({ kind: 'promoted' })
  return { phase: { kind: 'applying-triggers', candidate }, effect: { kind: 'apply-triggers' } }
}

export function stepAt({ steps }: Ramp, percent: number): Ramp['steps'][number] | undefined {
  return steps.find((step) => step.percent === percent)
}

export function nextStep({ steps }: Ramp, percent: number): Ramp['steps'][number] | undefined {
  return steps.find((step) => step.percent > percent)
}

/** More looks than the deadline has room for; the clock ends a soak, this number only bounds it. */
function mostPolls({ deadlineSeconds, pollSeconds }: Ramp): number {
  return Math.ceil(deadlineSeconds / pollSeconds)
}
