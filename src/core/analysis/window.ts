import type { Poll, Stratum } from './counts.ts'
import type { AnalysisSettings, MetricSetting } from './settings.ts'

/** What was counted of one metric, poll by poll; polls that could not tell it are left out. */
export function countsOf(polls: readonly Poll[], name: string): readonly Stratum[] {
  return polls.flatMap(({ metrics }) => {
    const stratum = Object.hasOwn(metrics, name) ? metrics[name] : undefined
    return stratum === undefined ? [] : [stratum]
  })
}

/** The metrics that may stop a rollout; a dry run never may. */
export function actingMetrics({ metrics }: AnalysisSettings): readonly MetricSetting[] {
  return metrics.filter(({ acts }) => acts)
}

export function actingErrors(settings: AnalysisSettings): readonly MetricSetting[] {
  return actingMetrics(settings).filter(({ kind }) => kind === 'errors')
}

/** How many polls the rules that look back over a window need to see. */
export function longestWindow({ hardStop, incident }: AnalysisSettings): number {
  return Math.max(hardStop.polls, incident.polls)
}
