import type { HttpAnswer, HttpFacts } from './answer.ts'
import { judgeExchange, type MissOf } from './exchange.ts'
import { describeAnswer, excerpt, firstMiss, type HttpExpectation, type MissOfSchema } from './expectations.ts'
import type { Attempt } from './result.ts'
import type { CheckBasics } from './spec.ts'

/** One HTTP request and what its answer must be. */
export interface HttpCheckSpec extends CheckBasics {
  readonly kind: 'http'
  readonly method: string
  /** Below the base URL's own path; may hold a query. */
  readonly path: string
  /** Added to the path's own query. */
  readonly query?: Readonly<Record<string, string>> | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  /** `follow`: up to five, and the last answer counts. Else the redirect is the answer. */
  readonly redirects?: 'answer' | 'follow' | undefined
  /** Read of a body; what follows is not. */
  readonly maxBodyBytes?: number | undefined
  readonly expect: HttpExpectation
  /** An answer that meets this has failed for good, and is not asked for again. */
  readonly failAtOnce?: HttpExpectation | undefined
  /** Least number of days for which the address's TLS certificate must still be valid. */
  readonly certificateDays?: number | undefined
}

/** Judges what one request came to: `wanted` is the version that should have answered it. */
export function judgeHttp(spec: HttpCheckSpec, facts: HttpFacts, wanted: string | undefined, missOfSchema?: MissOfSchema): Attempt {
  const { proof, timeoutSeconds } = spec
  return judgeExchange({ proof, timeoutSeconds, wanted }, facts, missOf(spec, missOfSchema))
}

function missOf({ expect, failAtOnce }: HttpCheckSpec, missOfSchema: MissOfSchema | undefined): MissOf {
  return (answer, document) => {
    if (answer.isEndless === true) return { expectation: 'an end of the redirects', seen: `one more than are followed, to ${excerpt(answer.headers['location'] ?? '')}` }
    if (failAtOnce !== undefined && firstMiss(failAtOnce, answer, document, missOfSchema) === undefined) return definite(answer)
    return firstMiss(expect, answer, document, missOfSchema)
  }
}

function definite(answer: HttpAnswer) {
  return { expectation: 'no answer as in `failAtOnce`', seen: describeAnswer(answer), isDefinite: true }
}

export type CertificateFacts =
  | { readonly kind: 'valid-until'; readonly untilMs: number }
  | { readonly kind: 'not-https' }
  | { readonly kind: 'unreadable'; readonly message: string }

const DAY_MS = 86_400_000

/** How long the certificate lasts; it is the address's, whatever version answers behind it. */
export function judgeCertificate(leastDays: number, facts: CertificateFacts, nowMs: number): { readonly attempt: Attempt; readonly observed?: string } {
  if (facts.kind === 'unreadable') return { attempt: { kind: 'unreachable', seen: facts.message } }
  const expectation = `a certificate that is valid for ${leastDays} more days`
  const failed = (seen: string): Attempt => ({ kind: 'failed', expectation, seen, isProven: true, isDefinite: true })
  if (facts.kind === 'not-https') return { attempt: failed('the address is not https') }
  const days = Math.floor((facts.untilMs - nowMs) / DAY_MS)
  const observed = `${days} days`
  if (days >= leastDays) return { attempt: { kind: 'unproven', about: 'surroundings' }, observed }
  return { attempt: failed(days < 0 ? `it ended ${-days} days ago` : observed), observed }
}
