import { NOTHING, type Stratum } from '../../core/analysis/counts.ts'
import type { TailSourceSpec } from '../../core/metrics/tail-spec.ts'
import type { Counted, CountQuestion, Interval, MetricSource } from './source.ts'
import { askTail, badOf, type TailAnswer, type TailOptions } from './tail-answer.ts'
import { prepareTail } from './tail-setup.ts'

/** A larger share of requests whose version nobody knows would make the others' rates a guess. */
const MOST_UNATTRIBUTED = 0.05

/** Counts from the Tail Worker of workers/tail: a metric per cause, each over all requests of a version. */
export function connectTail(spec: TailSourceSpec, options: TailOptions): MetricSource {
  return {
    name: spec.name,
    lagSeconds: spec.lagSeconds,
    prepare: (question) => prepareTail(spec, question, options),
    async count(question) {
      const asked = await askTail(spec, question, options)
      if (asked.kind !== 'ok') return unknown(asked.message)
      const doubt = doubtOf(question, asked.value)
      return doubt === undefined ? strata(question, asked.value) : unknown(doubt)
    },
  }
}

/** Why these are not all requests of the interval, if they are not. */
function doubtOf({ candidate, baseline, interval, isAlone = false }: CountQuestion, { versions, unattributed, ...answer }: TailAnswer): string | undefined {
  const time = doubtOfTime(interval, answer)
  if (time !== undefined) return time
  const counted = Object.values(versions).reduce((sum, { requests }) => sum + requests, 0)
  if (counted + unattributed === 0) return 'no request was counted'
  if (unattributed > MOST_UNATTRIBUTED * (counted + unattributed)) return `${unattributed} of ${counted + unattributed} requests carry no version`
  const silent = (isAlone ? [candidate] : [candidate, baseline]).filter((version) => (versions[version]?.requests ?? 0) === 0)
  return silent.length === 0 ? undefined : `no request of ${silent.join(' or ')} was counted`
}

function doubtOfTime({ fromMs, toMs }: Interval, answer: Pick<TailAnswer, 'fromMs' | 'toMs' | 'closedMs' | 'countedSinceMs' | 'keptFromMs'>): string | undefined {
  // It rounds to whole seconds, both ends down.
  if (answer.fromMs > fromMs || fromMs - answer.fromMs >= 1000 || answer.toMs > toMs || toMs - answer.toMs >= 1000) return 'the answer is about another interval'
  if (answer.toMs <= answer.fromMs) return 'the interval holds no whole second'
  if (answer.closedMs < answer.toMs) return `the interval is complete in ${Math.ceil((answer.toMs - answer.closedMs) / 1000)} s`
  if (answer.countedSinceMs === null) return 'it has never counted a request of this Worker'
  if (answer.countedSinceMs > fromMs) return `it counts since ${new Date(answer.countedSinceMs).toISOString()}, later than the interval began`
  if (answer.keptFromMs > answer.fromMs) return 'counts of the interval have been deleted'
  return undefined
}

function strata({ candidate, baseline, thresholds, isAlone = false }: CountQuestion, { versions, edgesMs }: TailAnswer): Counted {
  const [ofCandidate, ofBaseline] = [versions[candidate], versions[baseline]]
  if (ofCandidate === undefined || (ofBaseline === undefined && !isAlone)) return unknown('a version is missing')
  const baselines = ofBaseline === undefined ? undefined : badOf(ofBaseline, edgesMs, thresholds)
  const metrics = new Map<string, Stratum>()
  for (const [metric, counts] of badOf(ofCandidate, edgesMs, thresholds)) {
    const other = baselines === undefined ? NOTHING : baselines.get(metric)
    if (other !== undefined) metrics.set(metric, { candidate: counts, baseline: other })
  }
  return { kind: 'ok', metrics: Object.fromEntries(metrics) }
}

const unknown = (message: string): Counted => ({ kind: 'unknown', message: `Tail Worker: ${message}` })
