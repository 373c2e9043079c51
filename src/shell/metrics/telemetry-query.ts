import { z } from 'zod'
import { asRead } from '../cloudflare/answer-meaning.ts'
import type { AccountApi } from './account-api.ts'
import type { Interval } from './source.ts'
import { VERSION_KEY, WALL_TIME_KEY, type Filter } from './telemetry-filters.ts'

// API reference "Workers Observability, Telemetry: run a query", as the Cloudflare TypeScript SDK types it.

export interface TelemetryQuestion {
  readonly interval: Interval
  readonly filters: readonly Filter[]
}

/** Adaptive bit rate: each answer may be drawn from another sample. `intervals` are those of its rows. */
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
  const answer = await ask(api, question, { calculations: [{ operator: 'count', alias: 'n' }], groupBys: [{ type: 'string', value: VERSION_KEY }] })
  if (answer.kind !== 'ok') return answer
  const rows = aggregatesOf(answer.value, 'n')
  if (rows === undefined || rows.length >= MOST_GROUPS) return unexpected('the groups are missing, or cut off')
  const counts = new Map<string, number>()
  for (const row of rows) {
    const version = row.groups?.find(({ key }) => key === VERSION_KEY)?.value
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

async function ask(api: AccountApi, { interval, filters }: TelemetryQuestion, parameters: Readonly<Record<string, unknown>>): Promise<Telemetry<Result>> {
  const read = asRead(await api.query('/workers/observability/telemetry/query', {
    // "Any identifier" for a query that is not saved; `dry` keeps the run from being saved.
    queryId: 'sleepwell',
    dry: true,
    view: 'calculations',
    ignoreSeries: true,
    limit: MOST_GROUPS,
    // Whether `to` is inside is not documented: this way nothing counts in two intervals.
    timeframe: { from: interval.fromMs, to: interval.toMs - 1 },
    parameters: { datasets: ['cloudflare-workers'], filterCombination: 'and', filters, ...parameters },
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
 * Without sampling the value is the count of rows. With it the value is drawn out to all requests, which would
 * draw out the evidence as well: then only a `count` of rows that agrees with both others is believed.
 */
function rawCountOf({ value, count, sampleInterval }: Aggregate): number | undefined {
  if (isNothing(value) && isNothing(count)) return 0
  if (sampleInterval === 1) return isWhole(value) ? value : undefined
  if (!isWhole(count) || !isWhole(value) || count === 0 || !(typeof sampleInterval === 'number' && sampleInterval > 1)) return undefined
  return Math.abs(value / count / sampleInterval - 1) <= 0.01 ? count : undefined
}

const isNothing = (number: number | null | undefined) => number === 0 || number === null || number === undefined
const isWhole = (number: number | null | undefined): number is number => typeof number === 'number' && Number.isSafeInteger(number) && number >= 0

/** `abr_level`: "if empty the ABR level is 1"; an answer without rows tells no interval of its own. */
function resolutionOf({ statistics }: Result, rows: readonly Aggregate[] = []): Resolution {
  const seen = rows.filter(({ count }) => !isNothing(count))
  return { level: statistics.abr_level ?? 1, intervals: seen.map(({ sampleInterval }) => sampleInterval ?? 1) }
}

/** Whether all answers saw the same sample: a share of one sample in another is no rate. */
export function areComparable(resolutions: readonly Resolution[]): boolean {
  const levels = new Set(resolutions.map(({ level }) => level))
  const intervals = new Set(resolutions.flatMap((one) => one.intervals))
  return levels.size <= 1 && intervals.size <= 1 && !(intervals.has(1) && [...levels].some((level) => level !== 1))
}

const SAMPLED: Telemetry<never> = { kind: 'unavailable', message: 'the counts are drawn out from a sample, and do not say how many requests were seen' }

function unexpected(why: string): Telemetry<never> {
  return { kind: 'unavailable', message: `Cloudflare's answer is not as expected: ${why}` }
}
