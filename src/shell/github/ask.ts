import { z } from 'zod'
import { plainLine } from '../../core/report/escape.ts'
import type { Read } from '../answers.ts'
import type { Clock } from '../clock.ts'

export interface AskLimits {
  readonly tries: number
  /** Of one try. */
  readonly timeoutMs: number
  /** Asked to wait for longer than this, the port gives up at once; default 60. */
  readonly longestWaitSeconds?: number
}

export interface AskOptions {
  readonly token: string
  readonly limits: AskLimits
  readonly clock: Clock
  /** Once it aborts, nothing is repeated any more. */
  readonly stop?: AbortSignal | undefined
}

type Send<Value> = (signal: AbortSignal) => Promise<Value>

/**
 * Asks until there is an answer or the tries are spent. Repeated: no answer, 5xx, a body that is not the API's,
 * 429, and 403 that is a rate limit (docs "Rate limits for the REST API"). What must not be there twice brings
 * `recognise`: after a reply that may have been lost, ours is looked for before it is sent again.
 */
export type Ask = <Value>(send: Send<Value>, recognise?: () => Promise<Read<Value>>) => Promise<Read<Value>>

export function openAsk(options: AskOptions): Ask {
  const { limits, clock, stop, token } = options
  const longestWaitSeconds = limits.longestWaitSeconds ?? 60
  return async (send, recognise) => {
    // A header that cannot be sent would be quoted in the error, and the token with it.
    if (!/^[\x21-\x7e]+$/.test(token)) return { kind: 'denied', code: 'token-malformed', message: 'the GitHub token is empty or has characters that no token has' }
    for (let tried = 1; ; tried += 1) {
      const tryOf = await tryOnce(send, { limits, clock })
      if (tryOf.kind !== 'failed') return hidden(tryOf, token)
      const waitSeconds = Math.max(2 ** (tried - 1), tryOf.askedSeconds)
      const isLast = tried >= limits.tries || stop?.aborted === true || waitSeconds > longestWaitSeconds
      if (!isLast) await clock.sleep(waitSeconds, stop)
      const known = tryOf.mayBeApplied ? await recognise?.() : undefined
      if (known?.kind === 'ok') return known
      const isUncertain = known !== undefined && known.kind !== 'absent'
      if (isLast || isUncertain) return hidden({ kind: 'unavailable', message: tryOf.message }, token)
    }
  }
}

type Try<Value> =
  | Read<Value>
  | { readonly kind: 'failed'; readonly message: string; readonly mayBeApplied: boolean; readonly askedSeconds: number }

async function tryOnce<Value>(send: Send<Value>, { limits, clock }: Pick<AskOptions, 'limits' | 'clock'>): Promise<Try<Value>> {
  const signal = AbortSignal.timeout(limits.timeoutMs)
  try {
    return { kind: 'ok', value: await send(signal) }
  } catch (error) {
    const failure = errorSchema.safeParse(error).data
    if (failure !== undefined) return failureOf(failure, clock)
    return { kind: 'failed', message: reasonOf(error, signal, limits), mayBeApplied: true, askedSeconds: 0 }
  }
}

/** The parts of octokit's RequestError that decide; without `response` nobody answered. */
const errorSchema = z.object({
  status: z.number(),
  message: z.string(),
  response: z.object({ headers: z.record(z.string(), z.union([z.string(), z.number()]).optional()), data: z.unknown() }),
})
type Failure = z.infer<typeof errorSchema>

function failureOf(failure: Failure, clock: Clock): Try<never> {
  const { status, response } = failure
  // A page instead of JSON comes from something in between.
  const said = typeof response.data === 'string' ? '' : `: ${plainLine(failure.message, 300)}`
  const message = `GitHub answered ${status}${said}`
  const isLimit = isRateLimit(failure)
  if (isLimit || status >= 500) return { kind: 'failed', message, mayBeApplied: !isLimit, askedSeconds: isLimit ? limitSeconds(failure, clock) : retryAfterSeconds(failure) }
  if (status === 404) return { kind: 'absent' }
  const permission = status === 403 ? response.headers['x-accepted-github-permissions'] : undefined
  return { kind: 'denied', code: String(status), message: permission === undefined ? message : `${message} (needs ${permission})` }
}

function isRateLimit({ status, message, response }: Failure): boolean {
  if (status === 429) return true
  const { headers } = response
  return status === 403 && (headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined || /rate limit/i.test(message))
}

/** Until the budget is full again, or as long as is asked, else a minute (the same docs page). */
function limitSeconds(failure: Failure, clock: Clock): number {
  const { headers } = failure.response
  if (headers['retry-after'] !== undefined) return retryAfterSeconds(failure)
  if (headers['x-ratelimit-remaining'] !== '0') return 60
  const left = Number(headers['x-ratelimit-reset']) - clock.now() / 1000
  return Number.isNaN(left) ? 60 : Math.max(0, Math.ceil(left))
}

function retryAfterSeconds({ response }: Failure): number {
  const seconds = Number(response.headers['retry-after'] ?? 0)
  return Number.isNaN(seconds) ? 0 : seconds
}

/** Codes only: a message of `fetch` may quote a header, and with it the token. */
function reasonOf(error: unknown, signal: AbortSignal, { timeoutMs }: AskLimits): string {
  if (signal.aborted) return `GitHub did not answer within ${timeoutMs / 1000} s`
  if (error instanceof z.ZodError) return 'GitHub answered with something that is not its API\'s'
  const code = codeOf(error)
  return `GitHub did not answer: the connection failed${code === undefined ? '' : ` (${code})`}`
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  return 'cause' in error ? codeOf(error.cause) : undefined
}

function hidden<Value>(read: Read<Value>, token: string): Read<Value> {
  if (read.kind === 'ok' || read.kind === 'absent') return read
  return { ...read, message: read.message.replaceAll(token, '***') }
}
