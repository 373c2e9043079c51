import type { Poll } from './counts.ts'
import { addCounts, isComparable, NOTHING, rateOf } from './counts.ts'
import type { AnalysisSettings } from './settings.ts'
import { actingErrors, countsOf } from './window.ts'

/**
 * Gross breakage that anybody would stop at once: most of the candidate's requests fail, and hardly any of the baseline's.
 * It stands beside the e-process and is not covered by its alpha; the simulation measures what it adds.
 */
export function isGrosslyBroken(settings: AnalysisSettings, recent: readonly Poll[]): boolean {
  const { leastBad, candidateRate, leastBaseline, baselineRate, polls } = settings.hardStop
  const step = recent.at(-1)?.step
  const window = recent.slice(-polls).filter((poll) => poll.step === step)
  return actingErrors(settings).some(({ name }) => {
    const strata = countsOf(window, name).filter(isComparable)
    const candidate = strata.reduce((sum, stratum) => addCounts(sum, stratum.candidate), NOTHING)
    const baseline = strata.reduce((sum, stratum) => addCounts(sum, stratum.baseline), NOTHING)
    const broken = candidate.bad >= leastBad && rateOf(candidate) >= candidateRate
    return broken && baseline.total >= leastBaseline && rateOf(baseline) < baselineRate
  })
}
