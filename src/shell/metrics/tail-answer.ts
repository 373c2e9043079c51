import { z } from 'zod'
import { countsSchema, NOTHING, type Counts } from '../../core/analysis/counts.ts'
import type { Clock } from '../clock.ts'
import { sendRepeatedly, type Fetch, type JsonAnswer, type Transport } from '../http.ts'
import type { AccountApi } from './account-api.ts'
import type { Interval } from './source.ts'

// What workers/tail answers, and how it is asked.

const whole = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)

const versionCounts = z
  .object({ requests: whole, exceptions: whole, serverErrors: whole, slower: z.array(whole), untimed: whole })
  .refine((one) => [one.exceptions, one.serverErrors, one.untimed, ...one.slower].every((part) => part <= one.requests), 'more of a part than requests in all')
  .refine(({ slower }) => slower.every((count, index) => count <= (slower[index - 1] ?? count)), 'more requests slower than the longer time')

const userCounts = z.object({ exceptions: countsSchema, serverErrors: countsSchema })

const answerSchema = z
  .object({
    schemaVersion: z.literal(1),
    script: z.string(),
    fromMs: whole,
    toMs: whole,
    nowMs: whole,
    /** What is filed later is filed after this. */
    closedMs: whole,
    /** `null`: it has never counted a request of this script. */
    countedSinceMs: whole.nullable(),
    keptFromMs: whole,
    edgesMs: z.array(z.number().positive()).min(1),
    versions: z.record(z.string(), versionCounts),
    /** Requests that carry no version. */
    unattributed: whole,
    /** `null`: it does not count them, or was not asked. Versions before had none. */
    users: z.record(z.string(), userCounts).nullish(),
  })
  .refine(({ edgesMs }) => edgesMs.every((edge, index) => edge > (edgesMs[index - 1] ?? 0)), 'the edges are not in order')
  .refine(({ edgesMs, versions }) => Object.values(versions).every(({ slower }) => slower.length === edgesMs.length), 'not one count for each edge')
export type TailAnswer = z.infer<typeof answerSchema>
export type VersionCounts = z.infer<typeof versionCounts>

export type Asked =
  | { readonly kind: 'ok'; readonly value: TailAnswer }
  /** `denied`: the token. `elsewhere`: no Tail Worker of ours answers at this address. */
  | { readonly kind: 'denied' | 'elsewhere' | 'unavailable'; readonly message: string }

export interface TailOptions {
  readonly clock: Clock
  readonly fetch?: Fetch
  /** Of one question. */
  readonly tries?: number
  /** Of one try. */
  readonly timeoutMs?: number
}

export interface TailPorts extends TailOptions {
  /** Where the Worker's own settings are read. */
  readonly api: Pick<AccountApi, 'read' | 'told'>
}

/** Further apart than this, either a clock is wrong or the answer is an old one. */
const MOST_CLOCK_DIFFERENCE_MS = 60_000

export interface TailQuestion {
  readonly script: string
  readonly interval: Interval
  /** When the step began within which a user is bad only once; without it users are not asked about. */
  readonly usersSinceMs?: number | undefined
}

export async function askTail(spec: { readonly url: string; readonly token: string }, { script, interval, usersSinceMs }: TailQuestion, options: TailOptions): Promise<Asked> {
  // Never sent: a header cannot carry it, and what `fetch` throws then would quote it.
  if (!/^[\x21-\x7e]+$/.test(spec.token)) return { kind: 'denied', message: 'the token is empty, or holds a space or a line break' }
  const query = new URLSearchParams({ script, from: String(Math.floor(interval.fromMs)), to: String(Math.floor(interval.toMs)), ...(usersSinceMs === undefined ? {} : { since: String(Math.floor(usersSinceMs)) }) })
  const transport: Transport = { fetch: options.fetch ?? fetch, clock: options.clock, timeoutMs: options.timeoutMs ?? 10_000, tries: options.tries ?? 3 }
  const headers = { authorization: `Bearer ${spec.token}`, 'user-agent': 'sleepwell', 'cache-control': 'no-cache' }
  const answer = await sendRepeatedly({ method: 'GET', url: `${spec.url.replace(/\/+$/, '')}/counts?${query.toString()}`, headers }, transport, isPassing)
  return meaningOf(answer, script, options.clock.now())
}

function isPassing(answer: JsonAnswer): boolean {
  return answer.kind === 'no-answer' || answer.status >= 500 || answer.status === 429 || answer.status === 408
}

/** Nothing of the body is ever told: who answers at this address may send the token back. */
function meaningOf(answer: JsonAnswer, script: string, nowMs: number): Asked {
  if (answer.kind === 'no-answer') return { kind: 'unavailable', message: answer.reason }
  const { status } = answer
  if (status === 401 || status === 403) return { kind: 'denied', message: `the token is refused (HTTP ${status})` }
  if (isPassing(answer)) return { kind: 'unavailable', message: `HTTP ${status}` }
  if (status !== 200 || answer.kind === 'not-json') return { kind: 'elsewhere', message: `HTTP ${status}, not as the Tail Worker answers` }
  const decoded = answerSchema.safeParse(answer.body)
  if (!decoded.success || decoded.data.script !== script) return { kind: 'elsewhere', message: 'the answer has another shape than the Tail Worker gives' }
  const apartMs = Math.abs(decoded.data.nowMs - nowMs)
  if (apartMs > MOST_CLOCK_DIFFERENCE_MS) return { kind: 'unavailable', message: `the answer is stale, or the clocks differ: it says that it is ${Math.round(apartMs / 1000)} s from now` }
  return { kind: 'ok', value: decoded.data }
}

/** Bad requests of a version by metric; slow ones are left out where their time is unknown or the edge is gone. */
export function badOf(counts: VersionCounts, edgesMs: readonly number[], thresholds: Readonly<Record<string, number>>): ReadonlyMap<string, Counts> {
  const { requests: total, exceptions, serverErrors, slower, untimed } = counts
  const bad = new Map([['exceptions', { total, bad: exceptions }], ['server-errors', { total, bad: serverErrors }]])
  for (const [metric, threshold] of Object.entries(thresholds)) {
    const slow = slower[edgesMs.indexOf(threshold)]
    if (slow !== undefined && untimed === 0) bad.set(metric, { total, bad: slow })
  }
  return bad
}

/** Bad users of a version by metric. */
export function badUsersOf({ users }: TailAnswer, version: string): ReadonlyMap<string, Counts> {
  const { exceptions, serverErrors } = users?.[version] ?? { exceptions: NOTHING, serverErrors: NOTHING }
  return new Map([['exceptions', exceptions], ['server-errors', serverErrors]])
}
