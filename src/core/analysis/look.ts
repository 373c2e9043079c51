import type { Ramp } from '../policy.ts'
import { placeOf } from '../ramp.ts'
import { adviceAt, adviceOfWatch, type Advice, type Watched } from './advice.ts'
import type { Poll } from './counts.ts'
import type { Judgement } from './judgement.ts'
import type { AnalysisSettings } from './settings.ts'
import { judgeAnalysis } from './verdict.ts'
import { judgeWatch } from './watch.ts'

/** What a step that soaks is looked at with. */
export interface Looked {
  readonly settings: AnalysisSettings
  /** All of the rollout so far, oldest first; a poll's step is its place in the ramp. */
  readonly polls: readonly Poll[]
  readonly ramp: Ramp
  readonly percent: number
  /** Since the soak began. */
  readonly elapsedSeconds: number
  /** How much later than the traffic its counts are told, by the acting source that tells last. */
  readonly lagSeconds: number
  /** Of this soak, how much every acting source has counted. */
  readonly seenSeconds: number
  /** Every acting source told at its latest look. */
  readonly isCurrent: boolean
}

/** What came of it, and on how much of the soak it stands. */
export interface Verdict extends Pick<Looked, 'seenSeconds' | 'isCurrent'> {
  readonly judgement: Judgement
  readonly advice: Advice
}

/** At 100 % there is nobody to compare with but the baseline's counts before: that only ever finds harm, never proves health. */
export function judgeStep(looked: Looked): Verdict {
  const { settings, polls, ramp, percent, seenSeconds, isCurrent } = looked
  const watched = watchedOf(looked)
  if (percent !== 100) {
    const judgement = judgeAnalysis(settings, polls)
    return { judgement, seenSeconds, isCurrent, advice: adviceAt(judgement, watched) }
  }
  const judgement = judgeWatch(settings, polls, ramp)
  return { judgement, seenSeconds, isCurrent, advice: adviceOfWatch(judgement, watched) }
}

function watchedOf({ ramp, percent, elapsedSeconds, lagSeconds, seenSeconds, isCurrent }: Looked): Watched {
  const step = placeOf(ramp, percent)
  const { soakSeconds = 0, leastRequests = 0 } = ramp.steps[step] ?? {}
  return {
    step,
    leastRequests,
    isCurrent,
    // To the nearest look: the next one would be further away.
    isSoaked: seenSeconds >= soakSeconds - ramp.pollSeconds / 2,
    // One look more than it should take, for a source that failed at the last one.
    isTimeUp: elapsedSeconds >= soakSeconds + lagSeconds + ramp.pollSeconds,
  }
}
