import type { Stratum } from './counts.ts'

/** Which bad rate of the candidate, as a multiple of the baseline's, is set against which. Both positive. */
export interface RatioPair {
  readonly alternative: number
  readonly bound: number
}

/**
 * Logarithm of the likelihood ratio of two risk ratios in one stratum. Given `s` bad requests in all, the candidate's
 * number of them is nearly binomial with q(r) = r·n_c / (r·n_c + n_b); this is x_c·ln(q1/q0) + x_b·ln((1-q1)/(1-q0)),
 * arranged so that nothing cancels: q1/q0 = (r1/r0)·(r0·n_c + n_b)/(r1·n_c + n_b), (1-q1)/(1-q0) the same without r1/r0.
 *
 * Its exponential has a mean of at most 1 for binomial counts whose true ratio is on the bound's side, whatever the base
 * rate is: (1 + p_c(a-1))^n_c · (1 + p_b(b-1))^n_b <= exp(n_c·p_c·(a-1) + n_b·p_b·(b-1)) <= 1.
 */
export function riskRatioLog({ candidate, baseline }: Stratum, { alternative, bound }: RatioPair): number {
  const growth = Math.log1p(((alternative - bound) * candidate.total) / (bound * candidate.total + baseline.total))
  return candidate.bad * (Math.log(alternative / bound) - growth) - baseline.bad * growth
}
