import { isWorthRepeating } from '../cloudflare/answer-meaning.ts'
import type { Clock } from '../clock.ts'
import { sendRepeatedly, type Fetch, type JsonAnswer, type JsonRequest, type Transport } from '../http.ts'

export interface AccountApiOptions {
  readonly apiBaseUrl: string
  readonly accountId: string
  readonly token: string
  readonly clock: Clock
  readonly fetch?: Fetch
  /** Of one question. */
  readonly tries?: number
  /** Of one try. */
  readonly timeoutMs?: number
}

/** Cloudflare's API as the sources of counts ask it: nothing that they send changes anything, so all of it may be repeated. */
export interface AccountApi {
  readonly clock: Clock
  readonly accountId: string
  /** `path` is below the account. */
  read(path: string): Promise<JsonAnswer>
  /** A question that is too long for an address. */
  query(path: string, body: unknown): Promise<JsonAnswer>
  graphql(body: unknown): Promise<JsonAnswer>
  /** One short line without the token, whatever Cloudflare or a proxy said. */
  told(message: string): string
}

const LONGEST_MESSAGE = 300
const MASK = '***'

export function connectAccountApi(options: AccountApiOptions): AccountApi {
  const { clock, token, accountId } = options
  const transport: Transport = { fetch: options.fetch ?? fetch, clock, timeoutMs: options.timeoutMs ?? 15_000, tries: options.tries ?? 3 }
  const base = options.apiBaseUrl.replace(/\/+$/, '')
  const account = `${base}/accounts/${encodeURIComponent(accountId)}`
  const headers = { authorization: `Bearer ${token}`, 'user-agent': 'sleepwell' }

  const send = async (request: Omit<JsonRequest, 'headers'>, isRepeated: (answer: JsonAnswer, triesMade: number) => boolean) =>
    /^[\x21-\x7e]+$/.test(token) ? sendRepeatedly({ ...request, headers }, transport, isRepeated) : MALFORMED_TOKEN

  return {
    clock,
    accountId,
    read: (path) => send({ method: 'GET', url: account + path }, isWorthRepeating),
    query: (path, body) => send({ method: 'POST', url: account + path, body }, isWorthRepeating),
    graphql: (body) => send({ method: 'POST', url: `${base}/graphql`, body }, isPassing),
    told: (message) => (token === '' ? message : message.replaceAll(token, MASK)).replaceAll(/\s+/g, ' ').slice(0, LONGEST_MESSAGE),
  }
}

/** GraphQL has no envelope of codes: only the status says whether a second try is of use. */
function isPassing(answer: JsonAnswer): boolean {
  return answer.kind === 'no-answer' || answer.status >= 500 || answer.status === 429 || answer.status === 408
}

/** Never sent: a header cannot carry it, and what `fetch` throws then would quote it. */
const MALFORMED_TOKEN: JsonAnswer = {
  kind: 'json',
  status: 403,
  body: { success: false, errors: [{ code: 10_000, message: 'The API token is empty, or holds a space or a line break.' }] },
}
