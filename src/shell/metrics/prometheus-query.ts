import { z } from 'zod'
import type { CounterReading } from '../../core/metrics/counter-rise.ts'
import type { PrometheusSourceSpec } from '../../core/metrics/prometheus-spec.ts'
import { redactorFor } from '../../core/redact.ts'
import type { Clock } from '../clock.ts'
import { sendRepeatedly, type Fetch, type JsonAnswer } from '../http.ts'

export interface PrometheusPorts {
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly fetch?: Fetch
  /** Of one query. */
  readonly tries?: number
}

export type QueryAnswer =
  | CounterReading
  /** The token may not, or the query is wrong: trying again changes nothing. */
  | { readonly kind: 'denied'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string }

/** Instant queries, each for one number. */
export interface PrometheusApi {
  at(query: string, atMs: number): Promise<QueryAnswer>
}

// Prometheus HTTP API, "Expression query result formats": [<unix time>, "<value>"].
const sampleSchema = z.tuple([z.number(), z.string()])
const successSchema = z.object({
  status: z.literal('success'),
  warnings: z.array(z.string()).nullish(),
  data: z.discriminatedUnion('resultType', [
    z.object({ resultType: z.literal('vector'), result: z.array(z.object({ value: sampleSchema })) }),
    z.object({ resultType: z.literal('scalar'), result: sampleSchema }),
  ]),
})
const errorSchema = z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() })

const LONGEST_MESSAGE = 300
const LONGEST_VALUE = 40
/** A proxy's cache may answer with another moment's sample. */
const LONGEST_TIME_APART_SECONDS = 1

/** All queries share the deadline, which begins now. */
export function connectPrometheusApi(spec: PrometheusSourceSpec, { clock, signal, tries = 3, ...ports }: PrometheusPorts): PrometheusApi {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(spec.deadlineSeconds * 1000)])
  const send = ports.fetch ?? fetch
  const transport = {
    fetch: ((url, init) => send(url, { ...init, signal: AbortSignal.any(init.signal instanceof AbortSignal ? [init.signal, deadline] : [deadline]) })) satisfies Fetch,
    clock: { now: () => clock.now(), sleep: (seconds: number) => clock.sleep(seconds, deadline) },
    timeoutMs: spec.timeoutSeconds * 1000,
    tries,
  }
  const headers = { 'user-agent': 'sleepwell', ...spec.headers, ...(spec.token === undefined ? {} : { authorization: `Bearer ${spec.token}` }) }
  const late: QueryAnswer = { kind: 'failed', message: `not answered within ${spec.deadlineSeconds} s` }
  const told = tellerFor(spec)
  const isWorthRepeating = (answer: JsonAnswer) => !deadline.aborted && isPassing(answer)
  return {
    async at(query, atMs) {
      if (deadline.aborted) return late
      const url = new URL(`${spec.url.replace(/\/+$/, '')}/api/v1/query`)
      url.searchParams.set('query', query)
      url.searchParams.set('time', (atMs / 1000).toFixed(3))
      const received = await sendRepeatedly({ method: 'GET', url: url.href, headers }, transport, isWorthRepeating)
      if (deadline.aborted && received.kind === 'no-answer') return late
      const answer = meaningOf(received, atMs)
      return 'message' in answer ? { ...answer, message: told(answer.message) } : answer
    },
  }
}

function isPassing(answer: JsonAnswer): boolean {
  return answer.kind === 'no-answer' || answer.status >= 500 || answer.status === 429 || answer.status === 408
}

function meaningOf(answer: JsonAnswer, atMs: number): QueryAnswer {
  if (answer.kind === 'no-answer') return { kind: 'failed', message: answer.reason }
  const { status } = answer
  const isDenied = status >= 400 && status < 500 && status !== 429 && status !== 408
  const body = answer.kind === 'json' ? answer.body : undefined
  const refusal = errorSchema.safeParse(body)
  if (refusal.success) return { kind: isDenied ? 'denied' : 'failed', message: `${refusal.data.errorType}: ${refusal.data.error}` }
  if (status !== 200) return { kind: isDenied ? 'denied' : 'failed', message: `HTTP ${status}` }
  const decoded = successSchema.safeParse(body)
  if (!decoded.success) return { kind: 'failed', message: 'the answer is not that of an instant query' }
  // Thanos and others warn when a part of the data could not be read.
  const [warning] = decoded.data.warnings ?? []
  if (warning !== undefined) return { kind: 'failed', message: `warning: ${warning}` }
  return readingOf(decoded.data.data, atMs)
}

function readingOf(data: z.infer<typeof successSchema>['data'], atMs: number): QueryAnswer {
  const isScalar = data.resultType === 'scalar'
  const samples = data.resultType === 'scalar' ? [data.result] : data.result.map(({ value }) => value)
  if (samples.length > 1) return { kind: 'denied', message: `${samples.length} series instead of one: sum them` }
  const [sample] = samples
  if (sample === undefined) return { kind: 'absent' }
  const [atSeconds, text] = sample
  if (Math.abs(atSeconds - atMs / 1000) > LONGEST_TIME_APART_SECONDS) return { kind: 'failed', message: 'the answer is about another time than was asked for' }
  // Go writes NaN, +Inf and -Inf.
  if (/^\s*(?:NaN)?\s*$/i.test(text)) return { kind: 'absent' }
  const value = Number(text)
  if (!Number.isFinite(value)) return { kind: 'failed', message: `${text.slice(0, LONGEST_VALUE)} is no count` }
  return { kind: 'number', value, isScalar }
}

/** One short line without secrets, whatever a server or a proxy said. */
function tellerFor({ token, headers }: PrometheusSourceSpec): (message: string) => string {
  const redact = redactorFor([token ?? '', ...Object.values(headers)], (text) => Buffer.from(text).toString('base64'))
  return (message) => redact(message).replaceAll(/\s+/g, ' ').slice(0, LONGEST_MESSAGE).toWellFormed()
}
