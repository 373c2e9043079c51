import { pauseAfter, type Patience } from './attempts.ts'
import type { Attempt } from './result.ts'

/**
 * Whether the wanted version answers at all yet. A split that was just written reaches Cloudflare's locations
 * one by one, so the first checks count only after several answers in a row came from the wanted version.
 */
export interface Readiness {
  readonly startedAtMs: number
  readonly attempts: number
  readonly proofsInARow: number
  /** Answers in a row that no version gave proof of, or that something in front of the Worker gave. */
  readonly strangersInARow: number
}

export type ReadinessStep =
  | { readonly kind: 'again'; readonly readiness: Readiness; readonly pauseMs: number }
  | { readonly kind: 'ready' }
  /** Asking longer would not tell more: let the checks themselves find out what it is. */
  | { readonly kind: 'unclear' }
  | { readonly kind: 'not-ready'; readonly attempts: number; readonly seen: string }

/** Once the first proof was seen, the next ones are asked for at this pace. */
const PACE_MS = 500

export function beginReadiness(startedAtMs: number): Readiness {
  return { startedAtMs, attempts: 0, proofsInARow: 0, strangersInARow: 0 }
}

export function afterReadinessAttempt(
  rules: { readonly patience: Patience; readonly proofsWanted: number },
  before: Readiness,
  attempt: Attempt,
  nowMs: number,
): ReadinessStep {
  const { patience, proofsWanted } = rules
  const readiness = count(before, attempt)
  if (readiness.proofsInARow >= proofsWanted) return { kind: 'ready' }
  if (readiness.strangersInARow >= strangersToStop(attempt, patience)) return { kind: 'unclear' }
  const pauseMs = readiness.proofsInARow > 0 ? PACE_MS : pauseAfter(patience, readiness.attempts)
  if (nowMs + pauseMs < readiness.startedAtMs + patience.deadlineMs) return { kind: 'again', readiness, pauseMs }
  return { kind: 'not-ready', attempts: readiness.attempts, seen: describe(attempt) }
}

function count(before: Readiness, attempt: Attempt): Readiness {
  const counted = { ...before, attempts: before.attempts + 1, proofsInARow: 0, strangersInARow: 0 }
  if (isProof(attempt)) return { ...counted, proofsInARow: before.proofsInARow + 1 }
  const isStranger = attempt.kind === 'failed' || attempt.kind === 'no-proof' || attempt.kind === 'blocked'
  return isStranger ? { ...counted, strangersInARow: before.strangersInARow + 1 } : counted
}

function isProof(attempt: Attempt): boolean {
  if (attempt.kind === 'failed' || attempt.kind === 'starting') return attempt.isProven
  return attempt.kind === 'passed'
}

function strangersToStop(attempt: Attempt, patience: Patience): number {
  if (attempt.kind === 'blocked') return 2
  return attempt.kind === 'no-proof' ? patience.noProofsToStop : patience.unprovenFailuresToFail
}

function describe(attempt: Attempt): string {
  switch (attempt.kind) {
    case 'wrong-version':
      return `the last answer came from ${attempt.answeredBy}`
    case 'passed':
    case 'unproven':
      return 'not enough answers in a row came from it'
    case 'failed':
    case 'no-proof':
    case 'starting':
    case 'unreachable':
      return attempt.seen
    case 'blocked':
      return attempt.remedy
  }
}
