import type { HttpAnswer, HttpFacts } from './answer.ts'
import { blockerOf } from './blocked.ts'
import { describeAnswer, firstMiss, parseDocument } from './expectations.ts'
import { readProof } from './proof.ts'
import type { Attempt } from './result.ts'
import type { HttpCheckSpec } from './types.ts'

/** Judges what one request came to: `wanted` is the version that should have answered it. */
export function judgeHttp(spec: HttpCheckSpec, facts: HttpFacts, wanted: string): Attempt {
  switch (facts.kind) {
    case 'answer':
      return judgeAnswer(spec, facts, wanted)
    case 'timed-out': {
      // The round's deadline came before the check's own limit: that says little about the Worker.
      if (facts.limitMs < spec.timeoutSeconds * 1000) return { kind: 'unreachable', seen: 'no answer before the deadline' }
      const expectation = `an answer within ${spec.timeoutSeconds} s`
      return { kind: 'failed', expectation, seen: 'none', isProven: spec.proof.kind === 'none' }
    }
    case 'no-answer':
      if (facts.reason === 'invalid') {
        return { kind: 'failed', expectation: 'a well-formed HTTP answer', seen: facts.message, isProven: spec.proof.kind === 'none' }
      }
      if (facts.reason === 'refused') return { kind: 'starting', seen: facts.message, hasAnswered: false, isProven: false }
      return { kind: 'unreachable', seen: facts.message }
    case 'stopped':
      return { kind: 'unreachable', seen: 'stopped before an answer' }
  }
}

/** Who answered comes first: what another version or a cache says is nobody's pass and nobody's failure. */
function judgeAnswer(spec: HttpCheckSpec, answer: HttpAnswer, wanted: string): Attempt {
  const document = parseDocument(answer)
  const answeredBy = readProof(spec.proof, answer, document)
  if (answeredBy !== wanted) {
    const blocker = blockerOf(answer)
    if (blocker !== undefined) return blocker
    if (answeredBy !== undefined) return { kind: 'wrong-version', answeredBy }
  }
  const isProven = answeredBy === wanted || spec.proof.kind === 'none'
  const miss = firstMiss(spec, answer, document)
  if (miss !== undefined) {
    if (isStarting(answer)) return { kind: 'starting', seen: describeAnswer(answer), hasAnswered: true, isProven }
    return { kind: 'failed', ...miss, isProven }
  }
  if (spec.proof.kind === 'none') return { kind: 'unproven' }
  return answeredBy === undefined
    ? { kind: 'no-proof', seen: describeAnswer(answer) }
    : { kind: 'passed', answeredBy }
}

/** RFC 9110, 15.6.4: 503 with Retry-After asks to come back; without it, it is an error like another. */
function isStarting({ status, headers }: HttpAnswer): boolean {
  return status === 503 && headers['retry-after'] !== undefined
}
