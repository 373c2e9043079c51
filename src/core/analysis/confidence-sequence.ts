import type { Counts } from './counts.ts'
import { rateOf } from './counts.ts'
import { logBeta } from './log-gamma.ts'

/** A rate with bounds that hold at every look at once; without traffic it is anything from 0 to 1. */
export interface RateBounds {
  readonly rate: number
  readonly lower: number
  readonly upper: number
}

/** The number of requests for which the bounds are narrowest; chosen beforehand, since it must not follow the data. */
const NARROWEST_AT = 100
const BISECTIONS = 60
/** The mixture's width is tuned for this error, whatever error is asked for. */
const TUNED_FOR = 2 * Math.log(1 / 0.05)

/**
 * ln of the wealth of a bet against "the rate is p": the beta-binomial mixture of Howard, Ramdas, McAuliffe and Sekhon
 * (Annals of Statistics 49(2), 2021), section 3.1, for Bernoulli observations.
 */
function logWealthAgainst(rate: number, { total, bad }: Counts, narrowestAt: number): number {
  const variance = rate * (1 - rate)
  const tuned = (narrowestAt * variance) / (TUNED_FOR + Math.log(1 + TUNED_FOR))
  const spread = Math.max(tuned - variance, 1e-3 * variance)
  const [one, other] = [spread / (1 - rate), spread / rate]
  const mixed = logBeta(one + bad, other + total - bad) - logBeta(one, other)
  return mixed - bad * Math.log(rate) - (total - bad) * Math.log1p(-rate)
}

interface Precision {
  readonly alpha: number
  readonly narrowestAt: number
}

/** Where the wealth crosses 1/alpha between a refuted rate and the observed one. */
function crossing(counts: Counts, refuted: number, { alpha, narrowestAt }: Precision): number {
  let [outside, inside] = [refuted, rateOf(counts)]
  for (let step = 0; step < BISECTIONS; step += 1) {
    const middle = (outside + inside) / 2
    if (middle <= 0 || middle >= 1) break
    if (logWealthAgainst(middle, counts, narrowestAt) >= -Math.log(alpha)) outside = middle
    else inside = middle
  }
  return outside
}

/**
 * Bounds of one version's own bad rate. They assume a rate that does not move within the counts, so they are shown and
 * decide nothing between the versions.
 */
export function confidenceSequence(counts: Counts, alpha: number, narrowestAt = NARROWEST_AT): RateBounds {
  if (counts.total === 0) return { rate: 0, lower: 0, upper: 1 }
  return {
    rate: rateOf(counts),
    lower: crossing(counts, 0, { alpha, narrowestAt }),
    upper: crossing(counts, 1, { alpha, narrowestAt }),
  }
}
