import type { Counts, Stratum } from './counts.ts'
import { addCounts, isComparable, NOTHING } from './counts.ts'

/** The smallest worsening that a step could have seen, in two units. */
export interface Visible {
  /** As a multiple of the baseline's bad rate. */
  readonly ratio: number
  /** As the candidate's bad rate that this multiple is. */
  readonly candidateRate: number
}

interface Bet {
  readonly margin: number
  readonly grid: readonly number[]
  /** The ln wealth that the best single bet must reach by itself. */
  readonly needed: number
}

/** Half a bad request is added so that a spotless baseline still has a rate to multiply. */
export function rateToMultiply({ total, bad }: Counts): number {
  return (bad + 0.5) / (total + 1)
}

/** The ratio whose mean gain on one bet, over these strata, is what is needed: the gain is linear in the ratio. */
function visibleToOne(strata: readonly Stratum[], baseRate: number, { margin, times, needed }: { margin: number; times: number; needed: number }): number {
  let [perRatio, cost] = [0, 0]
  for (const { candidate, baseline } of strata) {
    const growth = Math.log1p((margin * (times - 1) * candidate.total) / (margin * candidate.total + baseline.total))
    perRatio += candidate.total * (Math.log(times) - growth)
    cost += baseline.total * growth
  }
  return perRatio > 0 ? (needed / baseRate + cost) / perRatio : Number.POSITIVE_INFINITY
}

/**
 * What the step's own traffic would have shown by its end, on average, with nothing carried over from earlier steps: a
 * worsening below it had less than an even chance. Undefined when not even a candidate that always fails would have shown.
 */
export function smallestVisible(strata: readonly Stratum[], { margin, grid, needed }: Bet): Visible | undefined {
  const comparable = strata.filter(isComparable)
  const served = comparable.reduce((sum, { baseline }) => addCounts(sum, baseline), NOTHING)
  if (served.total === 0) return undefined
  const baseRate = rateToMultiply(served)
  const ratios = grid.map((times) => Math.max(margin, visibleToOne(comparable, baseRate, { margin, times, needed })))
  const ratio = Math.min(...ratios)
  return ratio * baseRate <= 1 ? { ratio, candidateRate: ratio * baseRate } : undefined
}
