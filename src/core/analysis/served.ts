import type { Judgement } from './judgement.ts'

/** The most that any acting metric saw the candidate serve in a step: metrics of users count fewer than those of requests. */
export function servedIn({ metrics }: Judgement, step: number): number {
  const figures = metrics.filter(({ acts }) => acts).flatMap(({ steps }) => steps.filter((one) => one.step === step))
  return Math.max(0, ...figures.map(({ candidate }) => candidate.total))
}
