import type { Ramp } from '../policy.ts'
import type { Counts, Poll, Stratum } from './counts.ts'
import { addCounts, isUsable, NOTHING } from './counts.ts'
import type { Judgement } from './judgement.ts'
import { placeOf } from '../ramp.ts'
import type { AnalysisSettings } from './settings.ts'
import { judgeAnalysis } from './verdict.ts'
import { countsOf } from './window.ts'

/**
 * Counts of different minutes differ for reasons that are nobody's fault, and no test can tell them apart: only a rate
 * that is so many times as bad counts after promotion.
 */
const MARGIN_OF_THE_WATCH = 3
/** The steps have spent what error there is; the watch may add this share of it. */
const SHARE_OF_ALPHA = 0.2

/** The candidate alone, after promotion, against the baseline's newest counts before it. */
export function judgeWatch(settings: AnalysisSettings, polls: readonly Poll[], ramp: Ramp): Judgement {
  return judgeAnalysis(settingsOfWatch(settings), pairWithBaseline(polls, ramp))
}

function settingsOfWatch(settings: AnalysisSettings): AnalysisSettings {
  const wider = settings.metrics.map((metric) => ({ ...metric, margin: metric.margin * MARGIN_OF_THE_WATCH, tolerance: metric.tolerance * MARGIN_OF_THE_WATCH }))
  return { ...settings, alpha: settings.alpha * SHARE_OF_ALPHA, metrics: wider }
}

/**
 * Of as many of the baseline's newest polls as the watch will have, over all steps before it, each look of the watch gets
 * an even part: a last step that was exonerated at once leaves little to compare with, but leaves it to every look.
 *
 * Each count is used once, so at any one look the bets are worth at most 1 on average for a version within the margin:
 * an even part of the baseline's failures is worth no more than as many failures drawn anew (e^(-t·x) is convex). But the
 * parts are one sample, known beforehand, so between looks the bets are no fair game any more, and Ville's inequality does
 * not cover all looks together. What does is the margin: a version as good as the baseline is three times within it, and
 * the baseline's one sample would have to be as much too good by chance. A simulation shows what is left (watch.test.ts).
 */
function pairWithBaseline(polls: readonly Poll[], ramp: Ramp): readonly Poll[] {
  const step = placeOf(ramp, 100)
  const looks = Math.max(1, Math.ceil((ramp.steps[step]?.soakSeconds ?? 0) / ramp.pollSeconds))
  const before = polls.filter((poll) => poll.step < step)
  const used = new Map<string, number>()
  return polls
    .filter((poll) => poll.step === step)
    .map((poll, at) => {
      const metrics = Object.entries(poll.metrics).map(([name, { candidate }]): [string, Stratum] => {
        // A look that told nothing leaves its part to the next one, which tells of its time as well.
        const [from, to] = [used.get(name) ?? 0, Math.min(looks, at + 1)]
        used.set(name, to)
        return [name, { candidate, baseline: partOf(newestBaseline(before, { name, looks }), { from, to, looks }) }]
      })
      return { ...poll, metrics: Object.fromEntries(metrics) }
    })
}

function newestBaseline(before: readonly Poll[], { name, looks }: { readonly name: string; readonly looks: number }): Counts {
  const newest = countsOf(before, name).filter(isUsable).slice(-looks)
  return newest.reduce((sum, { baseline }) => addCounts(sum, baseline), NOTHING)
}

/** In whole requests; the bad ones as soon as they are due and the good ones as late, so that rounding never speaks for harm. */
function partOf({ total, bad }: Counts, { from, to, looks }: { readonly from: number; readonly to: number; readonly looks: number }): Counts {
  const good = total - bad
  const badPart = Math.ceil((bad * to) / looks) - Math.ceil((bad * from) / looks)
  return { total: badPart + Math.floor((good * to) / looks) - Math.floor((good * from) / looks), bad: badPart }
}
