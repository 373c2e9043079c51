import type { Stratum } from './counts.ts'
import { oddsRatioLog } from './odds-ratio-form.ts'
import type { RatioPair } from './risk-ratio-form.ts'
import { riskRatioLog } from './risk-ratio-form.ts'
import type { AnalysisSettings, MetricSetting } from './settings.ts'

export type Form = 'risk-ratio' | 'odds-ratio'

/** One null hypothesis (the bound) and the alternatives that are bet on against it, in equal parts. */
export interface Hypothesis {
  readonly form: Form
  readonly pairs: readonly RatioPair[]
}

/** The null: the candidate's bad rate is at most `margin` times the baseline's, in every stratum, whatever the base rate does. */
export function harmHypothesis({ margin, form }: MetricSetting, { grid }: AnalysisSettings): Hypothesis {
  return { form, pairs: grid.map((times) => ({ alternative: margin * times, bound: margin })) }
}

/** The null of the reverse test: the candidate's bad rate is at least `tolerance` times the baseline's. */
export function healthHypothesis({ tolerance, form }: MetricSetting, { exonerateGrid }: AnalysisSettings): Hypothesis {
  return { form, pairs: exonerateGrid.map((times) => ({ alternative: tolerance / times, bound: tolerance })) }
}

/** ln of each bet's wealth; before the first stratum, 0 for every one. */
export type LogWealth = readonly number[]

export function freshWealth({ pairs }: Hypothesis): LogWealth {
  return pairs.map(() => 0)
}

/**
 * The bets after one more stratum. By Ville's inequality the average of their wealth reaches 1/alpha at any time, under
 * the null, with a chance of at most alpha, however often one looks and however the split is changed. A stratum without
 * anything bad tells nothing and changes nothing; nor does one in which a version served nothing, by the formulas.
 */
export function betOn(hypothesis: Hypothesis, wealth: LogWealth, stratum: Stratum): LogWealth {
  if (stratum.candidate.bad + stratum.baseline.bad === 0) return wealth
  const logOf = hypothesis.form === 'risk-ratio' ? riskRatioLog : oddsRatioLog
  return wealth.map((log, at) => {
    const pair = hypothesis.pairs[at]
    return pair === undefined ? log : log + logOf(stratum, pair)
  })
}
