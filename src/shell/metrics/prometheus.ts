import { NOTHING, type Counts, type Stratum } from '../../core/analysis/counts.ts'
import type { MetricSetting } from '../../core/analysis/settings.ts'
import { riseBetween, type Rise } from '../../core/metrics/counter-rise.ts'
import { canBeFilledIn, fillTemplate } from '../../core/metrics/counter-template.ts'
import { settingOf } from '../../core/metrics/declared-metric.ts'
import type { PrometheusMetric, PrometheusSourceSpec } from '../../core/metrics/prometheus-spec.ts'
import { newestComplete, tooEarly } from './complete-interval.ts'
import { connectPrometheusApi, type PrometheusApi, type PrometheusPorts, type QueryAnswer } from './prometheus-query.ts'
import { silent, toldBy, unknown, type Counted, type CountQuestion, type Doubt, type Interval, type MetricSource, type Prepared } from './source.ts'

/** Counts by the values of raw counters at both ends of an interval. */
export function connectPrometheus(spec: PrometheusSourceSpec, ports: PrometheusPorts): MetricSource {
  return {
    name: spec.name,
    lagSeconds: spec.lagSeconds,
    prepare: (question) => prepare(spec, connectPrometheusApi(spec, ports), question),
    async count(question) {
      const counted = tooEarly(question.interval, spec.lagSeconds, ports.clock.now()) ?? (await count(spec, connectPrometheusApi(spec, ports), question))
      return counted.kind === 'ok' ? counted : toldBy(spec.name, counted)
    },
  }
}

async function prepare(spec: PrometheusSourceSpec, api: PrometheusApi, { script, baseline, nowMs }: Parameters<MetricSource['prepare']>[0]): Promise<Prepared> {
  if (!canBeFilledIn(script)) return { kind: 'refused', problem: `${spec.name}: ${script} cannot stand in a query`, remedy: 'Count with another source.' }
  const interval = newestComplete(nowMs, spec.lagSeconds)
  const metrics: MetricSetting[] = []
  for (const metric of spec.metrics) {
    for (const template of [metric.total, metric.bad]) {
      const query = fillTemplate(template, { version: baseline, script })
      const problem = refusalOf(spec.name, query, await api.at(query, interval.toMs))
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

async function count(spec: PrometheusSourceSpec, api: PrometheusApi, question: CountQuestion): Promise<Counted> {
  if (!canBeFilledIn(question.script) || question.interval.toMs <= question.interval.fromMs) return unknown('there is nothing to ask')
  const counted: [string, Stratum][] = []
  const doubts: Doubt[] = []
  for (const metric of spec.metrics) {
    const told = await stratumOf(api, metric, question)
    if (told.kind === 'ok') counted.push([metric.name, told.stratum])
    else doubts.push(toldBy(metric.name, told))
  }
  if (counted.length > 0) return { kind: 'ok', metrics: Object.fromEntries(counted) }
  return doubts.find(({ kind }) => kind === 'unknown') ?? doubts[0] ?? unknown('no metric')
}

type Told = { readonly kind: 'ok'; readonly stratum: Stratum } | Doubt

async function stratumOf(api: PrometheusApi, metric: PrometheusMetric, { script, candidate, baseline, interval, isAlone = false }: CountQuestion): Promise<Told> {
  const begun = await beginOf(api, fillTemplate(metric.total, { script, version: candidate }), interval)
  if (begun.kind !== 'ok') return begun.kind === 'silent' ? begun : toldBy(`total of ${candidate}`, begun)
  const asked = (version: string): Asked => ({ script, version, interval: { ...interval, fromMs: begun.atMs } })
  const [ofCandidate, ofBaseline] = await Promise.all([
    countsOf(api, metric, asked(candidate)),
    isAlone ? ({ kind: 'ok', counts: NOTHING } as const) : countsOf(api, metric, asked(baseline)),
  ])
  if (ofCandidate.kind === 'unknown') return ofCandidate
  if (ofBaseline.kind === 'unknown') return ofBaseline
  const stratum = { candidate: ofCandidate.counts, baseline: ofBaseline.counts }
  return Object.values(stratum).some(({ bad, total }) => bad > total) ? unknown('more bad requests than there were in all') : { kind: 'ok', stratum }
}

type Begin = { readonly kind: 'ok'; readonly atMs: number } | Doubt

/**
 * From when on both versions are counted. A new version's counter has no sample at the step's start; then it is from its first
 * sample on: what it had counted by then may be of any time before, and to take it for this interval's would be a guess.
 */
async function beginOf(api: PrometheusApi, query: string, { fromMs, toMs }: Interval): Promise<Begin> {
  const start = await api.at(query, fromMs)
  if (start.kind === 'number') return { kind: 'ok', atMs: fromMs }
  const end = start.kind === 'absent' ? await api.at(query, toMs) : start
  if (end.kind === 'absent') return silent('the candidate has no series yet')
  if (end.kind !== 'number') return unknown(end.message)
  const first = await api.at(firstOf(query, end.isScalar, toMs - fromMs), toMs)
  if (first.kind !== 'number') return unknown('message' in first ? first.message : 'when the counter began cannot be told')
  const atMs = Math.round(first.value * 1000)
  if (atMs < fromMs || atMs > toMs) return unknown('the counter began at another time than it was seen')
  return atMs === toMs ? silent('the candidate has only one sample yet') : { kind: 'ok', atMs }
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

const resetsOf = (query: string, isScalar: boolean, windowMs: number) => `resets(${within(query, isScalar, windowMs)})`

/** When it first had a value, in seconds since 1970. */
const firstOf = (query: string, isScalar: boolean, windowMs: number) => `min_over_time(${within(`time() + 0 * (\n${query}\n)`, isScalar, windowMs)})`

/** PromQL, "Subquery": any expression over a window, here in steps of at most 15 s. */
function within(query: string, isScalar: boolean, windowMs: number): string {
  const seconds = Math.max(1, Math.round(windowMs / 1000))
  const resolution = Math.max(1, Math.min(LONGEST_RESOLUTION_SECONDS, Math.floor(seconds / 4)))
  // On lines of its own, since it may end with a comment.
  return `(${isScalar ? 'vector' : ''}(\n${query}\n))[${seconds}s:${resolution}s]`
}
