import type { Judgement } from './judgement.ts'
import { servedIn } from './served.ts'

/** How the soak of a step stands. */
export interface Watched {
  readonly step: number
  /** It has been seen for as long as it was to last. */
  readonly isSoaked: boolean
  /** Every source that acts told at its latest look; only then is it known that nothing has gone wrong since. */
  readonly isCurrent: boolean
  /** It has lasted as long as it was to, seen or not. */
  readonly isTimeUp: boolean
  /** Least number of requests that the candidate must have served in it. */
  readonly leastRequests: number
}

/**
 * What a step should do next. `wait`: its time is not over. `undecided`: it is, and proved nothing; the caller's policy
 * is to say. `hold`: both versions are ill, which nobody is to be blamed for.
 */
export type Advice = 'restore' | 'advance' | 'wait' | 'undecided' | 'hold'

/** Silence never advances: without a comparison in this step, its least number of requests and a newest look that told, nothing is decided. */
export function adviceAt(judgement: Judgement, watched: Watched): Advice {
  const { finding } = judgement
  if (finding.verdict === 'regressed') return 'restore'
  // What was found at an earlier share says nothing of this one.
  if (judgement.overTime.at(-1)?.step !== watched.step) return undecidedAt(watched)
  switch (finding.verdict) {
    case 'shared-incident':
      return 'hold'
    case 'exonerated':
      return watched.isCurrent ? 'advance' : undecidedAt(watched)
    case 'inconclusive': {
      const isEnough = servedIn(judgement, watched.step) >= watched.leastRequests
      const mayAdvance = finding.because === 'no-proof-yet' && watched.isSoaked && watched.isCurrent && isEnough
      return mayAdvance ? 'advance' : undecidedAt(watched)
    }
  }
}

/** After promotion only harm is looked for. `undecided`: the watch could not see its time, or had nothing to compare. */
export function adviceOfWatch({ finding }: Judgement, watched: Watched): Advice {
  if (finding.verdict === 'regressed') return 'restore'
  const hasSeen = watched.isSoaked && watched.isCurrent && finding.because !== 'nothing-compared'
  return hasSeen ? 'advance' : undecidedAt(watched)
}

function undecidedAt({ isSoaked, isCurrent, isTimeUp }: Watched): Advice {
  return isTimeUp || (isSoaked && isCurrent) ? 'undecided' : 'wait'
}
