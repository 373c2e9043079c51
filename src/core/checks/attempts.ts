import type { Attempt, CheckOutcome } from './result.ts'
import { worstOf, type Seen } from './seen.ts'

/** How long and how often one check is tried before its outcome stands. */
export interface Patience {
  /** From the first attempt. */
  readonly deadlineMs: number
  /** Failing answers, proven to be the wanted version's, before the check has failed. */
  readonly failuresToFail: number
  /** Failing answers without proof: a crashed Worker gives none, but neither does an old version. */
  readonly unprovenFailuresToFail: number
  /** Good answers without proof before asking on is pointless. */
  readonly noProofsToStop: number
  readonly firstPauseMs: number
  readonly longestPauseMs: number
}

/** Attempts so far; plain data. */
export interface Trial {
  readonly startedAtMs: number
  readonly attempts: number
  readonly failures: number
  readonly unprovenFailures: number
  readonly noProofs: number
  readonly blocks: number
  /** Failing answers of the check itself (under the empty name) and of each part, by its name. */
  readonly failuresOf: Readonly<Record<string, number>>
  readonly lastFailure?: Extract<Attempt, { kind: 'failed' }>
}

export type TrialStep =
  | { readonly kind: 'again'; readonly trial: Trial; readonly pauseMs: number }
  /** `outcome` is the check's own; each part has one of its own. */
  | { readonly kind: 'done'; readonly trial: Trial; readonly outcome: CheckOutcome; readonly parts: readonly PartOutcome[] }

export interface PartOutcome {
  readonly name: string
  readonly outcome: CheckOutcome
  readonly observed?: string
  readonly isOptional?: boolean
}

/** A challenge is no passing fault, and a cached answer may be: asked twice. */
const BLOCKS_TO_STOP = 2

/**
 * The patience that a round of checks deserves. A version that is being propagated is waited for until the
 * deadline (Cloudflare says seconds, users have seen two minutes), unless the baseline is known to give
 * proof: then an answer without proof is not the baseline's, and a few of them are enough.
 */
export function patienceFor(round: {
  readonly deadlineMs: number
  readonly isPropagating: boolean
  readonly doesBaselineProve: boolean
}): Patience {
  const mayBeAnother = round.isPropagating && !round.doesBaselineProve
  return {
    deadlineMs: round.deadlineMs,
    failuresToFail: 2,
    unprovenFailuresToFail: mayBeAnother ? Number.POSITIVE_INFINITY : 4,
    noProofsToStop: round.isPropagating ? Number.POSITIVE_INFINITY : 3,
    firstPauseMs: 500,
    longestPauseMs: 5000,
  }
}

export function beginTrial(startedAtMs: number): Trial {
  return { startedAtMs, attempts: 0, failures: 0, unprovenFailures: 0, noProofs: 0, blocks: 0, failuresOf: {} }
}

/** Decides after each attempt: ask again after a pause, or done with an outcome. */
export function afterAttempt(patience: Patience, before: Trial, seen: Seen, nowMs: number): TrialStep {
  const worst = worstOf(seen)
  const trial = countEach(count(before, worst), seen)
  const pauseMs = pauseAfter(patience, trial.attempts)
  const isLast = nowMs + pauseMs >= trial.startedAtMs + patience.deadlineMs
  const decided = isLast ? outcomeAtDeadline(patience, trial, worst) : outcomeBefore(patience, trial, worst)
  if (decided === undefined) return { kind: 'again', trial, pauseMs }
  const outcomeOf = (attempt: Attempt): CheckOutcome => {
    if (attempt === worst) return decided
    if (attempt.kind === 'starting' && !isLast) return { kind: 'unknown', reason: 'not-ready', seen: attempt.seen }
    return outcomeAtDeadline(patience, trial, attempt)
  }
  const parts = seen.parts.map(({ attempt, ...part }) => ({ ...part, outcome: outcomeOf(attempt) }))
  return { kind: 'done', trial, outcome: outcomeOf(seen.own), parts }
}

/** The pause doubles from attempt to attempt up to the longest. */
export function pauseAfter(patience: Patience, attempts: number): number {
  return Math.min(patience.firstPauseMs * 2 ** Math.max(attempts - 1, 0), patience.longestPauseMs)
}

/** An outcome for a check that was stopped from outside before it had one. */
export function cutOff(seen: string): CheckOutcome {
  return { kind: 'unknown', reason: 'cut-off', seen }
}

function countEach(trial: Trial, { own, parts }: Seen): Trial {
  const failing = [{ name: '', attempt: own }, ...parts].filter(({ attempt }) => attempt.kind === 'failed')
  const counted = failing.map(({ name }): [string, number] => [name, (trial.failuresOf[name] ?? 0) + 1])
  return { ...trial, failuresOf: { ...trial.failuresOf, ...Object.fromEntries(counted) } }
}

function count(trial: Trial, attempt: Attempt): Trial {
  const counted = { ...trial, attempts: trial.attempts + 1 }
  switch (attempt.kind) {
    case 'failed':
      return attempt.isProven
        ? { ...counted, failures: trial.failures + 1, lastFailure: attempt }
        : { ...counted, unprovenFailures: trial.unprovenFailures + 1, lastFailure: attempt }
    case 'no-proof':
      return { ...counted, noProofs: trial.noProofs + 1 }
    case 'blocked':
      return { ...counted, blocks: trial.blocks + 1 }
    case 'passed':
    case 'unproven':
    case 'wrong-version':
    case 'starting':
    case 'unreachable':
      return counted
  }
}

/** What an attempt settles at once; `undefined`: there is time to ask again. */
function outcomeBefore(patience: Patience, trial: Trial, attempt: Attempt): CheckOutcome | undefined {
  switch (attempt.kind) {
    case 'passed':
    case 'unproven':
      return attempt
    case 'failed': {
      if (attempt.isDefinite === true) return failure(attempt)
      const isRepeated = attempt.isProven
        ? trial.failures >= patience.failuresToFail
        : trial.unprovenFailures >= patience.unprovenFailuresToFail
      return isRepeated ? failure(attempt) : undefined
    }
    case 'no-proof':
      return trial.noProofs >= patience.noProofsToStop ? outcomeAtDeadline(patience, trial, attempt) : undefined
    case 'blocked':
      return trial.blocks >= BLOCKS_TO_STOP ? attempt : undefined
    case 'wrong-version':
    case 'starting':
    case 'unreachable':
      return undefined
  }
}

function outcomeAtDeadline(patience: Patience, trial: Trial, attempt: Attempt): CheckOutcome {
  switch (attempt.kind) {
    case 'passed':
    case 'unproven':
    case 'blocked':
      return attempt
    case 'failed':
      return failure(attempt)
    case 'no-proof':
      return { kind: 'unknown', reason: 'no-proof', seen: attempt.seen }
    case 'wrong-version':
      return { kind: 'unknown', reason: 'wrong-version', seen: `every answer until the deadline came from ${attempt.answeredBy}` }
    case 'starting':
      return startingAtDeadline(attempt)
    case 'unreachable': {
      const failures = trial.failures + trial.unprovenFailures
      // A last request that found no way, or no time, does not undo what the ones before it saw.
      if (trial.lastFailure !== undefined && failures >= patience.failuresToFail) return failure(trial.lastFailure)
      return { kind: 'unknown', reason: 'unreachable', seen: attempt.seen }
    }
  }
}

/** A Worker that says "not yet" until the deadline has failed; a refused connection says nothing about it. */
function startingAtDeadline(attempt: Extract<Attempt, { kind: 'starting' }>): CheckOutcome {
  if (!attempt.hasAnswered) return { kind: 'unknown', reason: 'unreachable', seen: attempt.seen }
  return { kind: 'failed', expectation: 'to be ready by the deadline', seen: attempt.seen, isProven: attempt.isProven }
}

function failure({ kind, expectation, seen, isProven }: Extract<Attempt, { kind: 'failed' }>): CheckOutcome {
  return { kind, expectation, seen, isProven }
}
