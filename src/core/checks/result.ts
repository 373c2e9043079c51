import { z } from 'zod'

/** What stood between the probe and the Worker: a person must make way, the candidate is not to blame. */
export const blockerSchema = z.enum(['challenge', 'access', 'firewall', 'cdn-cache'])
export type Blocker = z.infer<typeof blockerSchema>

/**
 * What one attempt of a check saw. `isProven`: the answer carried proof of the wanted version, or the check is
 * declared `proof: none` and nobody asks for it. `isDefinite`: asking again would not change it.
 */
export type Attempt =
  | { readonly kind: 'passed'; readonly answeredBy: string }
  /** Met every expectation; declared `proof: none`, or about what surrounds the Worker, which knows no version. */
  | { readonly kind: 'unproven'; readonly about?: 'surroundings' }
  /** Met every expectation, but nothing in it says which version answered. */
  | { readonly kind: 'no-proof'; readonly seen: string }
  | { readonly kind: 'failed'; readonly expectation: string; readonly seen: string; readonly isProven: boolean; readonly isDefinite?: boolean }
  | { readonly kind: 'wrong-version'; readonly answeredBy: string }
  /** Not ready yet and saying so: 503 with Retry-After (`hasAnswered`), or a refused connection. */
  | { readonly kind: 'starting'; readonly seen: string; readonly hasAnswered: boolean; readonly isProven: boolean }
  /** No way to the host: says nothing about any version. */
  | { readonly kind: 'unreachable'; readonly seen: string }
  | { readonly kind: 'blocked'; readonly by: Blocker; readonly remedy: string }

export const unknownReasonSchema = z.enum(['no-proof', 'wrong-version', 'unreachable', 'not-ready', 'cut-off'])
export type UnknownReason = z.infer<typeof unknownReasonSchema>

/** What all attempts of one check came to. */
export const outcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('passed'), answeredBy: z.string() }),
  z.object({ kind: z.literal('unproven'), about: z.literal('surroundings').optional() }),
  z.object({ kind: z.literal('failed'), expectation: z.string(), seen: z.string(), isProven: z.boolean() }),
  z.object({ kind: z.literal('unknown'), reason: unknownReasonSchema, seen: z.string() }),
  z.object({ kind: z.literal('blocked'), by: blockerSchema, remedy: z.string() }),
])
export type CheckOutcome = z.infer<typeof outcomeSchema>

/** One check's result on one version: plain data for the journal, the ledger and the report. */
export const checkResultSchema = z.object({
  name: z.string(),
  /** Present when this is one part of a check: the check's own name. */
  partOf: z.string().optional(),
  /** Its failure is told and blamed on nobody. */
  isOptional: z.boolean().optional(),
  /** What was asked, e.g. `GET https://example.com/healthz`. */
  target: z.string(),
  outcome: outcomeSchema,
  attempts: z.number().int().nonnegative(),
  /** Attempts that failed; above 0 on a check that passed, the check is flaky. */
  failedAttempts: z.number().int().nonnegative(),
  /** A figure to compare over time, with its unit, such as `12 ms`. */
  observed: z.string().optional(),
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  /** From the first attempt's start to the last one's end, pauses included. */
  durationMs: z.number().nonnegative(),
  /** How long the last attempt took. */
  answerMs: z.number().nonnegative(),
})
export type CheckResult = z.infer<typeof checkResultSchema>

/** Whether users (and this rollout) may rely on it. */
export function isGood(outcome: CheckOutcome): boolean {
  return outcome.kind === 'passed' || outcome.kind === 'unproven'
}

/** Whether a result speaks against the version: an optional part never does. */
export function isInTheWay({ outcome, isOptional }: CheckResult): boolean {
  return isOptional !== true && !isGood(outcome)
}

/** Flaky is a state of its own: it passed, but only after failures. */
export function isFlaky(result: CheckResult): boolean {
  return isGood(result.outcome) && result.failedAttempts > 0
}

/** Whether these results, the baseline's in preflight, show that its answers carry proof of its version. */
export function provesItself(results: readonly CheckResult[]): boolean {
  return results.some(({ outcome }) => outcome.kind === 'passed')
}
