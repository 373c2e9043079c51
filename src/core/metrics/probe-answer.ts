import type { HttpAnswer, HttpFacts } from '../checks/answer.ts'
import { blockerOf } from '../checks/blocked.ts'
import { parseDocument } from '../checks/expectations.ts'
import { readProof, type ProofSpec } from '../checks/proof.ts'

/** What one probe of one version came to. `durationMs` is infinite where it was waited for in vain. */
export type ProbeMeaning =
  /** The version that was asked for said so itself. */
  | { readonly kind: 'proven'; readonly isFailure: boolean; readonly durationMs: number }
  /** It failed, and who answered cannot be told: a Worker that crashes gives no proof. */
  | { readonly kind: 'unproven-failure'; readonly hasAnswered: boolean; readonly seen: string; readonly durationMs?: number }
  /** Somebody else's answer, or nobody's: neither a pass nor a failure of the version that was asked for. */
  | { readonly kind: 'stray'; readonly seen: string }
  | { readonly kind: 'stopped' }

/** RFC 9110, 15.6: the server failed. What is below is an answer of a Worker that works. */
const LEAST_FAILURE = 500
const THROTTLED = 429

export function meaningOf(facts: HttpFacts, proof: ProofSpec, asked: string): ProbeMeaning {
  switch (facts.kind) {
    case 'stopped':
      return { kind: 'stopped' }
    case 'timed-out':
      return { kind: 'unproven-failure', hasAnswered: false, seen: `no answer within ${facts.limitMs / 1000} s`, durationMs: Number.POSITIVE_INFINITY }
    case 'no-answer':
      return { kind: 'unproven-failure', hasAnswered: facts.reason === 'invalid', seen: facts.message }
    case 'answer':
      return meaningOfAnswer(facts, proof, asked)
  }
}

function meaningOfAnswer(answer: HttpAnswer, proof: ProofSpec, asked: string): ProbeMeaning {
  const { status, durationMs } = answer
  const answeredBy = readProof(proof, answer, parseDocument(answer))
  // How fast it refuses says nothing about how it serves.
  if (status === THROTTLED) return { kind: 'stray', seen: 'HTTP 429: the requests are throttled' }
  if (answeredBy === asked) return { kind: 'proven', isFailure: status >= LEAST_FAILURE, durationMs }
  if (answeredBy !== undefined) return { kind: 'stray', seen: `answered by ${answeredBy}` }
  const blocker = blockerOf(answer)
  if (blocker !== undefined) return { kind: 'stray', seen: blocker.remedy }
  if (status >= LEAST_FAILURE) return { kind: 'unproven-failure', hasAnswered: true, seen: `HTTP ${status}`, durationMs }
  return { kind: 'stray', seen: `HTTP ${status} without proof of a version` }
}
