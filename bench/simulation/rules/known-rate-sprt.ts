import type { Rule } from '../rule.ts'
import { ramp } from '../rule.ts'
import type { Scenario } from '../traffic.ts'
import { comparedOf } from '../traffic.ts'

const ALPHA = 0.05
const TIMES = 3

/** The true rate before the first step, which nobody knows in practice. */
function trueRate(scenario: Scenario): number {
  return scenario.signal === 'latency' ? 0.05 : scenario.baseRate(0)
}

/**
 * Wald's SPRT of the true base rate against three times it, on the candidate's counts alone, never accepting before the
 * ramp is over: the practical limit of speed, for who knows what nobody knows.
 */
export const knownRateSprt: Rule = ramp('SPRT, true rate known (×3)', (scenario) => {
  const rate = trueRate(scenario)
  const [perBad, perGood] = [Math.log(TIMES), Math.log((1 - TIMES * rate) / (1 - rate))]
  let log = 0
  return (minute) => {
    const { total, bad } = comparedOf(scenario, minute.candidate)
    log += bad * perBad + (total - bad) * perGood
    return log >= -Math.log(ALPHA)
  }
})
