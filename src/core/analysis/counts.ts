import { z } from 'zod'

const wholeSchema = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)

/** What one version served in one interval: how many in all, and how many of them were bad (failed, or slow). Raw, never extrapolated. */
export const countsSchema = z
  .object({ total: wholeSchema, bad: wholeSchema })
  .refine(({ total, bad }) => bad <= total, { message: 'more bad than there were in all' })
export type Counts = Readonly<z.infer<typeof countsSchema>>

/** Both versions in the same interval: the stratum of the test. */
export const stratumSchema = z.object({ candidate: countsSchema, baseline: countsSchema })
export interface Stratum {
  readonly candidate: Counts
  readonly baseline: Counts
}

/**
 * One interval of at most a few minutes, within one step. A metric that its source could not tell is left out:
 * it is unknown for this poll, which is not the same as a count of zero.
 */
export const pollSchema = z.object({
  /** Which step was live, from 0. */
  step: z.number().int().nonnegative(),
  /** When it was looked at, seconds since the first step was read back; for the chart, and for how long it took to find out. */
  atSeconds: z.number().nonnegative(),
  /** How much of the step's time it added to what every acting source has counted. */
  seconds: z.number().nonnegative().optional(),
  metrics: z.record(z.string(), stratumSchema),
})
export interface Poll {
  readonly step: number
  readonly atSeconds: number
  readonly seconds?: number | undefined
  readonly metrics: Readonly<Record<string, Stratum>>
}

export const NOTHING: Counts = { total: 0, bad: 0 }

function areUsable({ total, bad }: Counts): boolean {
  return Number.isSafeInteger(total) && Number.isSafeInteger(bad) && bad >= 0 && bad <= total
}

/** False for what no honest source can have counted; such a stratum is unknown, not evidence. */
export function isUsable(stratum: Stratum): boolean {
  return areUsable(stratum.candidate) && areUsable(stratum.baseline)
}

/** Only where both versions served can one be compared with the other. */
export function isComparable(stratum: Stratum): boolean {
  return isUsable(stratum) && stratum.candidate.total > 0 && stratum.baseline.total > 0
}

/** Sums for display and for one version's own rate. Never for comparing the two versions over several steps (Simpson's paradox). */
export function addCounts(one: Counts, other: Counts): Counts {
  const most = Number.MAX_SAFE_INTEGER
  return { total: Math.min(most, one.total + other.total), bad: Math.min(most, one.bad + other.bad) }
}

export function rateOf({ total, bad }: Counts): number {
  return total === 0 ? 0 : bad / total
}
