import type { Clock } from './clock.ts'

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export interface JsonRequest {
  readonly method: 'GET' | 'POST' | 'PATCH'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: unknown
}

/** What came back from one try. */
export type JsonAnswer =
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown; readonly retryAfterSeconds?: number }
  /** Somebody else answered: a proxy, a firewall, a challenge page. */
  | { readonly kind: 'not-json'; readonly status: number; readonly retryAfterSeconds?: number }
  /** `reason` is a code or a fixed sentence, never the request or its headers. */
  | { readonly kind: 'no-answer'; readonly reason: string }

export interface Transport {
  readonly fetch: Fetch
  readonly clock: Clock
  /** Of one try, for headers and body together. */
  readonly timeoutMs: number
  /** Tries of one repeated request in all. */
  readonly tries: number
}

const FIRST_PAUSE_SECONDS = 0.25
const LONGEST_RETRY_AFTER_SECONDS = 60

/** Sends one request, once; never throws, whatever the network does. */
export async function sendOnce(request: JsonRequest, transport: Transport): Promise<JsonAnswer> {
  const limit = AbortSignal.timeout(transport.timeoutMs)
  try {
    const response = await transport.fetch(request.url, {
      method: request.method,
      headers: { accept: 'application/json', ...(request.body === undefined ? {} : { 'content-type': 'application/json' }), ...request.headers },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      // A redirect would take the token along to wherever it points.
      redirect: 'manual',
      signal: limit,
    })
    return answerOf(response, await response.text(), transport.clock)
  } catch (error) {
    if (limit.aborted) return { kind: 'no-answer', reason: `no answer within ${transport.timeoutMs / 1000} s` }
    return { kind: 'no-answer', reason: reasonOf(error) }
  }
}

/**
 * Sends a request that may be repeated without harm, until `isWorthRepeating` says no or the tries are
 * spent. Waits as long as the server asks (`Retry-After`), but gives up at once when that is over a minute.
 */
export async function sendRepeatedly(
  request: JsonRequest,
  transport: Transport,
  isWorthRepeating: (answer: JsonAnswer, triesMade: number) => boolean,
): Promise<JsonAnswer> {
  for (let made = 1; ; made += 1) {
    const answer = await sendOnce(request, transport)
    if (made >= transport.tries || !isWorthRepeating(answer, made)) return answer
    const asked = answer.kind === 'no-answer' ? undefined : answer.retryAfterSeconds
    if (asked !== undefined && asked > LONGEST_RETRY_AFTER_SECONDS) return answer
    await transport.clock.sleep(asked ?? FIRST_PAUSE_SECONDS * 2 ** (made - 1))
  }
}

function answerOf(response: Response, text: string, clock: Clock): JsonAnswer {
  const retryAfterSeconds = readRetryAfter(response.headers.get('retry-after'), clock)
  const common = { status: response.status, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) }
  try {
    const body: unknown = JSON.parse(text)
    return { kind: 'json', body, ...common }
  } catch {
    return { kind: 'not-json', ...common }
  }
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function readRetryAfter(header: string | null, clock: Clock): number | undefined {
  if (header === null) return undefined
  if (/^\d{1,9}$/.test(header.trim())) return Number(header)
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - clock.now()) / 1000))
}

/** Codes only: messages of `fetch` may quote a header, and with it the token. */
function reasonOf(error: unknown): string {
  const code = codeOf(error)
  return code === undefined ? 'the connection failed' : `the connection failed (${code})`
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  return 'cause' in error ? codeOf(error.cause) : undefined
}
