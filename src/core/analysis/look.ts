import type { Ramp } from '../policy.ts'
import { placeOf } from '../ramp.ts'
import { adviceAt, type Advice } from './advice.ts'
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
  /** Of this step's traffic, how much has been looked at. */
  readonly seenSeconds: number
}

export interface Verdict {
  readonly judgement: Judgement
  readonly advice: Advice
}

/** At 100 % there is nobody to compare with but the baseline's last window: that only ever finds harm, never proves health. */
export function judgeStep({ settings, polls, ramp, percent, seenSeconds }: Looked): Verdict {
  const step = placeOf(ramp, percent)
  const { soakSeconds = 0, leastRequests = 0 } = ramp.steps[step] ?? {}
  const isOver = seenSeconds >= soakSeconds
  if (percent === 100) {
    const judgement = judgeWatch(settings, polls, step)
    return { judgement, advice: judgement.finding.verdict === 'regressed' ? 'restore' : isOver ? 'advance' : 'wait' }
  }
  const judgement = judgeAnalysis(settings, polls)
  return { judgement, advice: adviceAt(judgement, { step, isOver, leastRequests }) }
}
