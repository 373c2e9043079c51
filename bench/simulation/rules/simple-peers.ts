import type { Rule } from '../rule.ts'
import { ramp } from '../rule.ts'
import type { Minute, Scenario } from '../traffic.ts'

function successPercent({ candidate }: Minute): number {
  return 100 * (1 - candidate.requests.bad / candidate.requests.total)
}

/** Whether the p99 of the candidate's times is over the limit: more than one in a hundred above it. Only where times are watched. */
function isOverLimit({ signal }: Scenario, { candidate }: Minute): boolean {
  return signal === 'latency' && candidate.slow.limit > 0.01 * candidate.requests.total
}

/** `wrangler deploy; sleep 5; curl -f || wrangler rollback`: everything at once, one request, no look at the time it took. */
export const seedScript: Rule = {
  kind: 'at-once',
  name: 'deploy; sleep 5; curl ‖ rollback',
  secondsUntilCheck: 5,
  check: (random, scenario) => random() < scenario.candidateRate(0),
  effort: 1,
}

/** The alarm of AWS SAM's example: any error of the new version in two periods of a minute in a row. */
export const samAlarm: Rule = ramp('AWS SAM alarm (errors > 0, 2 × 1 min)', () => {
  let inARow = 0
  return ({ candidate }) => {
    inARow = candidate.requests.bad > 0 ? inARow + 1 : 0
    return inARow >= 2
  }
})

/** Errors of the new version over 5 % of the step so far; silence passes. */
export const gradualDeployer: Rule = ramp('gradual-deployer (> 5 %)', () => {
  let [step, total, bad] = [-1, 0, 0]
  return (minute) => {
    if (minute.step !== step) [step, total, bad] = [minute.step, 0, 0]
    total += minute.candidate.requests.total
    bad += minute.candidate.requests.bad
    return total > 0 && bad / total > 0.05
  }
})

/** Over 1 % of errors, or too slow, in the last 30 minutes, which here is the whole ramp; too little traffic never stops the rollback. */
export const cloudRunReleaseManager: Rule = ramp('Cloud Run Release Manager (> 1 %)', (scenario) => {
  let [total, bad, overLimit] = [0, 0, 0]
  return ({ candidate }) => {
    total += candidate.requests.total
    bad += candidate.requests.bad
    overLimit += candidate.slow.limit
    const isSlow = scenario.signal === 'latency' && overLimit > 0.01 * total
    return total > 0 && (bad / total > 0.01 || isSlow)
  }
})

/** Failed checks add up over the whole analysis and are never forgiven; the rollback comes a tick after the threshold. */
export const flagger: Rule = ramp('Flagger (success ≥ 99 %, threshold 5)', (scenario) => {
  let failed = 0
  return (minute) => {
    const stops = failed >= 5
    const isSilent = minute.candidate.requests.total === 0
    if (isSilent || successPercent(minute) < 99 || isOverLimit(scenario, minute)) failed += 1
    return stops
  }
})

/** More than `failureLimit` failed measurements, or five in a row without data, which its provider reports as errors. */
export function argoRollouts(leastPercent: number): Rule {
  return ramp(`Argo Rollouts (success ≥ ${leastPercent} %, failureLimit 3)`, (scenario) => {
    let [failed, silentInARow] = [0, 0]
    return (minute) => {
      const isSilent = minute.candidate.requests.total === 0
      silentInARow = isSilent ? silentInARow + 1 : 0
      if (!isSilent && (successPercent(minute) < leastPercent || isOverLimit(scenario, minute))) failed += 1
      return failed > 3 || silentInARow > 4
    }
  })
}
