import type { Policy } from '../policy.ts'
import { isSameSplit, standingOf } from '../production.ts'
import { afterHealthyStep } from './soaking.ts'
import { aim, aimAgain, backOffSeconds, check, inspect, mismatch, settle, takenBy, watch } from './steps.ts'
import type { Observation, PhaseOf, RoundsLeft, Step, Subject } from './state.ts'

const UNKNOWN_AGAIN_SECONDS = 5
const INCIDENT_AGAIN_SECONDS = 20

/** Silence is not health: *unknown* spends its own budget, and what is left of it decides nothing. */
export function afterChecks(policy: Policy, phase: PhaseOf<'checking'>, seen: Observation): Step {
  if (seen.kind !== 'checked') throw mismatch(phase, seen)
  switch (seen.verdict) {
    case 'healthy':
      return afterHealthy(policy, phase.subject)
    case 'regressed':
      return afterBad(policy, phase.subject, 'unhealthy')
    case 'unknown':
      if (phase.roundsLeft.unknown === 0) return afterBad(policy, phase.subject, 'unknown')
      return again(policy, phase, 'unknown')
    case 'shared-incident':
      // Rolling back would not help while the baseline fails as well: hold, as long as it may pass.
      if (phase.roundsLeft.incident === 0) return afterBad(policy, phase.subject, 'shared-incident')
      return again(policy, phase, 'incident')
  }
}

/** Checks that decided nothing are repeated, but only on a split that still is ours: somebody may have come. */
function again(policy: Policy, phase: PhaseOf<'checking'>, spent: keyof RoundsLeft): Step {
  const { subject } = phase
  const roundsLeft = { ...phase.roundsLeft, [spent]: phase.roundsLeft[spent] - 1 }
  const afterSeconds = spent === 'unknown' ? UNKNOWN_AGAIN_SECONDS : INCIDENT_AGAIN_SECONDS
  switch (subject.kind) {
    case 'candidate':
      if (policy.plan === 'staged') return aimAgain(policy, { ...subject, kind: 'raise' }, { again: roundsLeft }, afterSeconds)
      break
    case 'baseline':
      return aimAgain(policy, { ...subject, kind: 'restore' }, { again: roundsLeft }, afterSeconds)
    case 'target':
      return aimAgain(policy, { ...subject, kind: 'roll-back' }, { again: roundsLeft }, afterSeconds)
    case 'full-deploy':
      break
  }
  // A full deploy has no split of ours to look for.
  return { phase: { ...phase, roundsLeft }, effect: { kind: 'run-checks', subject, afterSeconds } }
}

function afterHealthy(policy: Policy, subject: Subject): Step {
  switch (subject.kind) {
    case 'candidate':
      return policy.plan === 'staged' ? afterHealthyStep(policy, subject, subject.soaked === true) : settle({ kind: 'promoted' })
    case 'baseline':
      // Stopped before any user met the candidate: nothing went wrong.
      if ((subject.cause === 'held' || subject.cause === 'frozen') && !subject.exposed) return settle({ kind: 'refused', reason: subject.cause })
      return settle({ kind: 'rolled-back', cause: subject.cause })
    case 'target': {
      const { readingsLeft, reassertsLeft } = subject
      if (readingsLeft === 0) return settle({ kind: 'rolled-back', cause: 'by-hand' })
      return watch({ kind: 'watching', readingsLeft, reassertsLeft, readsLeft: policy.tries.read }, watchSeconds(policy))
    }
    case 'full-deploy':
      return settle({ kind: 'promoted' })
  }
}

const CAUSES = { unhealthy: 'check-failed', unknown: 'check-unknown', 'shared-incident': 'shared-incident' } as const

function afterBad(policy: Policy, subject: Subject, how: 'unhealthy' | 'unknown' | 'shared-incident'): Step {
  switch (subject.kind) {
    case 'candidate':
      return aim(policy, {
        kind: 'restore',
        cause: CAUSES[how],
        exposed: subject.percent > 0,
      })
    case 'baseline':
      if (subject.cause === 'shared-incident' || how === 'shared-incident') return settle({ kind: 'stranded', reason: 'shared-incident' })
      return settle({ kind: 'stranded', reason: `baseline-${how}` })
    case 'target':
      return settle({ kind: 'stranded', reason: how === 'unhealthy' ? 'target-unhealthy' : 'target-unknown' })
    case 'full-deploy':
      return settle({ kind: 'stranded', reason: how === 'unhealthy' ? 'full-deploy-unhealthy' : 'full-deploy-unknown' })
  }
}

/** A rollback watches for as long as a deploy that had read before it may still write after it. */
export function afterWatching(policy: Policy, phase: PhaseOf<'watching'>, seen: Observation): Step {
  if (policy.plan !== 'rollback') throw mismatch(phase, seen)
  if (seen.kind === 'unreadable') {
    if (phase.readsLeft === 0) return settle({ kind: 'stranded', reason: 'cloudflare-unavailable' })
    return watch({ ...phase, readsLeft: phase.readsLeft - 1 }, watchSeconds(policy))
  }
  if (seen.kind !== 'production') throw mismatch(phase, seen)
  const standing = standingOf(seen.history, policy.anchor, policy.marker)
  switch (standing.kind) {
    case 'nothing-live':
      return settle({ kind: 'stranded', reason: 'nothing-live' })
    case 'foreign': {
      if (standing.foreign.marker?.command !== 'deploy') return settle({ kind: 'yielded', to: takenBy(standing.foreign) })
      // A deploy that wrote over the target has put it back: what was asked for is live, by another hand.
      if (isSameSplit(standing.foreign.split, [{ versionId: policy.target, percentage: 100 }])) return watchOn(policy, phase)
      if (phase.reassertsLeft === 0) return settle({ kind: 'stranded', reason: 'outpaced' })
      return aim(policy, { kind: 'roll-back', readingsLeft: phase.readingsLeft, reassertsLeft: phase.reassertsLeft - 1 })
    }
    case 'untouched':
    case 'ours':
    case 'overwrote':
      return watchOn(policy, phase)
  }
}

function watchOn(policy: Policy, phase: PhaseOf<'watching'>): Step {
  if (phase.readingsLeft === 0) return settle({ kind: 'rolled-back', cause: 'by-hand' })
  return watch({ ...phase, readingsLeft: phase.readingsLeft - 1 }, watchSeconds(policy))
}

/** `wrangler deploy` has written by itself; only its checks are left to judge. */
export function afterFullDeploy(policy: Policy, phase: PhaseOf<'deploying-fully'>, seen: Observation): Step {
  switch (seen.kind) {
    case 'not-recorded':
      return settle({ kind: 'refused', reason: 'ledger-unavailable' })
    case 'stopped':
      return settle({ kind: 'refused', reason: seen.stop })
    case 'deployed-fully':
      return check(policy, { kind: 'full-deploy', candidate: seen.candidate })
    case 'full-deploy-failed':
      return inspect({ kind: 'inspecting', cause: 'upload-failed', readsLeft: policy.tries.read }, 0)
    case 'uploaded':
    case 'upload-failed':
    case 'production':
    case 'unreadable':
    case 'write-answered':
    case 'checked':
    case 'soaked':
    case 'triggers':
      throw mismatch(phase, seen)
  }
}

/** A full deploy that failed or was cut off: *refused* only if production is seen to be as it was. */
export function afterInspection(policy: Policy, phase: PhaseOf<'inspecting'>, seen: Observation): Step {
  if (seen.kind === 'unreadable' && phase.readsLeft > 0) {
    const retry = policy.tries.read - phase.readsLeft + 1
    return inspect({ ...phase, readsLeft: phase.readsLeft - 1 }, backOffSeconds(retry))
  }
  if (seen.kind === 'unreadable') return settle({ kind: 'stranded', reason: 'cloudflare-unavailable' })
  if (seen.kind !== 'production') throw mismatch(phase, seen)
  const isAsBefore = seen.history[0]?.id === policy.anchor
  return settle(isAsBefore ? { kind: 'refused', reason: phase.cause } : { kind: 'stranded', reason: 'full-deploy-failed' })
}

function watchSeconds(policy: Policy): number {
  return policy.plan === 'rollback' ? policy.watchIntervalSeconds : 0
}
