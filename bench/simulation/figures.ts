import { estimateOf, type Estimate } from '../estimate.ts'
import type { Rollout } from './run.ts'

export interface RuleFigures {
  readonly runs: number
  readonly rolledBack: Estimate
  /** Of those that were rolled back; absent when none was. */
  readonly medianMinutes: Estimate | undefined
  readonly failedRequests: Estimate
}

/** A share that was never or always seen is given the error of half a run, so that none is claimed to be exact. */
function shareOf(count: number, runs: number): Estimate {
  const careful = (count + 0.5) / (runs + 1)
  const value = count / runs
  const share = count === 0 || count === runs ? careful : value
  return { value, error: Math.sqrt((share * (1 - share)) / runs) }
}

/** The error from the order statistics about one standard deviation of rank to either side. */
function medianOf(values: readonly number[]): Estimate | undefined {
  if (values.length === 0) return undefined
  const sorted = values.toSorted((one, other) => one - other)
  const rank = (share: number) => sorted[Math.min(sorted.length - 1, Math.max(0, Math.floor(share * sorted.length)))] ?? 0
  const step = 0.5 / Math.sqrt(sorted.length)
  return { value: rank(0.5), error: (rank(0.5 + step) - rank(0.5 - step)) / 2 }
}

export function figuresOf(rollouts: readonly Rollout[]): RuleFigures {
  const times = rollouts.flatMap(({ minutesToRollback }) => (minutesToRollback === undefined ? [] : [minutesToRollback]))
  return {
    runs: rollouts.length,
    rolledBack: shareOf(times.length, rollouts.length),
    medianMinutes: medianOf(times),
    failedRequests: estimateOf(rollouts.map(({ failedRequests }) => failedRequests)),
  }
}
