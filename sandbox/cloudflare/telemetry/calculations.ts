import { z } from 'zod'
import { SandboxGap } from '../gap.ts'
import { fieldNamed, type Row } from './event-filters.ts'
import type { Showing } from './telemetry.ts'

const type = z.enum(['string', 'number', 'boolean'])
const labels = { alias: z.string().optional(), key: z.string().optional(), keyType: type.optional() }

export const calculationSchema = z.union([
  z.strictObject({ operator: z.literal('count'), ...labels }),
  z.strictObject({ operator: z.enum(['min', 'max', 'sum', 'avg', 'median', 'p001', 'p01', 'p05', 'p10', 'p25', 'p75', 'p90', 'p95', 'p99', 'p999']), ...labels, key: z.string() }),
])
export type Calculation = z.infer<typeof calculationSchema>

export const groupBySchema = z.strictObject({ type, value: z.string() })
type GroupBy = z.infer<typeof groupBySchema>

interface Group {
  readonly groups: readonly { readonly key: string; readonly value: string | number | boolean }[]
  readonly events: Row[]
}

/** Events by the values of these keys; an event that lacks one is in no group, as users of the API report. */
export function grouped(events: Iterable<Row>, groupBys: readonly GroupBy[]): readonly Group[] {
  const fields = groupBys.map(({ value: key, type: keyType }) => ({ key, ...fieldNamed(key, keyType) }))
  const found = new Map<string, Group>()
  for (const event of events) {
    const groups = fields.flatMap(({ key, of }) => {
      const value = of(event)
      return value === undefined ? [] : [{ key, value }]
    })
    if (groups.length < fields.length) continue
    const name = JSON.stringify(groups)
    const group = found.get(name) ?? { groups, events: [] }
    found.set(name, group)
    group.events.push(event)
  }
  return [...found.values()]
}

/**
 * One row of an answer, as the SDK 7.3.0 documents it: `count` is the sum of the stored events' sample intervals, and
 * `count`, `sum` and `avg` are weighted by them. What it tells of no events at all is not documented.
 */
export function aggregate(calculation: Calculation, { groups, events }: Group, { sampleInterval, abrLevel }: Showing) {
  const weights = events.map(({ stored }) => stored * sampleInterval)
  const estimate = weights.reduce((sum, weight) => sum + weight, 0)
  const average = events.length === 0 ? 1 : estimate / events.length
  return {
    value: calculation.operator === 'count' ? estimate * abrLevel : calculated(calculation, events, weights),
    count: estimate * abrLevel,
    // "Deprecated alias of sampleInterval."
    interval: average,
    sampleInterval: average,
    ...(groups.length === 0 ? {} : { groups: [...groups] }),
  }
}

function calculated({ key, keyType, operator }: Exclude<Calculation, { operator: 'count' }>, events: readonly Row[], weights: readonly number[]): number {
  const field = fieldNamed(key, keyType)
  if (field.type !== 'number') throw new SandboxGap(`${operator} of "${key}" is no number`)
  const numbers = events.map((event) => Number(field.of(event)))
  const sum = numbers.reduce((total, number, index) => total + number * (weights[index] ?? 0), 0)
  const values = numbers.toSorted((one, other) => one - other)
  if (operator === 'min') return values[0] ?? 0
  if (operator === 'max') return values.at(-1) ?? 0
  if (operator === 'sum') return sum
  if (operator === 'avg') return sum / weights.reduce((total, weight) => total + weight, 0)
  if (new Set(weights).size > 1) throw new SandboxGap(`${operator} over events of different sample intervals`)
  // p95 is 0.95, and p999 is 0.999.
  return quantile(values, operator === 'median' ? 0.5 : Number(`0.${operator.slice(1)}`))
}

/** The value at this share of the sorted ones; how Cloudflare interpolates is not documented. */
export function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1)
  const below = sorted[Math.floor(place)] ?? 0
  return below + (place - Math.floor(place)) * ((sorted[Math.ceil(place)] ?? 0) - below)
}
