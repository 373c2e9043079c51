import type { Counts, Stratum } from '../../core/analysis/counts.ts'
import type { ObservabilitySourceSpec } from '../../core/metrics/spec.ts'
import type { AccountApi } from './account-api.ts'
import { isFresh, tooEarly } from './complete-interval.ts'
import { doubtOfTraffic, type Traffic } from './doubts.ts'
import { prepareObservability } from './observability-setup.ts'
import { countR2, R2_ERRORS } from './r2-operations.ts'
import { silent, toldBy, unknown, type Counted, type CountQuestion, type MetricSource } from './source.ts'
import { badRequests, OF_NO_VERSION, ofVersions, requestsOf } from './telemetry-filters.ts'
import { countAll, countByVersion, doubtOfSamples, type Telemetry } from './telemetry-query.ts'

const OBSERVABILITY = 'Workers Observability'

/** Counts from Cloudflare's Workers Observability: a metric per cause, each over all requests of a version. */
export function connectObservability(spec: ObservabilitySourceSpec, api: AccountApi): MetricSource {
  return {
    name: spec.name,
    lagSeconds: spec.lagSeconds,
    prepare: (question) => prepareObservability(api, spec, question),
    async count(question) {
      const counted = tooEarly(question.interval, spec.lagSeconds, api.clock.now()) ?? (await count(api, spec, question))
      return counted.kind === 'ok' ? counted : toldBy(OBSERVABILITY, counted)
    },
  }
}

async function count(api: AccountApi, { lagSeconds, r2 }: ObservabilitySourceSpec, question: CountQuestion): Promise<Counted> {
  const seen = await look(api, question)
  if (seen.kind !== 'ok') return unknown(seen.message)
  if (isArriving(question, seen.value)) return silent('requests of the interval are still arriving')
  const counted = doubtOfTraffic(seen.value, isFresh(question.interval, lagSeconds, api.clock.now())) ?? strata(question, seen.value)
  return r2 && counted.kind === 'ok' ? withR2(api, question, counted.metrics) : counted
}

async function withR2(api: AccountApi, { script, candidate, baseline, interval, isAlone = false }: CountQuestion, metrics: Readonly<Record<string, Stratum>>): Promise<Counted> {
  const asked = await countR2(api, script, { interval, versions: [candidate, baseline] })
  if (asked.kind !== 'ok') return unknown(asked.message)
  const { totals, bad, isArriving: isEarly } = asked.value
  if (isEarly) return silent('R2 operations of the interval are still arriving')
  const countsOf = (version: string): Counts => ({ total: totals.get(version) ?? 0, bad: bad.get(version) ?? 0 })
  const stratum = { candidate: countsOf(candidate), baseline: countsOf(baseline) }
  // A version that calls no bucket cannot be told from one that is not traced: left out, which is not zero.
  const isTold = stratum.candidate.total > 0 && (isAlone || stratum.baseline.total > 0)
  return { kind: 'ok', metrics: isTold ? { ...metrics, [R2_ERRORS]: stratum } : metrics }
}

type ByVersion = ReadonlyMap<string, number>

/** Raw counts of one interval. */
interface Seen extends Traffic {
  /** The totals, asked again when everything else had been answered. */
  readonly totalsAfter: ByVersion
  readonly bad: readonly (readonly [metric: string, counts: ByVersion])[]
}

async function look(api: AccountApi, { interval, script, candidate, baseline, thresholds }: CountQuestion): Promise<Telemetry<Seen>> {
  const all = requestsOf(script)
  const both = [...all, ofVersions([candidate, baseline])]
  const metrics = badRequests(thresholds)
  const totals = await countByVersion(api, { interval, filters: both })
  if (totals.kind !== 'ok') return totals
  const [unattributed, later, ...bad] = await Promise.all([
    countAll(api, { interval, filters: [...all, OF_NO_VERSION] }),
    countAll(api, { interval: { fromMs: interval.toMs, toMs: api.clock.now() }, filters: all }),
    ...metrics.map(([, filter]) => countByVersion(api, { interval, filters: [...both, filter] })),
  ])
  const totalsAfter = await countByVersion(api, { interval, filters: both })
  if (unattributed.kind !== 'ok') return unattributed
  if (later.kind !== 'ok') return later
  if (totalsAfter.kind !== 'ok') return totalsAfter
  const counted: (readonly [string, ByVersion])[] = []
  const resolutions = [totals.resolution, unattributed.resolution, totalsAfter.resolution]
  for (const [index, [metric]] of metrics.entries()) {
    const answer = bad[index]
    if (answer?.kind !== 'ok') return answer ?? { kind: 'unavailable', message: `${metric}: not counted` }
    counted.push([metric, answer.value])
    resolutions.push(answer.resolution)
  }
  const sampled = doubtOfSamples(resolutions)
  if (sampled !== undefined) return { kind: 'unavailable', message: sampled }
  const value = { totals: totals.value, totalsAfter: totalsAfter.value, unattributed: unattributed.value, later: later.value, bad: counted }
  return { kind: 'ok', value, resolution: totals.resolution }
}

function isArriving({ candidate, baseline }: CountQuestion, { totals, totalsAfter }: Seen): boolean {
  return [candidate, baseline].some((version) => totals.get(version) !== totalsAfter.get(version))
}

function strata({ candidate, baseline }: CountQuestion, { totals, bad }: Seen): Counted {
  const countsOf = (version: string, counts: ByVersion): Counts => ({ total: totals.get(version) ?? 0, bad: counts.get(version) ?? 0 })
  const metrics = bad.map(([name, counts]): [string, Stratum] => [name, { candidate: countsOf(candidate, counts), baseline: countsOf(baseline, counts) }])
  const impossible = metrics.find(([, stratum]) => Object.values(stratum).some((counts: Counts) => counts.bad > counts.total))
  return impossible === undefined ? { kind: 'ok', metrics: Object.fromEntries(metrics) } : unknown(`more ${impossible[0]} than requests were counted`)
}
