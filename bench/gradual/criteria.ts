import { estimateOf, ratioOf, type Estimate } from '../estimate.ts'
import type { Criterion } from '../section.ts'
import type { Measured } from './measure.ts'
import type { Rollout } from './ours.ts'
import { PERCENTS } from './plan.ts'
import type { Served } from './tally.ts'

const MOST_TIMES_PREDICTED = 1.5
const LEAST_REQUESTS_PER_SECOND = 200
const FIRST_PERCENT = PERCENTS[0]

/** Mean of a rollout. */
export function failedAboveBase(runs: readonly { readonly served: Served }[]): Estimate {
  return estimateOf(runs.map(({ served }) => served.failedAboveBase))
}

export function predictedFailures({ predicted }: Pick<Measured, 'predicted'>): Estimate {
  return estimateOf(predicted.map(({ failedAboveBase: failed }) => failed))
}

export function leastRequestsPerSecond(runs: readonly { readonly requestsPerSecond: number }[]): number {
  return Math.min(...runs.map(({ requestsPerSecond }) => requestsPerSecond))
}

export function isRolledBack({ ending, reason }: Pick<Rollout, 'ending' | 'reason'>): boolean {
  return ending === 'rolled-back' && reason === 'regressed'
}

function everyOf<T>(demand: string, runs: readonly T[], holds: (run: T) => boolean): Criterion {
  const holding = runs.filter(holds).length
  return { demand, figure: `${holding} of ${runs.length}`, holds: holding === runs.length && runs.length > 0 }
}

/** What the issue demands of rollouts under load. */
export function criteriaOf(measured: Omit<Measured, 'firstSeed' | 'peers'>): readonly Criterion[] {
  const { bad, good } = measured
  const times = ratioOf(failedAboveBase(bad), predictedFailures(measured))
  const rate = leastRequestsPerSecond([...bad, ...good])
  return [
    everyOf(`every bad version is rolled back from the ${FIRST_PERCENT} % step`, bad, (run) => isRolledBack(run) && run.reachedPercent === FIRST_PERCENT),
    everyOf('every good version is promoted', good, ({ ending }) => ending === 'promoted'),
    {
      demand: `failed requests above base: at most ${MOST_TIMES_PREDICTED} times what the simulation predicts`,
      figure: `${times.value.toFixed(2)} ± ${times.error.toFixed(2)} times`,
      holds: times.value <= MOST_TIMES_PREDICTED,
    },
    {
      demand: `at least ${LEAST_REQUESTS_PER_SECOND} requests a second were sent and answered in every rollout`,
      figure: `${Math.floor(rate)} in the slowest`,
      holds: Number.isFinite(rate) && rate >= LEAST_REQUESTS_PER_SECOND,
    },
  ]
}
