import type { Ramp } from './policy.ts'

const common = { pollSeconds: 15, deadlineSeconds: 30 * 60, whenInconclusive: 'hold' } as const
const step = (percent: number, soakSeconds: number) => ({ percent, soakSeconds, leastRequests: 100, approval: false })

export const PRESET_NAMES = ['immediate', 'canary', 'cautious'] as const
export type Preset = (typeof PRESET_NAMES)[number]

/** Ways from the stage to everybody, by name; the last soak is the watch after promotion. */
export const PRESETS: Readonly<Record<Preset, Ramp>> = {
  /** The checks alone decide. */
  immediate: { ...common, steps: [step(100, 0)] },
  canary: { ...common, steps: [step(1, 300), step(10, 300), step(50, 300), step(100, 300)] },
  cautious: { ...common, deadlineSeconds: 34 * 60, steps: [step(1, 360), step(5, 360), step(20, 360), step(50, 360), step(100, 360)] },
}

export const DEFAULT_PRESET: Preset = 'canary'

/** Whether any step compares the two versions; without one no source of counts is needed. */
export function hasSoak({ steps }: Ramp): boolean {
  return steps.some(({ soakSeconds }) => soakSeconds > 0)
}
