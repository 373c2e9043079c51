import { z } from 'zod'
import { asRead } from '../cloudflare/answer-meaning.ts'
import type { AccountApi } from './account-api.ts'
import type { Interval } from './source.ts'
import { SPAN_VERSION_KEY, VERSION_KEY, WALL_TIME_KEY, type Filter } from './telemetry-filters.ts'

// API reference "Workers Observability, Telemetry: run a query", as the Cloudflare TypeScript SDK types it.

export interface TelemetryQuestion {
  readonly interval: Interval
  readonly filters: readonly Filter[]
  /** Invocations, unless told otherwise. */
  readonly of?: 'invocations' | 'spans'
}

/** How an answer was sampled: `level` is that of the adaptive bit rate of the query, `intervals` are those of its rows. */
export interface Resolution {
  readonly level: number
  readonly intervals: readonly number[]
}

export type Telemetry<Value> =
  | { readonly kind: 'ok'; readonly value: Value; readonly resolution: Resolution }
  | { readonly kind: 'denied' | 'unavailable'; readonly message: string }

/** The most groups that are asked for; as many as that may be cut off. */
const MOST_GROUPS = 100

const aggregate = z.object({
  // What is told of no rows is not documented: zeros, nulls or no row at all.
  value: z.number().nullish(),
  count: z.number().nullish(),
  sampleInterval: z.number().nullish(),
  groups: z.array(z.object({ key: z.string(), value: z.union([z.string(), z.number(), z.boolean()]) })).nullish(),
})
type Aggregate = z.infer<typeof aggregate>
const resultSchema = z.object({
  run: z.object({ status: z.enum(['STARTED', 'COMPLETED']) }),
  statistics: z.object({ abr_level: z.number().nullish() }),
  calculations: z.array(z.object({ alias: z.string().nullish(), aggregates: z.array(aggregate) })),
})
type Result = z.infer<typeof resultSchema>

/** Raw requests per version. Rows without a version are in no group; a version without rows is in no group either. */
export async function countByVersion(api: AccountApi, question: TelemetryQuestion): Promise<Telemetry<ReadonlyMap<string, number>>> {
  const versionKey = question.of === 'spans' ? SPAN_VERSION_KEY : VERSION_KEY
  const answer = await ask(api, question, { calculations: [{ operator: 'count', alias: 'n' }], groupBys: [{ type: 'string', value: versionKey }] })
  if (answer.kind !== 'ok') return answer
  const rows = aggregatesOf(answer.value, 'n')
  if (rows === undefined || rows.length >= MOST_GROUPS) return unexpected('the groups are missing, or cut off')
  const counts = new Map<string, number>()
  for (const row of rows) {
    const version = row.groups?.find(({ key }) => key === versionKey)?.value
    const raw = rawCountOf(row)
    if (typeof version !== 'string' || counts.has(version)) return unexpected('a group names no version, or one twice')
    if (raw === undefined) return SAMPLED
    counts.set(version, raw)
  }
  return { kind: 'ok', value: counts, resolution: resolutionOf(answer.value, rows) }
}

/** Raw requests in all. */
export async function countAll(api: AccountApi, question: TelemetryQuestion): Promise<Telemetry<number>> {
  const answer = await ask(api, question, { calculations: [{ operator: 'count', alias: 'n' }] })
  if (answer.kind !== 'ok') return answer
  const rows = aggregatesOf(answer.value, 'n')
  if (rows === undefined || rows.length > 1) return unexpected('one number was asked for')
  const [row] = rows
  const raw = row === undefined ? 0 : rawCountOf(row)
  return raw === undefined ? SAMPLED : { kind: 'ok', value: raw, resolution: resolutionOf(answer.value, rows) }
}

/** Quantiles of the wall time, milliseconds; those of no requests are left out. */
export async function wallTimes(api: AccountApi, question: TelemetryQuestion, operators: readonly string[]): Promise<Telemetry<Readonly<Record<string, number>>>> {
  const calculations = operators.map((operator) => ({ operator, alias: operator, key: WALL_TIME_KEY, keyType: 'number' }))
  const answer = await ask(api, question, { calculations })
  if (answer.kind !== 'ok') return answer
  const found: [string, number][] = []
  for (const operator of operators) {
    const rows = aggregatesOf(answer.value, operator)
    if (rows === undefined || rows.length > 1) return unexpected('one quantile was asked for')
    for (const { value } of rows) if (typeof value === 'number' && value >= 0) found.push([operator, value])
  }
  return { kind: 'ok', value: Object.fromEntries(found), resolution: resolutionOf(answer.value) }
}

async function ask(api: AccountApi, { interval, filters, of = 'invocations' }: TelemetryQuestion, parameters: Readonly<Record<string, unknown>>): Promise<Telemetry<Result>> {
  const read = asRead(await api.query('/workers/observability/telemetry/query', {
    // "Any identifier" for a query that is not saved; `dry` keeps the run from being saved.
    queryId: 'sleepwell',
    dry: true,
    view: 'calculations',
    ignoreSeries: true,
    limit: MOST_GROUPS,
    // Whether `to` is inside is not documented: this way nothing counts in two intervals.
    timeframe: { from: interval.fromMs, to: interval.toMs - 1 },
    // Spans lie in a data set whose name is not documented: "leave empty to query all available".
    parameters: { ...(of === 'spans' ? {} : { datasets: ['cloudflare-workers'] }), filterCombination: 'and', filters, ...parameters },
  }), resultSchema)
  if (read.kind === 'absent') return { kind: 'denied', message: 'Workers Observability knows no such account or Worker' }
  if (read.kind !== 'ok') return { kind: read.kind, message: api.told(read.message) }
  if (read.value.run.status !== 'COMPLETED') return { kind: 'unavailable', message: 'the query was not completed' }
  return { kind: 'ok', value: read.value, resolution: resolutionOf(read.value) }
}

function aggregatesOf({ calculations }: Result, alias: string): readonly Aggregate[] | undefined {
  return calculations.find((one) => one.alias === alias)?.aggregates
}

/**
 * SDK 7.3.0: `count` is the sum of the stored events' sample intervals, and `sampleInterval` their average, the Worker's own
 * head sampling included: their ratio is the number of stored events. Only those are evidence; the rest was made up from them.
 */
function rawCountOf({ value, count, sampleInterval }: Aggregate): number | undefined {
  if (isNothing(value) && isNothing(count)) return 0
  if (!isCount(value) || !isCount(count) || !(typeof sampleInterval === 'number' && sampleInterval >= 1)) return undefined
  const raw = Math.round(count / sampleInterval)
  // Either number may have been rounded on the way here.
  const rounding = Math.max(sampleInterval === 1 ? 0 : 0.5, count * 1e-4)
  return raw > 0 && Math.abs(raw * sampleInterval - count) <= rounding && Math.abs(value - count) <= rounding ? raw : undefined
}

const isNothing = (number: number | null | undefined) => number === 0 || number === null || number === undefined
const isCount = (number: number | null | undefined): number is number => typeof number === 'number' && number >= 0 && number <= Number.MAX_SAFE_INTEGER

/** `abr_level`: "if empty the ABR level is 1"; an answer without rows tells no interval of its own. */
function resolutionOf({ statistics }: Result, rows: readonly Aggregate[] = []): Resolution {
  const seen = rows.filter(({ count }) => !isNothing(count))
  return { level: statistics.abr_level ?? 1, intervals: seen.map(({ sampleInterval }) => sampleInterval ?? 1) }
}

/** A rate is off by as much as its sample intervals differ. */
const MOST_APART = 1.01

/** Why answers cannot be set against each other, if they cannot: a share of one sample in another is no rate. */
export function doubtOfSamples(resolutions: readonly Resolution[]): string | undefined {
  const bitRate = resolutions.find(({ level }) => level !== 1)
  // How counts follow from it is not documented.
  if (bitRate !== undefined) return `the query was answered at the bit rate ${bitRate.level}, and not from all that is stored`
  const intervals = resolutions.flatMap((one) => one.intervals)
  return intervals.length === 0 || Math.max(...intervals) <= MOST_APART * Math.min(...intervals) ? undefined : 'the counts come from samples of different sizes'
}

const SAMPLED: Telemetry<never> = { kind: 'unavailable', message: 'the counts are drawn out from a sample, and do not say how many requests were seen' }

function unexpected(why: string): Telemetry<never> {
  return { kind: 'unavailable', message: `Cloudflare's answer is not as expected: ${why}` }
}
