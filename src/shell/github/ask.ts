import { z } from 'zod'
import type { Read } from '../answers.ts'
import type { Clock } from '../clock.ts'

export interface AskLimits {
  readonly tries: number
  /** Of one try. */
  readonly timeoutMs: number
}

const LONGEST_WAIT_SECONDS = 60

/** The parts of octokit's RequestError that decide; anything else never got an answer. */
const errorSchema = z.object({
  status: z.number(),
  message: z.string(),
  response: z.object({ headers: z.record(z.string(), z.union([z.string(), z.number()]).optional()) }).optional(),
})
type RequestError = z.infer<typeof errorSchema>

/**
 * Asks until there is an answer or the tries are spent. Repeated: no answer, 5xx, 429, and 403 that is a rate
 * limit (docs: "Rate limits for the REST API"). Messages hold no token: octokit's hold method, address and answer.
 */
export async function ask<Value>(send: (signal: AbortSignal) => Promise<Value>, limits: AskLimits, clock: Clock): Promise<Read<Value>> {
  for (let tried = 1; ; tried += 1) {
    try {
      return { kind: 'ok', value: await send(AbortSignal.timeout(limits.timeoutMs)) }
    } catch (error) {
      const failure = errorSchema.safeParse(error).data
      const answer = failure === undefined ? undefined : finalAnswer(failure)
      if (answer !== undefined) return answer
      if (tried >= limits.tries) return { kind: 'unavailable', message: describe(failure, error) }
      await clock.sleep(pauseSeconds(failure, tried, clock))
    }
  }
}

function finalAnswer(failure: RequestError): Exclude<Read<never>, { kind: 'ok' }> | undefined {
  if (failure.status >= 500 || failure.status === 429 || isRateLimit(failure)) return undefined
  if (failure.status === 404) return { kind: 'absent' }
  const permission = failure.response?.headers['x-accepted-github-permissions']
  const needs = failure.status === 403 && permission !== undefined ? ` (needs ${permission})` : ''
  return { kind: 'denied', code: String(failure.status), message: `GitHub answered ${failure.status}: ${failure.message}${needs}` }
}

function isRateLimit({ status, message, response }: RequestError): boolean {
  return status === 403 && (response?.headers['x-ratelimit-remaining'] === '0' || response?.headers['retry-after'] !== undefined || /rate limit/i.test(message))
}

function pauseSeconds(failure: RequestError | undefined, tried: number, clock: Clock): number {
  const headers = failure?.response?.headers ?? {}
  const asked = Number(headers['retry-after'] ?? 0)
  const reset = headers['x-ratelimit-remaining'] === '0' ? Number(headers['x-ratelimit-reset'] ?? 0) - clock.now() / 1000 : 0
  return Math.min(Math.max(2 ** (tried - 1), asked, reset), LONGEST_WAIT_SECONDS)
}

function describe(failure: RequestError | undefined, error: unknown): string {
  if (failure !== undefined) return `GitHub answered ${failure.status}: ${failure.message.slice(0, 200)}`
  return `GitHub did not answer: ${error instanceof Error ? error.message : String(error)}`
}
