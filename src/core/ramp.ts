import type { PolicyStep, Ramp } from './policy.ts'

/** How much later than the traffic a source may tell its counts. */
export const LONGEST_LAG_SECONDS = 900

/** Which step of the ramp has this share; -1 at the stage. */
export function placeOf({ steps }: Ramp, percent: number): number {
  return steps.findIndex((step) => step.percent === percent)
}

export function stepAt({ steps }: Ramp, percent: number): PolicyStep | undefined {
  return steps.find((step) => step.percent === percent)
}

export function nextStep({ steps }: Ramp, percent: number): PolicyStep | undefined {
  return steps.find((step) => step.percent > percent)
}

/** The share from which the candidate is raised to this one; 0 is the stage. */
export function percentBefore({ steps }: Ramp, percent: number): number {
  return steps.findLast((step) => step.percent < percent)?.percent ?? 0
}
