/** Chance that a standard normal variable is below the value: Abramowitz and Stegun 26.2.17, error below 7.5e-8. */
export function normalBelow(value: number): number {
  const t = 1 / (1 + 0.231_641_9 * Math.abs(value))
  const polynomial = t * (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))))
  const tail = (Math.exp((-value * value) / 2) / Math.sqrt(2 * Math.PI)) * polynomial
  return value >= 0 ? 1 - tail : tail
}

/** The standard normal's quantiles that the simulation needs. */
export const NORMAL_QUANTILE = { p50: 0, p95: 1.644_853_627, p99: 2.326_347_874 } as const
