import type { Judgement } from './judgement.ts'

/** The step that is being watched. */
export interface Watched {
  readonly step: number
  /** Whether it has lasted as long as it was to. */
  readonly isOver: boolean
  /** Least number of requests that the candidate must have served in it. */
  readonly leastRequests: number
}

/**
 * What a step should do next. `wait`: its time is not over. `undecided`: it is, and proved nothing; the caller's policy
 * is to say. `hold`: both versions are ill, which nobody is to be blamed for.
 */
export type Advice = 'restore' | 'advance' | 'wait' | 'undecided' | 'hold'

/** The most that any acting metric saw the candidate serve in this step: metrics of users count fewer than those of requests. */
export function served({ metrics }: Judgement, step: number): number {
  const totals = metrics.filter(({ acts }) => acts).flatMap(({ steps }) => steps.filter((one) => one.step === step))
  return Math.max(0, ...totals.map(({ candidate }) => candidate.total))
}

/** Silence never advances: without a comparison in this step, or without its least number of requests, nothing is decided. */
export function adviceAt(judgement: Judgement, watched: Watched): Advice {
  const { finding } = judgement
  const nothingDecided = watched.isOver ? 'undecided' : 'wait'
  if (finding.verdict === 'regressed') return 'restore'
  // What was found at an earlier share says nothing of this one.
  if (judgement.overTime.at(-1)?.step !== watched.step) return nothingDecided
  switch (finding.verdict) {
    case 'shared-incident':
      return 'hold'
    case 'exonerated':
      return 'advance'
    case 'inconclusive':
      return finding.because === 'no-proof-yet' && watched.isOver && served(judgement, watched.step) >= watched.leastRequests ? 'advance' : nothingDecided
  }
}
