import type { Verdict } from '../analysis/look.ts'
import type { Ramp } from '../policy.ts'
import { placeOf } from '../ramp.ts'
import { servedIn, type Awaited, type StepProgress } from './progress.ts'

/** A look at a step that soaks. */
export interface StepLook {
  readonly ramp: Ramp
  readonly percent: number
  /** Since its split was read back. */
  readonly elapsedSeconds: number
  /** How much later than the traffic its counts are told. */
  readonly lagSeconds: number
  /** Absent where nothing is compared. */
  readonly verdict: Verdict | undefined
  readonly pausedBy: string | undefined
  readonly isApprovalAwaited: boolean
}

/** What its line in the log shows. */
export function progressOf({ ramp, percent, elapsedSeconds, lagSeconds, verdict, pausedBy, isApprovalAwaited }: StepLook): StepProgress {
  const place = placeOf(ramp, percent)
  const { soakSeconds = 0, leastRequests: wanted = 0 } = ramp.steps[place] ?? {}
  const wholeSeconds = soakSeconds === 0 ? 0 : soakSeconds + lagSeconds
  const common = { candidatePercent: percent, elapsedSeconds, soakSeconds: wholeSeconds }
  // Nobody is waited for once harm is proven.
  const people: Awaited | undefined = verdict?.advice === 'restore' ? undefined : pausedBy !== undefined ? { kind: 'resume', by: pausedBy } : isApprovalAwaited && verdict?.advice !== 'wait' ? { kind: 'approval' } : undefined
  if (verdict === undefined) return { ...common, awaits: people ?? { kind: 'nothing' } }
  const { judgement } = verdict
  const requests = { ...servedIn(judgement, place), wanted }
  const seen = judgement.overTime.at(-1)?.step === place
  return {
    ...common,
    ...(seen ? { requests, harm: judgement.harm, health: judgement.health } : {}),
    awaits: people ?? awaitedBy(verdict, { requests, secondsLeft: wholeSeconds - elapsedSeconds, lagSeconds: seen ? 0 : lagSeconds }),
  }
}

interface Standing {
  readonly requests: { readonly candidate: number; readonly wanted: number }
  readonly secondsLeft: number
  /** Above 0 while a source has told nothing of this step yet. */
  readonly lagSeconds: number
}

function awaitedBy({ judgement, advice }: Verdict, { requests, secondsLeft, lagSeconds }: Standing): Awaited {
  switch (advice) {
    case 'restore':
      return { kind: 'baseline' }
    case 'advance':
      return { kind: 'nothing' }
    case 'hold':
      return { kind: 'shared-incident' }
    case 'wait':
      return lagSeconds > 0 ? { kind: 'counts', lastSeconds: lagSeconds } : { kind: 'soak', secondsLeft }
    case 'undecided':
      if (judgement.finding.because === 'signs-of-harm') return { kind: 'signs-of-harm' }
      if (requests.candidate < requests.wanted) return { kind: 'traffic', requests: requests.candidate, wanted: requests.wanted }
      return { kind: 'proof-of-health' }
  }
}
