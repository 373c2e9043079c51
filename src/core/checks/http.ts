import type { HttpFacts } from './answer.ts'
import { judgeExchange } from './exchange.ts'
import { firstMiss, type HttpExpectation } from './expectations.ts'
import type { Attempt } from './result.ts'
import type { CheckBasics } from './spec.ts'

/** One HTTP request and what its answer must be. */
export interface HttpCheckSpec extends CheckBasics {
  readonly kind: 'http'
  readonly method: string
  /** Below the base URL's own path; may hold a query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly expect: HttpExpectation
}

/** Judges what one request came to: `wanted` is the version that should have answered it. */
export function judgeHttp(spec: HttpCheckSpec, facts: HttpFacts, wanted: string | undefined): Attempt {
  const { proof, timeoutSeconds } = spec
  return judgeExchange({ proof, timeoutSeconds, wanted }, facts, (answer, document) => firstMiss(spec.expect, answer, document))
}
