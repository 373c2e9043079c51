import type { Poll, Stratum } from './counts.ts'
import { NOTHING } from './counts.ts'
import type { Judgement } from './judgement.ts'
import type { AnalysisSettings } from './settings.ts'
import { judgeAnalysis } from './verdict.ts'

/**
 * Counts of different minutes differ for reasons that are nobody's fault, and no test can tell them apart: only a rate
 * that is so many times as bad counts after promotion.
 */
const MARGIN_OF_THE_WATCH = 3
/** The steps have spent what error there is; the watch may add this share of it. */
const SHARE_OF_ALPHA = 0.2

/** The candidate alone, after promotion, against the baseline's last window beside it. `watch`: the step of the polls after promotion. */
export function judgeWatch(settings: AnalysisSettings, polls: readonly Poll[], watch: number): Judgement {
  return judgeAnalysis(settingsOfWatch(settings), pairWithBaseline(polls, watch))
}

function settingsOfWatch(settings: AnalysisSettings): AnalysisSettings {
  const wider = settings.metrics.map((metric) => ({ ...metric, margin: metric.margin * MARGIN_OF_THE_WATCH, tolerance: metric.tolerance * MARGIN_OF_THE_WATCH }))
  return { ...settings, alpha: settings.alpha * SHARE_OF_ALPHA, metrics: wider }
}

/** Each count of the baseline is used once at most, newest first; what finds no partner is not compared. */
function pairWithBaseline(polls: readonly Poll[], watch: number): readonly Poll[] {
  const last = Math.max(-1, ...polls.filter(({ step }) => step < watch).map(({ step }) => step))
  const window = new Map<string, Stratum[]>()
  for (const { step, metrics } of polls) {
    if (step !== last) continue
    for (const [name, stratum] of Object.entries(metrics)) window.set(name, [...(window.get(name) ?? []), stratum])
  }
  return polls
    .filter(({ step }) => step === watch)
    .map((poll) => {
      const metrics = Object.entries(poll.metrics).map(([name, { candidate }]): [string, Stratum] => [name, { candidate, baseline: window.get(name)?.pop()?.baseline ?? NOTHING }])
      return { ...poll, metrics: Object.fromEntries(metrics) }
    })
}
