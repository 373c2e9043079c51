import type { Poll } from './counts.ts'
import { isComparable } from './counts.ts'
import type { LogWealth } from './e-process.ts'
import { betOn, freshWealth, harmHypothesis, healthHypothesis } from './e-process.ts'
import { isGrosslyBroken } from './hard-stop.ts'
import { logMeanExp, logWeightedMeanExp } from './log-space.ts'
import type { AnalysisSettings, MetricSetting } from './settings.ts'
import { actingMetrics, countsOf, longestWindow } from './window.ts'

interface MetricEvidence {
  readonly harm: LogWealth
  /** Largest ln e-value for harm that was ever seen. */
  readonly logHarmPeak: number
  readonly health: LogWealth
  /** Whether both versions have served in this step, as this metric counts it. */
  readonly compared: boolean
}

/** All that has to be kept from poll to poll. A rollout that resumes folds its saved polls again and comes to the same. */
export interface Evidence {
  readonly step: number
  readonly metrics: Readonly<Record<string, MetricEvidence>>
  /** ln of the average e-value for harm over the acting metrics, now and at its largest. */
  readonly logHarm: number
  readonly logHarmPeak: number
  /** ln of the least e-value for health over the acting metrics. */
  readonly logHealth: number
  /** Gross breakage was seen at some poll. */
  readonly broken: boolean
  readonly recent: readonly Poll[]
}

function freshMetric(settings: AnalysisSettings, metric: MetricSetting): MetricEvidence {
  const [harm, health] = [freshWealth(harmHypothesis(metric, settings)), freshWealth(healthHypothesis(metric, settings))]
  return { harm, logHarmPeak: 0, health, compared: false }
}

export function freshEvidence(settings: AnalysisSettings): Evidence {
  const metrics = Object.fromEntries(settings.metrics.map((metric) => [metric.name, freshMetric(settings, metric)]))
  return { step: 0, metrics, logHarm: 0, logHarmPeak: 0, logHealth: 0, broken: false, recent: [] }
}

function weigh(settings: AnalysisSettings, evidence: Evidence, poll: Poll, metric: MetricSetting): MetricEvidence {
  const before = evidence.metrics[metric.name] ?? freshMetric(settings, metric)
  const isNewStep = poll.step !== evidence.step
  const isAnew = isNewStep && settings.exonerateOver === 'step'
  const kept = { ...before, compared: before.compared && !isNewStep, health: isAnew ? freshMetric(settings, metric).health : before.health }
  const stratum = countsOf([poll], metric.name)[0]
  if (stratum === undefined || !isComparable(stratum)) return kept
  const harm = betOn(harmHypothesis(metric, settings), kept.harm, stratum)
  const health = betOn(healthHypothesis(metric, settings), kept.health, stratum)
  return { harm, logHarmPeak: Math.max(kept.logHarmPeak, logMeanExp(harm)), health, compared: true }
}

/**
 * The evidence after one more poll. E-values for harm are averaged: that is valid however the metrics depend on each
 * other, which a product is not. For health the least one counts: an average would only prove that one metric is well.
 */
export function addPoll(settings: AnalysisSettings, evidence: Evidence, poll: Poll): Evidence {
  const metrics = Object.fromEntries(settings.metrics.map((metric) => [metric.name, weigh(settings, evidence, poll, metric)]))
  const acting = actingMetrics(settings)
  const logHarm = logWeightedMeanExp(acting.map(({ name, weight }) => ({ log: logMeanExp(metrics[name]?.harm ?? []), weight })))
  const logHealths = acting.map(({ name }) => logMeanExp(metrics[name]?.health ?? []))
  const recent = [...evidence.recent, poll].slice(-longestWindow(settings))
  return {
    step: poll.step,
    metrics,
    logHarm,
    logHarmPeak: Math.max(evidence.logHarmPeak, logHarm),
    logHealth: logHealths.length === 0 ? 0 : Math.min(...logHealths),
    broken: evidence.broken || isGrosslyBroken(settings, recent),
    recent,
  }
}
