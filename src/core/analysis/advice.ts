import type { Judgement } from './judgement.ts'

export interface Soak {
  /** Whether the step has lasted as long as it was to. */
  readonly isOver: boolean
  /** Least number of requests that the candidate must have served in this step. */
  readonly leastRequests: number
  readonly step: number
}

/** What a step should do next. `hold` is for the caller's policy: wait until the deadline, then hold, promote or roll back. */
export type Advice = 'restore' | 'advance' | 'hold'

/** The most that any acting metric saw the candidate serve in this step: metrics of users count fewer than those of requests. */
function served({ metrics }: Judgement, step: number): number {
  const totals = metrics.filter(({ acts }) => acts).flatMap(({ steps }) => steps.filter((one) => one.step === step))
  return Math.max(0, ...totals.map(({ candidate }) => candidate.total))
}

/** Silence never advances: without a comparison in this step, or without its least number of requests, the answer is to hold. */
export function adviceAt(judgement: Judgement, soak: Soak): Advice {
  const { finding } = judgement
  switch (finding.verdict) {
    case 'regressed':
      return 'restore'
    case 'shared-incident':
      return 'hold'
    case 'exonerated':
      return 'advance'
    case 'inconclusive':
      return finding.because === 'no-proof-yet' && soak.isOver && served(judgement, soak.step) >= soak.leastRequests ? 'advance' : 'hold'
  }
}
