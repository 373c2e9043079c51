import type { Verdict } from '../analysis/look.ts'
import { servedIn } from '../analysis/served.ts'
import type { Ramp } from '../policy.ts'
import { placeOf } from '../ramp.ts'
import type { Awaited, StepProgress } from './progress.ts'

/** A look at a step that soaks. */
export interface StepLook {
  readonly ramp: Ramp
  readonly percent: number
  /** Since its soak began. */
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
  const { soakSeconds = 0, leastRequests = 0 } = ramp.steps[place] ?? {}
  const common = { candidatePercent: percent, elapsedSeconds, soakSeconds: soakSeconds === 0 ? 0 : soakSeconds + lagSeconds }
  // Nobody is waited for once harm is proven.
  const people: Awaited | undefined = verdict?.advice === 'restore' ? undefined : pausedBy !== undefined ? { kind: 'resume', by: pausedBy } : isApprovalAwaited && verdict?.advice !== 'wait' ? { kind: 'approval' } : undefined
  if (verdict === undefined) return { ...common, awaits: people ?? { kind: 'nothing' } }
  const { judgement, seenSeconds } = verdict
  const isWatch = percent === 100
  const requests = { candidate: servedIn(judgement, place), wanted: isWatch ? 0 : leastRequests }
  const isFirst = seenSeconds === 0 && elapsedSeconds <= lagSeconds + ramp.pollSeconds
  const counted = judgement.overTime.at(-1)?.step === place ? { requests, harm: judgement.harm, ...(isWatch ? {} : { health: judgement.health }) } : {}
  return { ...common, ...counted, awaits: people ?? awaitedBy(verdict, { requests, isWatch, secondsLeft: soakSeconds - seenSeconds, lateSeconds: isFirst ? lagSeconds : 0 }) }
}

interface Standing {
  readonly requests: { readonly candidate: number; readonly wanted: number }
  readonly isWatch: boolean
  /** What is yet to be seen of the soak. */
  readonly secondsLeft: number
  /** Above 0 while no source can have told of this step yet. */
  readonly lateSeconds: number
}

function awaitedBy({ judgement, advice, isCurrent }: Verdict, { requests, isWatch, secondsLeft, lateSeconds }: Standing): Awaited {
  if (advice === 'restore') return { kind: 'baseline' }
  if (advice === 'advance' || (isWatch && advice === 'undecided')) return { kind: 'nothing' }
  if (advice === 'hold') return { kind: 'shared-incident' }
  if (!isCurrent) return lateSeconds > 0 ? { kind: 'counts', lateSeconds } : { kind: 'silence' }
  if (advice === 'wait') return { kind: 'soak', secondsLeft }
  if (judgement.finding.because === 'signs-of-harm') return { kind: 'signs-of-harm' }
  return requests.candidate < requests.wanted ? { kind: 'traffic' } : { kind: 'proof-of-health' }
}
