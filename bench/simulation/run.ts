import type { Random } from './random.ts'
import { poisson, randomFrom, seedFrom } from './random.ts'
import type { Rule } from './rule.ts'
import type { Scenario } from './traffic.ts'
import { drawMinute, failedOf, MINUTES } from './traffic.ts'

/** One rollout: when it was rolled back, if it was, and the failed requests that the candidate had served by then. */
export interface Rollout {
  readonly minutesToRollback: number | undefined
  readonly failedRequests: number
}

function runRamp(random: Random, scenario: Scenario, rule: Extract<Rule, { kind: 'ramp' }>): Rollout {
  const rollsBack = rule.start(scenario)
  let failedRequests = 0
  for (let minute = 0; minute < MINUTES; minute += 1) {
    const seen = drawMinute(random, scenario, minute)
    failedRequests += failedOf(scenario, seen.candidate)
    if (rollsBack(seen)) return { minutesToRollback: minute + 1, failedRequests }
  }
  return { minutesToRollback: undefined, failedRequests }
}

/** All of the traffic is the candidate's, for a few seconds or for as long as the others' ramp lasts. */
function runAtOnce(random: Random, scenario: Scenario, rule: Extract<Rule, { kind: 'at-once' }>): Rollout {
  const minutesToCheck = rule.secondsUntilCheck / 60
  const isRolledBack = rule.check(random, scenario)
  let failedRequests = 0
  for (let minute = 0; minute < (isRolledBack ? 1 : MINUTES); minute += 1) {
    const whole = { ...scenario, requestsPerMinute: scenario.requestsPerMinute * (isRolledBack ? minutesToCheck : 1) }
    failedRequests += failedAt(random, whole, minute)
  }
  return { minutesToRollback: isRolledBack ? minutesToCheck : undefined, failedRequests }
}

function failedAt(random: Random, scenario: Scenario, minute: number): number {
  if (scenario.signal === 'errors') {
    const users = poisson(random, (scenario.requestsPerMinute / scenario.requestsPerUser) * scenario.candidateRate(minute))
    return users * scenario.requestsPerUser
  }
  // A whole ramp's share of 25 % is scaled up to all of the traffic.
  const seen = drawMinute(random, { ...scenario, requestsPerMinute: scenario.requestsPerMinute * 4 }, MINUTES - 1)
  return failedOf(scenario, seen.candidate)
}

/** Many rollouts of one rule in one scenario; the same traffic for every rule of the same number of runs. */
export function rolloutsOf(rule: Rule, scenario: Scenario, { runs, seed }: { readonly runs: number; readonly seed: number }): readonly Rollout[] {
  const count = Math.max(1, Math.round(runs * rule.effort))
  return Array.from({ length: count }, (_, at) => {
    const random = randomFrom(seedFrom(`${seed}/${scenario.name}/${at}`))
    return rule.kind === 'ramp' ? runRamp(random, scenario, rule) : runAtOnce(random, scenario, rule)
  })
}
