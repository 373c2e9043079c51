import type { Poll, Stratum } from '../../core/analysis/counts.ts'
import type { VersionId } from '../../core/ids.ts'
import type { MetricSource } from './source.ts'

/** A source with what it froze before the first step, and how far it has been counted. */
export interface OpenSource {
  readonly source: MetricSource
  readonly thresholds: Readonly<Record<string, number>>
  /** Metrics that a version's cold isolates disturb. */
  readonly slow: ReadonlySet<string>
  /** In this step; milliseconds since 1970. */
  countedToMs: number
  unknownInARow: number
}

export interface Sampled {
  /** By `<source>/<metric>`; what could not be told is left out. */
  readonly metrics: Poll['metrics']
  /** Why a source told nothing. */
  readonly unknown: readonly string[]
}

export interface SampleQuestion {
  readonly script: string
  readonly candidate: VersionId
  readonly baseline: VersionId
  readonly percent: number
  /** When this split was read back. */
  readonly sinceMs: number
  readonly nowMs: number
  readonly warmUpSeconds: number
}

/** Shorter intervals than this cost a question and show nothing. */
const SHORTEST_MS = 1000
/** A stratum mixes what is not of the same minutes when it is longer: base rates move. */
const LONGEST_MS = 180_000
/** From then on a source is not asked any more; what it never told stays unknown. */
export const UNKNOWN_IN_A_ROW = 10

/** One look at every source, each over its own newest interval; a source that fails costs only its own metrics. */
export async function sampleAll(sources: readonly OpenSource[], question: SampleQuestion): Promise<Sampled> {
  const counted = await Promise.all(sources.map(async (one) => sample(one, question)))
  return {
    metrics: Object.fromEntries(counted.flatMap(({ metrics }) => metrics)),
    unknown: counted.flatMap(({ unknown }) => (unknown === undefined ? [] : [unknown])),
  }
}

interface SourceSampled {
  readonly metrics: readonly (readonly [name: string, stratum: Stratum])[]
  readonly unknown?: string
}

async function sample(one: OpenSource, { script, candidate, baseline, percent, sinceMs, nowMs, warmUpSeconds }: SampleQuestion): Promise<SourceSampled> {
  const { source } = one
  const toMs = nowMs - source.lagSeconds * 1000
  const fromMs = Math.max(one.countedToMs, sinceMs, toMs - LONGEST_MS)
  if (one.unknownInARow >= UNKNOWN_IN_A_ROW || toMs - fromMs < SHORTEST_MS) return { metrics: [] }
  const isAlone = percent === 100
  const counted = await source.count({ script, candidate, baseline, isAlone, sinceMs, interval: { fromMs, toMs }, thresholds: one.thresholds })
  if (counted.kind === 'silent') return { metrics: [], unknown: counted.message }
  if (counted.kind === 'unknown') {
    one.unknownInARow += 1
    const isGivenUp = one.unknownInARow >= UNKNOWN_IN_A_ROW
    return { metrics: [], unknown: `${counted.message}${isGivenUp ? '; it is not asked any more' : ''}` }
  }
  one.unknownInARow = 0
  one.countedToMs = toMs
  const isWarm = fromMs >= sinceMs + warmUpSeconds * 1000
  const metrics = Object.entries(counted.metrics).filter(([name]) => isWarm || !one.slow.has(name))
  return { metrics: metrics.map(([name, stratum]) => [`${source.name}/${name}`, stratum]) }
}
