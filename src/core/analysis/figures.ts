import { confidenceSequence } from './confidence-sequence.ts'
import type { Poll } from './counts.ts'
import { addCounts, isUsable, NOTHING } from './counts.ts'
import type { Evidence } from './evidence.ts'
import type { MetricFigures, StepFigures } from './judgement.ts'
import { logMeanExp, shownExp } from './log-space.ts'
import type { AnalysisSettings, MetricSetting } from './settings.ts'
import { smallestVisible } from './smallest-visible.ts'
import { actingMetrics, countsOf } from './window.ts'

/** The ln wealth that a single bet on a single metric must reach for the average over all bets and metrics to be a proof. */
function neededAlone(settings: AnalysisSettings, { weight, acts }: MetricSetting): number {
  const all = actingMetrics(settings).reduce((sum, metric) => sum + metric.weight, 0)
  const share = acts ? weight / all : 1
  return Math.log(settings.grid.length / (settings.alpha * share))
}

function figuresOfStep(settings: AnalysisSettings, metric: MetricSetting, polls: readonly Poll[]): StepFigures {
  const strata = countsOf(polls, metric.name).filter(isUsable)
  const candidate = strata.reduce((sum, stratum) => addCounts(sum, stratum.candidate), NOTHING)
  const baseline = strata.reduce((sum, stratum) => addCounts(sum, stratum.baseline), NOTHING)
  const visible = smallestVisible(strata, { margin: metric.margin, grid: settings.grid, needed: neededAlone(settings, metric) })
  return {
    step: polls[0]?.step ?? 0,
    candidate,
    baseline,
    candidateRate: confidenceSequence(candidate, settings.rateAlpha),
    baselineRate: confidenceSequence(baseline, settings.rateAlpha),
    ...(visible === undefined ? {} : { smallestVisible: visible }),
    unknownPolls: polls.length - strata.length,
  }
}

/** One metric's numbers behind the verdict, step by step. */
export function figuresOfMetric(
  settings: AnalysisSettings,
  { metric, evidence, polls }: { readonly metric: MetricSetting; readonly evidence: Evidence; readonly polls: readonly Poll[] },
): MetricFigures {
  const steps = [...new Set(polls.map(({ step }) => step))].toSorted((one, other) => one - other)
  const known = evidence.metrics[metric.name]
  const { name, kind, unit, acts, margin, tolerance } = metric
  return {
    name,
    kind,
    unit,
    acts,
    margin,
    tolerance,
    harm: { now: shownExp(logMeanExp(known?.harm ?? [])), peak: shownExp(known?.logHarmPeak ?? 0) },
    health: shownExp(logMeanExp(known?.health ?? [])),
    steps: steps.map((step) => figuresOfStep(settings, metric, polls.filter((poll) => poll.step === step))),
  }
}
