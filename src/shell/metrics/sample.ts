import type { Poll, Stratum } from '../../core/analysis/counts.ts'
import type { VersionId } from '../../core/ids.ts'
import type { MetricSource, Prepared } from './source.ts'

/** A source with what it froze before the first step. */
export interface OpenSource {
  readonly source: MetricSource
  /** False for a dry run: it is asked and shown, and nothing waits for it. */
  readonly acts: boolean
  readonly thresholds: Readonly<Record<string, number>>
  /** All of its metrics: an answer that leaves one out has not told its interval. */
  readonly names: readonly string[]
  /** Metrics that a version's cold isolates disturb. */
  readonly slow: ReadonlySet<string>
  readonly standing: Standing
}

/** How far a source has been counted; changes with each look. Times are milliseconds since 1970. */
interface Standing {
  /** The soak that the rest is about; a new one begins anew. */
  soakBeganMs: number
  countedToMs: number
  /** Lengths of the intervals that it has told in this soak, together. */
  seenMs: number
  /** Whether it told all of its metrics when it was last asked in this soak. */
  isCurrent: boolean
  failuresInARow: number
}

export function openSource(source: MetricSource, acts: boolean, { metrics, thresholds }: Extract<Prepared, { kind: 'ok' }>): OpenSource {
  const slow = metrics.filter(({ kind }) => kind === 'latency').map(({ name }) => name)
  const standing = { soakBeganMs: 0, countedToMs: 0, seenMs: 0, isCurrent: false, failuresInARow: 0 }
  return { source, acts, thresholds, names: metrics.map(({ name }) => name), slow: new Set(slow), standing }
}

export interface Sampled {
  /** By `<source>/<metric>`; what could not be told is left out. */
  readonly metrics: Poll['metrics']
  /** Why a source told nothing. */
  readonly unknown: readonly string[]
  /** False while no source has a complete interval to tell of: that is no look at all. */
  readonly isLook: boolean
  /** Of this soak, how much every acting source has counted. Without an acting source it is nothing. */
  readonly seenSeconds: number
  /** Every acting source told when it was last asked; silence since then would pass for health. */
  readonly isCurrent: boolean
}

export interface SampleQuestion {
  readonly script: string
  readonly candidate: VersionId
  readonly baseline: VersionId
  readonly percent: number
  /** When the soak began: nothing before it is counted. */
  readonly soakBeganMs: number
  readonly nowMs: number
  readonly warmUpSeconds: number
}

/** Shorter intervals than this cost a question and show nothing. */
const SHORTEST_MS = 1000
/**
 * What a source could not tell for longer is lost. `pollSeconds` is 180 at most, so that this has room for a look and
 * for what the look itself takes.
 */
const LONGEST_MS = 240_000
/** From then on a source is not asked any more; what it never told stays unknown. */
export const FAILURES_IN_A_ROW = 20

/** One look at every source, each over its own newest interval; a source that fails costs only its own metrics. */
export async function sampleAll(sources: readonly OpenSource[], question: SampleQuestion): Promise<Sampled> {
  const counted = await Promise.all(sources.map(async (one) => sample(one, question)))
  const acting = sources.filter(({ acts }) => acts).map(({ standing }) => standing)
  return {
    metrics: Object.fromEntries(counted.flatMap(({ metrics }) => metrics)),
    unknown: counted.flatMap(({ unknown }) => (unknown === undefined ? [] : [unknown])),
    isLook: counted.some(({ isDue }) => isDue),
    seenSeconds: acting.length === 0 ? 0 : Math.min(...acting.map(({ seenMs }) => seenMs)) / 1000,
    isCurrent: acting.length > 0 && acting.every(({ isCurrent }) => isCurrent),
  }
}

interface SourceSampled {
  readonly isDue: boolean
  readonly metrics: readonly (readonly [name: string, stratum: Stratum])[]
  readonly unknown?: string
}

async function sample({ source, standing, ...one }: OpenSource, { script, candidate, baseline, percent, soakBeganMs, nowMs, warmUpSeconds }: SampleQuestion): Promise<SourceSampled> {
  if (standing.soakBeganMs !== soakBeganMs) Object.assign(standing, { soakBeganMs, seenMs: 0, isCurrent: false })
  const toMs = nowMs - source.lagSeconds * 1000
  const fromMs = Math.max(standing.countedToMs, soakBeganMs, toMs - LONGEST_MS)
  if (toMs - fromMs < SHORTEST_MS) return { isDue: false, metrics: [] }
  if (standing.failuresInARow >= FAILURES_IN_A_ROW) return { isDue: true, metrics: [] }
  const counted = await source.count({ script, candidate, baseline, isAlone: percent === 100, sinceMs: soakBeganMs, interval: { fromMs, toMs }, thresholds: one.thresholds })
  const told = counted.kind === 'ok' ? counted.metrics : {}
  standing.isCurrent = counted.kind === 'ok' && one.names.every((name) => Object.hasOwn(told, name))
  standing.failuresInARow = counted.kind === 'unknown' ? standing.failuresInARow + 1 : 0
  if (counted.kind !== 'ok') {
    const isGivenUp = standing.failuresInARow >= FAILURES_IN_A_ROW
    return { isDue: true, metrics: [], unknown: `${counted.message}${isGivenUp ? '; it is not asked any more' : ''}` }
  }
  standing.countedToMs = toMs
  if (standing.isCurrent) standing.seenMs += toMs - fromMs
  const isWarm = fromMs >= soakBeganMs + warmUpSeconds * 1000
  const metrics = Object.entries(told).filter(([name]) => isWarm || !one.slow.has(name))
  return { isDue: true, metrics: metrics.map(([name, stratum]) => [`${source.name}/${name}`, stratum]) }
}
