import type { Random } from './random.ts'
import type { Minute, Scenario } from './traffic.ts'

/** True as soon as the rule rolls back, asked after each minute of the ramp. */
export type Watch = (minute: Minute) => boolean

interface RampRule {
  readonly kind: 'ramp'
  readonly name: string
  /** A fresh watch for one rollout. */
  readonly start: (scenario: Scenario) => Watch
  /** Runs relative to the others'; for what is slow to compute. */
  readonly effort: number
}

/** Sends all traffic to the candidate at once and decides by itself. */
interface AtOnceRule {
  readonly kind: 'at-once'
  readonly name: string
  readonly secondsUntilCheck: number
  /** True when its one check makes it roll back. */
  readonly check: (random: Random, scenario: Scenario) => boolean
  readonly effort: number
}

export type Rule = RampRule | AtOnceRule

export function ramp(name: string, start: RampRule['start'], effort = 1): Rule {
  return { kind: 'ramp', name, start, effort }
}
