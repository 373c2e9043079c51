import type { Counts, Poll } from './counts.ts'
import { addCounts, isUsable, NOTHING } from './counts.ts'
import type { Judgement } from './judgement.ts'
import type { AnalysisSettings, MetricSetting } from './settings.ts'
import { countsOf } from './window.ts'

/** The most that any acting metric saw the candidate serve in a step: metrics of users count fewer than those of requests. */
export function servedIn({ metrics }: Judgement, step: number): number {
  const figures = metrics.filter(({ acts }) => acts).flatMap(({ steps }) => steps.filter((one) => one.step === step))
  return Math.max(0, ...figures.map(({ candidate }) => candidate.total))
}

/** What was counted of the candidate over the whole rollout, the time after its promotion included. */
export interface Served {
  /** `own`: requests that Sleepwell sent itself; nobody counted those of users. */
  readonly traffic: MetricSetting['traffic']
  readonly unit: MetricSetting['unit']
  readonly total: number
  /** Absent where no metric counts failures. */
  readonly failed?: number
  /** Users' requests to both versions together. */
  readonly perSecond?: number
}

/** As the metric tells it that saw most, of users if any did. Of several that may count the same failure the largest is taken, not their sum. */
export function servedBy({ metrics }: AnalysisSettings, polls: readonly Poll[]): Served | undefined {
  const tallies = metrics.map((metric) => {
    const told = polls.filter((poll) => countsOf([poll], metric.name).some(isUsable))
    return { ...metric, told, counts: candidateOf(told, metric.name) }
  })
  const seen = tallies.filter(({ counts }) => counts.total > 0)
  const ofUsers = seen.filter(({ traffic }) => traffic === 'users')
  const most = (ofUsers.length > 0 ? ofUsers : seen).toSorted((one, other) => other.counts.total - one.counts.total)[0]
  if (most === undefined) return undefined
  const { traffic, unit, counts: { total } } = most
  const errors = tallies.filter((one) => one.kind === 'errors' && one.unit === unit && one.traffic === traffic)
  const failed = errors.length === 0 ? {} : { failed: Math.max(...errors.map(({ counts }) => counts.bad)) }
  const perSecond = traffic === 'users' && unit === 'request' ? rateOfAll(most.told, most.name) : undefined
  return { traffic, unit, total, ...failed, ...(perSecond === undefined ? {} : { perSecond }) }
}

function candidateOf(polls: readonly Poll[], name: string): Counts {
  return countsOf(polls, name).reduce((sum, { candidate }) => addCounts(sum, candidate), NOTHING)
}

function rateOfAll(polls: readonly Poll[], name: string): number | undefined {
  const timed = polls.filter(({ seconds = 0 }) => seconds > 0)
  const seconds = timed.reduce((sum, poll) => sum + (poll.seconds ?? 0), 0)
  const all = countsOf(timed, name).reduce((sum, { candidate, baseline }) => sum + candidate.total + baseline.total, 0)
  return seconds > 0 ? all / seconds : undefined
}
