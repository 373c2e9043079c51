import type { Ramp } from '../policy.ts'

/** The number by which polls name the step with this share; -1 for the stage, which is none. */
export function placeOf({ steps }: Ramp, percent: number): number {
  return steps.findIndex((step) => step.percent === percent)
}
