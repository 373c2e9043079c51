import { confidenceSequence } from './confidence-sequence.ts'
import type { Poll, Stratum } from './counts.ts'
import { addCounts, isUsable, NOTHING } from './counts.ts'
import type { Evidence } from './evidence.ts'
import type { MetricFigures, RequestsNeeded, StepFigures } from './judgement.ts'
import { logMeanExp, shownExp } from './log-space.ts'
import type { AnalysisSettings, MetricSetting } from './settings.ts'
import { requestsToProveHarm, requestsToProveHealth } from './requests-needed.ts'
import { rateToMultiply, smallestVisible } from './smallest-visible.ts'
import { actingMetrics, countsOf } from './window.ts'

/** What a metric's own average over its bets has to reach, as a chance, for the average over all metrics to be a proof. */
function alphaAlone(settings: AnalysisSettings, { weight, acts }: MetricSetting): number {
  const all = actingMetrics(settings).reduce((sum, metric) => sum + metric.weight, 0)
  return settings.alpha * (acts ? weight / all : 1)
}

function planOf(settings: AnalysisSettings, metric: MetricSetting, { candidate, baseline }: Stratum): RequestsNeeded | undefined {
  const { margin, tolerance } = metric
  const ratio = 2 * margin
  const baseRate = rateToMultiply(baseline)
  if (candidate.total === 0 || baseline.total === 0 || ratio * baseRate > 1) return undefined
  const traffic = { baseRate, candidateShare: candidate.total / (candidate.total + baseline.total) }
  const toProveHarm = requestsToProveHarm({ ...traffic, ratio, alpha: alphaAlone(settings, metric), gridSize: settings.grid.length }, margin)
  const toProveHealth = requestsToProveHealth({ ...traffic, ratio: tolerance, alpha: settings.exonerateAlpha, gridSize: settings.exonerateGrid.length })
  const plan = { ratio, toProveHarm: Math.ceil(toProveHarm), toProveHealth: Math.ceil(toProveHealth) }
  return Number.isFinite(toProveHarm) && Number.isFinite(toProveHealth) ? plan : undefined
}

function figuresOfStep(settings: AnalysisSettings, metric: MetricSetting, polls: readonly Poll[]): StepFigures {
  const strata = countsOf(polls, metric.name).filter(isUsable)
  const candidate = strata.reduce((sum, stratum) => addCounts(sum, stratum.candidate), NOTHING)
  const baseline = strata.reduce((sum, stratum) => addCounts(sum, stratum.baseline), NOTHING)
  const visible = smallestVisible(strata, { margin: metric.margin, grid: settings.grid, needed: Math.log(settings.grid.length / alphaAlone(settings, metric)) })
  const plan = planOf(settings, metric, { candidate, baseline })
  return {
    step: polls[0]?.step ?? 0,
    candidate,
    baseline,
    candidateRate: confidenceSequence(candidate, settings.rateAlpha),
    baselineRate: confidenceSequence(baseline, settings.rateAlpha),
    ...(visible === undefined ? {} : { smallestVisible: visible }),
    ...(plan === undefined ? {} : { plan }),
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
