import type { HttpAnswer, HttpFacts } from './answer.ts'
import { blockerOf } from './blocked.ts'
import { describeAnswer, parseDocument, type Miss } from './expectations.ts'
import { readProof, type ProofSpec } from './proof.ts'
import type { Attempt } from './result.ts'

/** What an exchange is judged by, besides the expectations of its kind. */
export interface Asked {
  readonly proof: ProofSpec
  readonly timeoutSeconds: number
  /** The version that should have answered; `undefined`: whichever does (a check on its own). */
  readonly wanted: string | undefined
}

/** The first expectation that an answer does not meet; `isDefinite`: the wanted version would say it again. */
export type MissOf = (answer: HttpAnswer, document: unknown) => (Miss & { readonly isDefinite?: boolean }) | undefined

/** Judges what one HTTP request came to. `missOf` names the first expectation that the answer does not meet. */
export function judgeExchange(asked: Asked, facts: HttpFacts, missOf: MissOf): Attempt {
  const isProofless = asked.proof.kind === 'none' || asked.wanted === undefined
  switch (facts.kind) {
    case 'answer':
      return judgeAnswer(asked, facts, missOf)
    case 'timed-out':
      // The round's deadline came before the check's own limit: that says little about the Worker.
      if (facts.limitMs < asked.timeoutSeconds * 1000) return { kind: 'unreachable', seen: 'no answer before the deadline' }
      return { kind: 'failed', expectation: `an answer within ${asked.timeoutSeconds} s`, seen: 'none', isProven: isProofless }
    case 'no-answer':
      if (facts.reason === 'invalid') {
        return { kind: 'failed', expectation: 'a well-formed HTTP answer', seen: facts.message, isProven: isProofless }
      }
      if (facts.reason === 'refused') return { kind: 'starting', seen: facts.message, hasAnswered: false, isProven: false }
      return { kind: 'unreachable', seen: facts.message }
    case 'stopped':
      return { kind: 'unreachable', seen: 'stopped before an answer' }
  }
}

/** Who answered comes first: what another version or a cache says is nobody's pass and nobody's failure. */
function judgeAnswer({ proof, wanted }: Asked, answer: HttpAnswer, missOf: MissOf): Attempt {
  const document = parseDocument(answer)
  const answeredBy = readProof(proof, answer, document)
  const isAnother = answeredBy !== undefined && wanted !== undefined && answeredBy !== wanted
  if (answeredBy === undefined || isAnother) {
    const blocker = blockerOf(answer)
    if (blocker !== undefined) return blocker
  }
  if (isAnother) return { kind: 'wrong-version', answeredBy }
  const isProofless = proof.kind === 'none' || wanted === undefined
  const isProven = answeredBy !== undefined || isProofless
  const miss = missOf(answer, document)
  if (miss !== undefined) {
    // Without proof it may be another version's, which says nothing definite about the wanted one.
    const isDefinite = miss.isDefinite === true && isProven
    if (!isDefinite && isStarting(answer)) return { kind: 'starting', seen: describeAnswer(answer), hasAnswered: true, isProven }
    return { kind: 'failed', expectation: miss.expectation, seen: miss.seen, isProven, ...(isDefinite ? { isDefinite } : {}) }
  }
  if (answeredBy !== undefined) return { kind: 'passed', answeredBy }
  return isProofless ? { kind: 'unproven' } : { kind: 'no-proof', seen: describeAnswer(answer) }
}

/** RFC 9110, 15.6.4: 503 with Retry-After asks to come back; without it, it is an error like another. */
function isStarting({ status, headers }: HttpAnswer): boolean {
  return status === 503 && headers['retry-after'] !== undefined
}
