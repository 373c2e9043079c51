import type { Counts, Stratum } from '../../core/analysis/counts.ts'
import type { ObservabilitySourceSpec } from '../../core/metrics/spec.ts'
import type { AccountApi } from './account-api.ts'
import { isFresh, tooEarly } from './complete-interval.ts'
import { prepareObservability } from './observability-setup.ts'
import type { Counted, CountQuestion, MetricSource } from './source.ts'
import { badRequests, OF_NO_VERSION, ofVersions, requestsOf } from './telemetry-filters.ts'
import { areComparable, countAll, countByVersion, type Telemetry } from './telemetry-query.ts'

/** A larger share of requests whose version nobody knows would make the others' rates a guess. */
const MOST_UNATTRIBUTED = 0.05

/** Counts from Cloudflare's Workers Observability: a metric per cause, each over all requests of a version. */
export function connectObservability(spec: ObservabilitySourceSpec, api: AccountApi): MetricSource {
  return {
    name: spec.name,
    lagSeconds: spec.lagSeconds,
    prepare: (question) => prepareObservability(api, spec, question),
    async count(question) {
      const early = tooEarly(question.interval, spec.lagSeconds, api.clock.now())
      if (early !== undefined) return unknown(early)
      const seen = await look(api, question)
      if (seen.kind !== 'ok') return unknown(seen.message)
      const isQuiet = !isFresh(question.interval, spec.lagSeconds, api.clock.now())
      const doubt = doubtOf(question, seen.value, isQuiet)
      return doubt === undefined ? strata(question, seen.value) : unknown(doubt)
    },
  }
}

type ByVersion = ReadonlyMap<string, number>

/** Raw counts of one interval. */
interface Seen {
  readonly totals: ByVersion
  /** The same, asked again when everything else had been answered. */
  readonly totalsAfter: ByVersion
  /** Requests that carry no version. */
  readonly unattributed: number
  /** Requests after the interval. */
  readonly later: number
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
  if (!areComparable(resolutions)) return { kind: 'unavailable', message: 'the counts come from samples of different sizes' }
  const value = { totals: totals.value, totalsAfter: totalsAfter.value, unattributed: unattributed.value, later: later.value, bad: counted }
  return { kind: 'ok', value, resolution: totals.resolution }
}

/** Why these are not all requests of the interval, if they are not. */
function doubtOf({ candidate, baseline }: CountQuestion, { totals, totalsAfter, unattributed, later }: Seen, isQuiet: boolean): string | undefined {
  const versions = [candidate, baseline]
  const attributed = versions.reduce((sum, version) => sum + (totals.get(version) ?? 0), 0)
  if (attributed === 0) return unattributed === 0 ? 'no request of either version was recorded' : 'no request carries its version'
  if (versions.some((version) => totals.get(version) !== totalsAfter.get(version))) return 'requests of the interval are still arriving'
  // Only where every request is in some group does a missing group mean none.
  if (unattributed > 0 && versions.some((version) => !totals.has(version))) return `one version has no requests, but ${unattributed} carry no version`
  if (unattributed > MOST_UNATTRIBUTED * (attributed + unattributed)) return `${unattributed} of ${attributed + unattributed} requests carry no version`
  if (later === 0 && !isQuiet) return 'nothing later than the interval has arrived yet, so its own requests may be missing too'
  return undefined
}

function strata({ candidate, baseline }: CountQuestion, { totals, bad }: Seen): Counted {
  const countsOf = (version: string, counts: ByVersion): Counts => ({ total: totals.get(version) ?? 0, bad: counts.get(version) ?? 0 })
  const metrics = bad.map(([name, counts]): [string, Stratum] => [name, { candidate: countsOf(candidate, counts), baseline: countsOf(baseline, counts) }])
  const impossible = metrics.find(([, stratum]) => Object.values(stratum).some((counts: Counts) => counts.bad > counts.total))
  return impossible === undefined ? { kind: 'ok', metrics: Object.fromEntries(metrics) } : unknown(`more ${impossible[0]} than requests were counted`)
}

const unknown = (message: string): Counted => ({ kind: 'unknown', message: `Workers Observability: ${message}` })
