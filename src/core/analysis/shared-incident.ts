import { confidenceSequence } from './confidence-sequence.ts'
import type { Poll } from './counts.ts'
import { addCounts, isUsable, NOTHING, rateOf } from './counts.ts'
import type { AnalysisSettings, MetricSetting } from './settings.ts'
import { actingErrors, countsOf } from './window.ts'

/** Above this rate a baseline is ill, given what is usual for it. */
function illAbove({ usual }: MetricSetting, { incident }: AnalysisSettings): number {
  if (usual === undefined) return incident.rate
  return Math.min(0.99, Math.max(incident.rate, incident.timesUsual * rateOf(usual)))
}

function areBothIll(settings: AnalysisSettings, metric: MetricSetting, window: readonly Poll[]): boolean {
  const strata = countsOf(window, metric.name).filter(isUsable)
  const baseline = strata.reduce((sum, stratum) => addCounts(sum, stratum.baseline), NOTHING)
  const ill = illAbove(metric, settings)
  // Most polls end here, without the search for bounds.
  if (rateOf(baseline) <= ill || confidenceSequence(baseline, settings.rateAlpha).lower <= ill) return false
  const candidate = strata.reduce((sum, stratum) => addCounts(sum, stratum.candidate), NOTHING)
  return confidenceSequence(candidate, settings.rateAlpha).upper >= ill
}

/**
 * Both versions bad: the baseline's rate in the last polls is surely above what is usual, and the candidate's is not
 * surely below that. A candidate that is well while the baseline is ill may be the very fix, so that is no shared incident.
 * Looked for in the last poll, the last two and so on, so that the healthy minutes before do not hide one; within this
 * step, since nobody steps forward amid an incident.
 */
export function isSharedIncident(settings: AnalysisSettings, recent: readonly Poll[]): boolean {
  const step = recent.at(-1)?.step
  const inStep = recent.filter((poll) => poll.step === step)
  const lengths = Array.from({ length: Math.min(settings.incident.polls, inStep.length) }, (_, at) => at + 1)
  return actingErrors(settings).some((metric) => lengths.some((length) => areBothIll(settings, metric, inStep.slice(-length))))
}
