import { metricSettingSchema, type MetricSetting } from '../../core/analysis/settings.ts'
import type { SlowLevel } from '../../core/metrics/spec.ts'
import type { TailSourceSpec } from '../../core/metrics/tail-spec.ts'
import { newestComplete } from './complete-interval.ts'
import type { MetricSource, Prepared } from './source.ts'
import { askTail, badOf, type Asked, type TailAnswer, type TailOptions, type VersionCounts } from './tail-answer.ts'

type Question = Parameters<MetricSource['prepare']>[0]
type Refused = Extract<Prepared, { readonly kind: 'refused' }>

const SHARE_ABOVE: Readonly<Record<SlowLevel, number>> = { p90: 0.1, p95: 0.05, p99: 0.01 }
/** A quantile that fewer requests lie above is a guess. */
const LEAST_ABOVE = 10

/** Sees that the Tail Worker answers and has counted this Worker, and freezes what is slow by the baseline's last hour. */
export async function prepareTail(spec: TailSourceSpec, { script, baseline, nowMs }: Question, options: TailOptions): Promise<Prepared> {
  const asked = await askTail(spec, { script, interval: newestComplete(nowMs, spec.lagSeconds) }, options)
  if (asked.kind !== 'ok') return refusedToCount(asked)
  const answer = asked.value
  if (answer.countedSinceMs === null) {
    return refused(`it has never counted a request of ${script}`, `Add "tail_consumers": [{ "service": "sleepwell-tail" }] to the wrangler configuration of ${script}, deploy it, and send it a request.`)
  }
  const attributed = Object.values(answer.versions).reduce((sum, { requests }) => sum + requests, 0)
  if (attributed === 0 && answer.unattributed > 0) return refused(`the requests of ${script} carry no version`, 'Count with another source.')
  const counts = answer.versions[baseline]
  const thresholds = counts === undefined ? {} : thresholdsOf(spec.slow, counts, answer.edgesMs)
  return { kind: 'ok', metrics: settingsOf(spec, answer, counts, thresholds), thresholds }
}

/** By metric, in milliseconds: the lowest edge that no larger share than the level's is slower than. */
function thresholdsOf(slow: readonly SlowLevel[], { requests, slower, untimed }: VersionCounts, edgesMs: readonly number[]): Readonly<Record<string, number>> {
  if (untimed > 0) return {}
  const enough = slow.filter((level) => requests * SHARE_ABOVE[level] >= LEAST_ABOVE).toSorted((one, other) => SHARE_ABOVE[other] - SHARE_ABOVE[one])
  const thresholds = new Map<number, string>()
  for (const level of enough) {
    const edge = edgesMs.find((_, index) => (slower[index] ?? requests) <= requests * SHARE_ABOVE[level])
    // The same requests would otherwise be judged twice.
    if (edge !== undefined && !thresholds.has(edge)) thresholds.set(edge, `slow-${level}`)
  }
  return Object.fromEntries([...thresholds].map(([edge, metric]) => [metric, edge]))
}

function settingsOf(spec: TailSourceSpec, { edgesMs }: TailAnswer, counts: VersionCounts | undefined, thresholds: Readonly<Record<string, number>>): readonly MetricSetting[] {
  const usual = counts === undefined ? undefined : badOf(counts, edgesMs, thresholds)
  return ['exceptions', 'server-errors', ...Object.keys(thresholds)].map((name) => {
    const isSlow = Object.hasOwn(thresholds, name)
    const known = usual?.get(name)
    return metricSettingSchema.parse({ name, kind: isSlow ? 'latency' : 'errors', acts: spec.acts, margin: isSlow ? spec.slowMargin : spec.margin, tolerance: spec.tolerance, ...(known === undefined ? {} : { usual: known }) })
  })
}

function refusedToCount({ kind, message }: Exclude<Asked, { readonly kind: 'ok' }>): Refused {
  switch (kind) {
    case 'denied':
      return refused(message, 'Run `npx wrangler secret put TAIL_TOKEN` in the folder of the Tail Worker, and give the same token to the source.')
    case 'elsewhere':
      return refused(message, 'Deploy workers/tail with `npx wrangler deploy`, and give the address that it prints as `url`.')
    case 'unavailable':
      return refused(message, 'See that the Tail Worker answers at this address, and run the deploy again.')
  }
}

const refused = (problem: string, remedy: string): Refused => ({ kind: 'refused', problem: `Tail Worker: ${problem}`, remedy })
