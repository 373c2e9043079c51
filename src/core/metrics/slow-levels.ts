import type { SlowLevel } from './spec.ts'

/** The share of the baseline's requests that lie above a level. */
export const SHARE_ABOVE: Readonly<Record<SlowLevel, number>> = { p90: 0.1, p95: 0.05, p99: 0.01 }
/** A quantile that fewer requests lie above is a guess. */
const LEAST_ABOVE = 10

/** The levels that so many requests can tell, lowest first. */
export function tellableLevels(slow: readonly SlowLevel[], requests: number): readonly SlowLevel[] {
  return slow.filter((level) => requests * SHARE_ABOVE[level] >= LEAST_ABOVE).toSorted((one, other) => SHARE_ABOVE[other] - SHARE_ABOVE[one])
}
