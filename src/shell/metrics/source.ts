import type { Stratum } from '../../core/analysis/counts.ts'
import type { MetricSetting } from '../../core/analysis/settings.ts'
import type { VersionId } from '../../core/ids.ts'

/** Milliseconds since 1970, UTC; `fromMs` is inside, `toMs` is not. */
export interface Interval {
  readonly fromMs: number
  readonly toMs: number
}

/** What is counted: two versions of one deployed Worker in the same interval. */
export interface CountQuestion {
  readonly script: string
  readonly candidate: VersionId
  readonly baseline: VersionId
  readonly interval: Interval
  /** When the step began, of which the interval is a part; milliseconds since 1970. */
  readonly sinceMs: number
  /** The candidate serves everybody: nothing of the baseline can be counted, which makes nothing unknown. */
  readonly isAlone?: boolean
  /** Thresholds in milliseconds by metric, as `prepare` froze them. */
  readonly thresholds: Readonly<Record<string, number>>
}

/** Counts by metric, raw and never extrapolated; a metric that could not be told is left out, which is not zero. */
export type Counted =
  | { readonly kind: 'ok'; readonly metrics: Readonly<Record<string, Stratum>> }
  /** It answered, and shows nothing to compare: nobody asked, or it has not arrived yet. No failure, and no health. */
  | { readonly kind: 'silent'; readonly message: string }
  /** It failed, or what it says cannot be. */
  | { readonly kind: 'unknown'; readonly message: string }

export type Prepared =
  | { readonly kind: 'ok'; readonly metrics: readonly MetricSetting[]; readonly thresholds: Readonly<Record<string, number>> }
  /** What is missing, and what to do about it. */
  | { readonly kind: 'refused'; readonly problem: string; readonly remedy: string }

/** Why an interval has no counts, in words that do not name the source yet. */
export type Doubt = Exclude<Counted, { readonly kind: 'ok' }>

export const silent = (message: string): Doubt => ({ kind: 'silent', message })
export const unknown = (message: string): Doubt => ({ kind: 'unknown', message })

/** The same, named. */
export function toldBy(name: string, { kind, message }: Doubt): Doubt {
  return { kind, message: `${name}: ${message}` }
}

/** Where counts come from. Nothing throws, and no failure is ever told as health. */
export interface MetricSource {
  readonly name: string
  /** How long after an interval's end its counts are complete. */
  readonly lagSeconds: number
  /** Before anything changes: that it can be read at all, what is usual, and thresholds that never change afterwards. */
  prepare(question: { readonly script: string; readonly baseline: VersionId; readonly nowMs: number }): Promise<Prepared>
  count(question: CountQuestion): Promise<Counted>
}
