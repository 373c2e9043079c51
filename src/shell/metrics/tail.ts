import type { Stratum } from '../../core/analysis/counts.ts'
import type { TailSourceSpec } from '../../core/metrics/tail-spec.ts'
import { tooEarly } from './complete-interval.ts'
import { doubtOfVersions } from './doubts.ts'
import { silent, toldBy, unknown, type Counted, type CountQuestion, type Doubt, type Interval, type MetricSource } from './source.ts'
import { askTail, badOf, badUsersOf, type TailAnswer, type TailOptions, type TailPorts, type VersionCounts } from './tail-answer.ts'
import { prepareTail } from './tail-setup.ts'

/** Counts from the Tail Worker of workers/tail: a metric per cause, each over all requests of a version. */
export function connectTail(spec: TailSourceSpec, ports: TailPorts): MetricSource {
  return {
    name: spec.name,
    lagSeconds: spec.lagSeconds,
    prepare: (question) => prepareTail(spec, question, ports),
    async count(question) {
      const counted = tooEarly(question.interval, spec.lagSeconds, ports.clock.now()) ?? (await count(spec, question, ports))
      return counted.kind === 'ok' ? counted : toldBy('Tail Worker', counted)
    },
  }
}

async function count(spec: TailSourceSpec, question: CountQuestion, options: TailOptions): Promise<Counted> {
  const isByUser = spec.unit === 'user'
  const asked = await askTail(spec, { ...question, usersSinceMs: isByUser ? question.sinceMs : undefined }, options)
  if (asked.kind !== 'ok') return unknown(asked.message)
  const { versions, unattributed } = asked.value
  const totals = Object.values(versions).map(({ requests }) => requests)
  return doubtOfTime(question.interval, asked.value) ?? doubtOfVersions(totals, unattributed) ?? (isByUser ? doubtOfUsers(question, asked.value) : undefined) ?? strata(spec, question, asked.value)
}

function doubtOfTime({ fromMs, toMs }: Interval, answer: Pick<TailAnswer, 'fromMs' | 'toMs' | 'closedMs' | 'countedSinceMs' | 'keptFromMs'>): Doubt | undefined {
  // It rounds to whole seconds, both ends down.
  if (answer.fromMs > fromMs || fromMs - answer.fromMs >= 1000 || answer.toMs > toMs || toMs - answer.toMs >= 1000) return unknown('the answer is about another interval')
  if (answer.toMs <= answer.fromMs) return silent('the interval holds no whole second')
  if (answer.closedMs < answer.toMs) return silent(`the interval is complete in ${Math.ceil((answer.toMs - answer.closedMs) / 1000)} s`)
  if (answer.countedSinceMs === null) return unknown('it has never counted a request of this Worker')
  if (answer.countedSinceMs > fromMs) return unknown(`it counts since ${new Date(answer.countedSinceMs).toISOString()}, later than the interval began`)
  if (answer.keptFromMs > answer.fromMs) return unknown('counts of the interval have been deleted')
  return undefined
}

function doubtOfUsers({ sinceMs }: CountQuestion, { users, keptFromMs }: TailAnswer): Doubt | undefined {
  if (users === undefined || users === null) return unknown('it does not count users')
  return keptFromMs > sinceMs ? unknown('who was bad since the step began has been deleted') : undefined
}

function strata({ unit }: TailSourceSpec, { candidate, baseline, thresholds }: CountQuestion, answer: TailAnswer): Counted {
  const { versions, edgesMs } = answer
  const countsOf = (version: string) => (unit === 'user' ? badUsersOf(answer, version) : badOf(versions[version] ?? none(edgesMs), edgesMs, thresholds))
  const baselines = countsOf(baseline)
  const metrics = new Map<string, Stratum>()
  for (const [metric, counts] of countsOf(candidate)) {
    const other = baselines.get(metric)
    if (other !== undefined) metrics.set(metric, { candidate: counts, baseline: other })
  }
  return { kind: 'ok', metrics: Object.fromEntries(metrics) }
}

/** Of a version that served nobody. */
function none(edgesMs: readonly number[]): VersionCounts {
  return { requests: 0, exceptions: 0, serverErrors: 0, slower: edgesMs.map(() => 0), untimed: 0 }
}
