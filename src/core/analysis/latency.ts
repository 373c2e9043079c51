import type { Counts } from './counts.ts'

/**
 * Thresholds for "slow", the baseline's quantiles before the first step, in the unit of the samples. They must be frozen
 * then and must never be taken from the candidate, or the counts above them would no longer be a fair comparison.
 */
export function freezeThresholds(baselineSamples: readonly number[], levels: readonly number[] = [0.95, 0.99]): readonly number[] | undefined {
  const sorted = baselineSamples.filter((sample) => Number.isFinite(sample)).toSorted((one, other) => one - other)
  // A quantile that fewer than ten samples lie above is a guess.
  if (levels.some((level) => !(level > 0 && level < 1) || sorted.length * (1 - level) < 10)) return undefined
  return levels.map((level) => sorted[Math.ceil(level * sorted.length) - 1] ?? 0)
}

/** How many samples of one version in one interval lie above a frozen threshold. */
export function countSlow(samples: readonly number[], threshold: number): Counts {
  return { total: samples.length, bad: samples.reduce((sum, sample) => sum + (sample > threshold ? 1 : 0), 0) }
}
