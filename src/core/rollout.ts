import type { Cause } from './ending.ts'
import type { Policy, RollbackPolicy, StagedPolicy } from './policy.ts'
import { afterChecks, afterFullDeploy, afterInspection, afterWatching } from './rollout/judging.ts'
import { afterSoaking } from './rollout/soaking.ts'
import { afterReading, afterWriting } from './rollout/shifting.ts'
import { aim, backOffSeconds, hasExposed, inspect, maySent, mismatch, settle } from './rollout/steps.ts'
import type { Goal, Observation, Phase, PhaseOf, Step } from './rollout/state.ts'

/** The first step of a rollout whose gate and preflight have passed. */
export function begin(policy: Policy): Step {
  switch (policy.plan) {
    case 'staged':
      return { phase: { kind: 'uploading', triesLeft: policy.tries.upload - 1 }, effect: { kind: 'upload', afterSeconds: 0 } }
    case 'full':
      return { phase: { kind: 'deploying-fully' }, effect: { kind: 'deploy-fully' } }
    case 'rollback':
      return aim(policy, rollBackGoal(policy))
  }
}

/** The first step of whoever finishes a rollout that was cut off in `phase`. Idempotent. */
export function resume(policy: Policy, phase: Phase, cause: Extract<Cause, 'cancelled' | 'run-died'>): Step {
  if (phase.kind === 'settled') return settle(phase.ending)
  if (phase.kind === 'applying-triggers') return settle({ kind: 'stranded', reason: 'triggers-unknown' })
  switch (policy.plan) {
    case 'staged':
      return resumeStaged(policy, phase, cause)
    case 'full':
      return inspect({ kind: 'inspecting', cause, readsLeft: policy.tries.read }, 0)
    case 'rollback':
      return aim(policy, rollBackGoal(policy))
  }
}

/** Total over every phase and every observation that its effect can have; a mismatch is a bug and throws. */
export function next(policy: Policy, phase: Phase, seen: Observation): Step {
  switch (phase.kind) {
    case 'uploading':
      return afterUpload(policy, phase, seen)
    case 'reading':
      return afterReading(policy, phase, seen)
    case 'writing':
      return afterWriting(policy, phase, seen)
    case 'checking':
      return afterChecks(policy, phase, seen)
    case 'soaking':
      if (policy.plan !== 'staged') throw mismatch(phase, seen)
      return afterSoaking(policy, phase, seen)
    case 'applying-triggers':
      if (seen.kind !== 'triggers') throw mismatch(phase, seen)
      return settle(seen.applied ? { kind: 'promoted' } : { kind: 'stranded', reason: 'triggers-failed' })
    case 'deploying-fully':
      return afterFullDeploy(policy, phase, seen)
    case 'inspecting':
      return afterInspection(policy, phase, seen)
    case 'watching':
      return afterWatching(policy, phase, seen)
    case 'settled':
      throw mismatch(phase, seen)
  }
}

function resumeStaged(policy: StagedPolicy, phase: Phase, cause: Cause): Step {
  switch (phase.kind) {
    case 'reading':
    case 'writing':
      if (phase.goal.kind === 'raise') {
        const sent = phase.kind === 'writing' || maySent(phase.lastWrite)
        return aim(policy, { kind: 'restore', cause, exposed: hasExposed(policy, phase.goal.percent, sent) }, sent)
      }
      return aim(policy, phase.goal)
    case 'checking':
      if (phase.subject.kind === 'baseline') return aim(policy, { ...phase.subject, kind: 'restore' })
      return aim(policy, { kind: 'restore', cause, exposed: phase.subject.kind === 'candidate' && phase.subject.percent > 0 })
    case 'soaking':
      return aim(policy, { kind: 'restore', cause, exposed: phase.percent > 0 })
    case 'uploading':
      return settle({ kind: 'refused', reason: cause })
    case 'deploying-fully':
    case 'inspecting':
    case 'watching':
    case 'applying-triggers':
    case 'settled':
      throw new Error(`a staged rollout is never ${phase.kind} here`)
  }
}

function rollBackGoal(policy: RollbackPolicy): Goal {
  return { kind: 'roll-back', readingsLeft: policy.watchReadings, reassertsLeft: policy.tries.reassert }
}

function afterUpload(policy: Policy, phase: PhaseOf<'uploading'>, seen: Observation): Step {
  if (seen.kind === 'not-recorded') return settle({ kind: 'refused', reason: 'ledger-unavailable' })
  if (seen.kind === 'uploaded') return aim(policy, { kind: 'raise', percent: 0, candidate: seen.candidate })
  if (seen.kind !== 'upload-failed') throw mismatch(phase, seen)
  // A version without traffic harms nobody, so an upload of unknown outcome may simply be repeated.
  if (!seen.retriable || phase.triesLeft === 0) return settle({ kind: 'refused', reason: 'upload-failed' })
  return {
    phase: { kind: 'uploading', triesLeft: phase.triesLeft - 1 },
    effect: { kind: 'upload', afterSeconds: backOffSeconds(policy.tries.upload - phase.triesLeft) },
  }
}

