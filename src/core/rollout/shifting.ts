import type { Cause } from '../ending.ts'
import { isSameMarker } from '../marker.ts'
import type { Policy } from '../policy.ts'
import { isSameSplit, standingOf, type History } from '../production.ts'
import { percentBefore } from '../ramp.ts'
import { keepPaused, soak } from './soaking.ts'
import { aim, backOffSeconds, check, hasExposed, maySent, mismatch, read, settle, splitFor, takenBy } from './steps.ts'
import type { Observation, PhaseOf, Step } from './state.ts'

const LONGEST_THROTTLE_SECONDS = 60
/** Readings, after the first, that a write may be missing from before it counts as not there; 7 s in all. */
const LATE_READS = 3

/** Compares what is live with the goal: reached, to be written, or somebody else's. */
export function afterReading(policy: Policy, phase: PhaseOf<'reading'>, seen: Observation): Step {
  if (seen.kind === 'unreadable') {
    if (phase.readsLeft === 0) return giveUp(policy, phase, 'cloudflare-unavailable')
    return read({ ...phase, readsLeft: phase.readsLeft - 1 }, backOffSeconds(policy.tries.read - phase.readsLeft + 1))
  }
  if (seen.kind !== 'production') throw mismatch(phase, seen)
  const live = seen.history[0]
  if (live === undefined) return settle({ kind: 'stranded', reason: 'nothing-live' })
  switch (phase.goal.kind) {
    case 'raise':
    case 'restore':
      return afterReadingOwn(policy, phase, seen)
    case 'roll-back':
      return afterReadingForRollback(policy, phase, seen.history)
    case 'put-back': {
      const done = isSameSplit(live.split, phase.goal.split) || !isSameMarker(live.marker, policy.marker)
      return done ? settle({ kind: 'yielded', to: phase.goal.to }) : write(policy, phase, seen.history)
    }
  }
}

function afterReadingOwn(policy: Policy, phase: PhaseOf<'reading'>, seen: Extract<Observation, { kind: 'production' }>): Step {
  const { goal } = phase
  const standing = standingOf(seen.history, policy.anchor, policy.marker)
  switch (standing.kind) {
    case 'nothing-live':
      return settle({ kind: 'stranded', reason: 'nothing-live' })
    case 'foreign':
      return settle({ kind: 'yielded', to: takenBy(standing.foreign) })
    case 'overwrote':
      return aim(policy, { kind: 'put-back', split: [...standing.foreign.split], to: takenBy(standing.foreign) })
    case 'untouched':
      // What was sent may land yet, and then nothing was refused.
      if (goal.kind === 'restore') return (maySent(phase.lastWrite) ? readLater(policy, phase) : undefined) ?? settle({ kind: 'refused', reason: goal.cause })
      break
    case 'ours':
      if (isSameSplit(standing.live.split, splitFor(policy, goal)) && !isStoppedAgain(phase, seen)) return landed(policy, phase)
  }
  if (goal.kind === 'raise' && seen.stop !== undefined) return retreat(policy, phase, seen.stop)
  if (goal.kind === 'raise' && seen.isPaused && policy.plan === 'staged') return keepPaused(policy, { ...goal, percent: percentBefore(policy.ramp, goal.percent) })
  return write(policy, phase, seen.history)
}

/** What stops a rollout while checks are undecided: nothing more is awaited. */
function isStoppedAgain({ goal, again }: PhaseOf<'reading'>, { stop }: Extract<Observation, { kind: 'production' }>): boolean {
  return stop !== undefined && again !== undefined && goal.kind === 'raise'
}

function landed(policy: Policy, { goal, again, soak: soaking }: PhaseOf<'reading'>): Step {
  switch (goal.kind) {
    case 'raise':
      if (soaking !== undefined) return soak(goal, soaking)
      return check(policy, { ...goal, kind: 'candidate' }, again)
    case 'restore':
      return check(policy, { kind: 'baseline', cause: goal.cause, exposed: goal.exposed }, again)
    case 'roll-back':
      return check(policy, { kind: 'target', readingsLeft: goal.readingsLeft, reassertsLeft: goal.reassertsLeft }, again)
    case 'put-back':
      return settle({ kind: 'yielded', to: goal.to })
  }
}

/** A person's rollback outranks deploys: it writes over theirs, and yields to everybody else. */
function afterReadingForRollback(policy: Policy, phase: PhaseOf<'reading'>, history: History): Step {
  const standing = standingOf(history, policy.anchor, policy.marker)
  if (standing.kind === 'foreign' && standing.foreign.marker?.command !== 'deploy') {
    return settle({ kind: 'yielded', to: takenBy(standing.foreign) })
  }
  const isThere = history[0] !== undefined && isSameSplit(history[0].split, splitFor(policy, phase.goal))
  return isThere ? landed(policy, phase) : write(policy, phase, history)
}

function write(policy: Policy, phase: PhaseOf<'reading'>, history: History): Step {
  const split = splitFor(policy, phase.goal)
  // Cloudflare took it and does not list it yet: written again at once, it would be two writes for one step.
  const isLate = phase.lastWrite === 'accepted' && !history.some((entry) => isSameMarker(entry.marker, policy.marker) && isSameSplit(entry.split, split))
  const later = isLate ? readLater(policy, phase) : undefined
  if (later !== undefined) return later
  if (phase.writesLeft === 0) return giveUp(policy, phase, phase.lastWrite === 'rejected' ? 'write-rejected' : 'cloudflare-unavailable')
  const { goal } = phase
  const direction = goal.kind === 'raise' ? 'forward' : 'back'
  // Secrets changed since (10220): this rollout's own baseline was live minutes ago, so going back is always forced.
  const force = policy.plan === 'rollback' ? policy.force : direction === 'back'
  return {
    phase: { ...phase, kind: 'writing', readsLeft: policy.tries.read, writesLeft: phase.writesLeft - 1 },
    effect: { kind: 'write-split', split, direction, force },
  }
}

/** Once more, until what was written should be listed; `undefined` when that time is over. */
function readLater(policy: Policy, phase: PhaseOf<'reading'>): Step | undefined {
  const retry = policy.tries.read - phase.readsLeft + 1
  if (phase.readsLeft === 0 || retry > LATE_READS) return undefined
  return read({ ...phase, readsLeft: phase.readsLeft - 1 }, backOffSeconds(retry))
}

/** Whatever was answered, only reading back tells what is live. */
export function afterWriting(policy: Policy, phase: PhaseOf<'writing'>, seen: Observation): Step {
  const reading = { ...phase, kind: 'reading' } as const
  if (seen.kind === 'not-recorded') return retreat(policy, reading, 'ledger-unavailable')
  if (seen.kind !== 'write-answered') throw mismatch(phase, seen)
  const pauseSeconds = backOffSeconds(policy.tries.write - phase.writesLeft)
  switch (seen.answer) {
    case 'accepted':
      return read({ ...reading, lastWrite: 'accepted' }, 0)
    case 'rejected':
      if (phase.goal.kind === 'raise') return retreat(policy, reading, 'write-rejected')
      return read({ ...reading, lastWrite: 'rejected' }, pauseSeconds)
    case 'unanswered': {
      const throttleSeconds = Math.min(seen.retryAfterSeconds ?? 0, LONGEST_THROTTLE_SECONDS)
      return read({ ...reading, lastWrite: 'sent' }, Math.max(pauseSeconds, throttleSeconds))
    }
  }
}

function giveUp(policy: Policy, phase: PhaseOf<'reading'>, why: 'cloudflare-unavailable' | 'write-rejected'): Step {
  return phase.goal.kind === 'raise' ? retreat(policy, phase, why) : settle({ kind: 'stranded', reason: why })
}

/** Leaves a raise: nothing was sent yet, or the baseline must come back. */
function retreat(policy: Policy, phase: PhaseOf<'reading'>, cause: Cause): Step {
  if (phase.goal.kind !== 'raise') return settle({ kind: 'stranded', reason: 'cloudflare-unavailable' })
  const sent = maySent(phase.lastWrite)
  if (phase.goal.percent === 0 && !sent) return settle({ kind: 'refused', reason: cause })
  return aim(policy, { kind: 'restore', cause, exposed: hasExposed(policy, phase.goal.percent, sent) }, sent)
}
