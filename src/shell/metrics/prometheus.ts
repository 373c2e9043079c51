import type { Counts, Stratum } from '../../core/analysis/counts.ts'
import type { MetricSetting } from '../../core/analysis/settings.ts'
import { riseBetween, type Rise } from '../../core/metrics/counter-rise.ts'
import { canBeFilledIn, fillTemplate } from '../../core/metrics/counter-template.ts'
import { settingOf } from '../../core/metrics/declared-metric.ts'
import type { PrometheusMetric, PrometheusSourceSpec } from '../../core/metrics/prometheus-spec.ts'
import { guarded } from './guarded-source.ts'
import { connectPrometheusApi, type PrometheusApi, type PrometheusPorts, type QueryAnswer } from './prometheus-query.ts'
import type { Counted, CountQuestion, Interval, MetricSource, Prepared } from './source.ts'

/** Counts by the values of raw counters at both ends of an interval. */
export function connectPrometheus(spec: PrometheusSourceSpec, ports: PrometheusPorts): MetricSource {
  return guarded({
    name: spec.name,
    lagSeconds: spec.lagSeconds,
    prepare: (question) => prepare(spec, connectPrometheusApi(spec, ports), question),
    async count(question) {
      if (ports.clock.now() < question.interval.toMs + spec.lagSeconds * 1000) return { kind: 'unknown', message: `${spec.name}: the interval is not complete yet` }
      return count(spec, connectPrometheusApi(spec, ports), question)
    },
  })
}

const HOUR_MS = 3_600_000

async function prepare(spec: PrometheusSourceSpec, api: PrometheusApi, { script, baseline, nowMs }: Parameters<MetricSource['prepare']>[0]): Promise<Prepared> {
  if (!canBeFilledIn(script)) return { kind: 'refused', problem: `${spec.name}: ${script} cannot stand in a query`, remedy: 'Count with another source.' }
  const toMs = nowMs - spec.lagSeconds * 1000
  const interval = { fromMs: toMs - HOUR_MS, toMs }
  const metrics: MetricSetting[] = []
  for (const metric of spec.metrics) {
    for (const template of [metric.total, metric.bad]) {
      const query = fillTemplate(template, { version: baseline, script })
      const problem = refusalOf(spec.name, query, await api.at(query, toMs))
      if (problem !== undefined) return problem
    }
    // A counter that is younger than an hour, or was reset in it, cannot tell what is usual.
    const usual = await countsOf(api, metric, { script, version: baseline, interval })
    metrics.push(settingOf(spec, metric, usual.kind === 'ok' && usual.counts.bad <= usual.counts.total ? usual.counts : undefined))
  }
  return { kind: 'ok', metrics, thresholds: {} }
}

function refusalOf(name: string, query: string, answer: QueryAnswer): Extract<Prepared, { readonly kind: 'refused' }> | undefined {
  switch (answer.kind) {
    case 'number':
      return undefined
    case 'absent':
      return { kind: 'refused', problem: `${name}: no sample for the live version: ${query}`, remedy: "Check the query's labels; end it with `or vector(0)` where no series means that nothing was bad." }
    case 'denied':
      return { kind: 'refused', problem: `${name}: ${answer.message}: ${query}`, remedy: "Mend the query, or check the source's `url` and `token`." }
    case 'failed':
      return { kind: 'refused', problem: `${name}: could not be read: ${answer.message}`, remedy: "Look at the server's state and the source's `url`, and run the deploy again." }
  }
}

async function count(spec: PrometheusSourceSpec, api: PrometheusApi, { script, candidate, baseline, interval }: CountQuestion): Promise<Counted> {
  if (!canBeFilledIn(script) || interval.toMs <= interval.fromMs) return { kind: 'unknown', message: `${spec.name}: there is nothing to ask` }
  const counted: [string, Stratum][] = []
  const doubts: string[] = []
  for (const metric of spec.metrics) {
    const [ofCandidate, ofBaseline] = await Promise.all([candidate, baseline].map((version) => countsOf(api, metric, { script, version, interval })))
    const doubt = [ofCandidate, ofBaseline].find((one) => one?.kind === 'unknown')
    if (doubt?.kind === 'unknown') doubts.push(`${metric.name}: ${doubt.message}`)
    if (ofCandidate?.kind !== 'ok' || ofBaseline?.kind !== 'ok') continue
    const stratum = { candidate: ofCandidate.counts, baseline: ofBaseline.counts }
    const problem = problemOf(stratum)
    if (problem === undefined) counted.push([metric.name, stratum])
    else doubts.push(`${metric.name}: ${problem}`)
  }
  if (counted.length === 0) return { kind: 'unknown', message: `${spec.name}: ${doubts[0] ?? 'no metric'}` }
  return { kind: 'ok', metrics: Object.fromEntries(counted) }
}

function problemOf({ candidate, baseline }: Stratum): string | undefined {
  if (candidate.total + baseline.total === 0) return 'no request was counted'
  return candidate.bad > candidate.total || baseline.bad > baseline.total ? 'more bad requests than there were in all' : undefined
}

type VersionCounts = { readonly kind: 'ok'; readonly counts: Counts } | Extract<Rise, { readonly kind: 'unknown' }>

interface Asked {
  readonly script: string
  readonly version: string
  readonly interval: Interval
}

async function countsOf(api: PrometheusApi, metric: PrometheusMetric, { interval, ...of }: Asked): Promise<VersionCounts> {
  const [total, bad] = await Promise.all([riseOf(api, fillTemplate(metric.total, of), interval), riseOf(api, fillTemplate(metric.bad, of), interval)])
  if (total.kind === 'unknown') return { ...total, message: `total of ${of.version}: ${total.message}` }
  if (bad.kind === 'unknown') return { ...bad, message: `bad of ${of.version}: ${bad.message}` }
  return { kind: 'ok', counts: { total: total.count, bad: bad.count } }
}

async function riseOf(api: PrometheusApi, query: string, { fromMs, toMs }: Interval): Promise<Rise> {
  const [start, end] = await Promise.all([api.at(query, fromMs), api.at(query, toMs)])
  if ('message' in start) return { kind: 'unknown', message: start.message }
  if ('message' in end) return { kind: 'unknown', message: end.message }
  const rise = riseBetween(start, end)
  if (rise.kind === 'unknown' || end.kind === 'absent') return rise
  // A counter that began anew and then rose past its old value looks as if it had only risen.
  const resets = await api.at(resetsOf(query, end.isScalar, toMs - fromMs), toMs)
  if (resets.kind !== 'number') return { kind: 'unknown', message: 'message' in resets ? resets.message : 'whether the counter was reset cannot be told' }
  return resets.value === 0 ? rise : { kind: 'unknown', message: 'the counter was reset within the interval' }
}

const LONGEST_RESOLUTION_SECONDS = 15

/** PromQL, "Subquery": any expression over a window, here in steps of at most 15 s. */
function resetsOf(query: string, isScalar: boolean, windowMs: number): string {
  const seconds = Math.max(1, Math.round(windowMs / 1000))
  const resolution = Math.max(1, Math.min(LONGEST_RESOLUTION_SECONDS, Math.floor(seconds / 4)))
  // On lines of its own, since it may end with a comment.
  return `resets((${isScalar ? 'vector' : ''}(\n${query}\n))[${seconds}s:${resolution}s])`
}
