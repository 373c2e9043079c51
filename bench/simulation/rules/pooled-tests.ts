import type { Counts } from '../../../src/core/analysis/counts.ts'
import { addCounts, NOTHING } from '../../../src/core/analysis/counts.ts'
import type { Rule } from '../rule.ts'
import { ramp } from '../rule.ts'
import { comparedOf } from '../traffic.ts'

interface Difference {
  readonly difference: number
  /** Of the difference, if both versions had the same rate. */
  readonly nullVariance: number
  /** Of the difference, with each version's own rate. */
  readonly variance: number
}

function varianceOfMean({ total, bad }: Counts, size: number): number {
  return ((bad / total) * (1 - bad / total)) / size
}

/** Both versions' rates over the whole ramp, as one who ignores its steps compares them. */
function differenceOf(candidate: Counts, baseline: Counts): Difference | undefined {
  if (candidate.total === 0 || baseline.total === 0) return undefined
  const all = addCounts(candidate, baseline)
  const nullVariance = varianceOfMean(all, candidate.total) + varianceOfMean(all, baseline.total)
  const variance = varianceOfMean(candidate, candidate.total) + varianceOfMean(baseline, baseline.total)
  return { difference: candidate.bad / candidate.total - baseline.bad / baseline.total, nullVariance, variance }
}

function pooled(name: string, stops: (seen: Difference) => boolean): Rule {
  return ramp(name, (scenario) => {
    let [candidate, baseline]: [Counts, Counts] = [NOTHING, NOTHING]
    return (minute) => {
      candidate = addCounts(candidate, comparedOf(scenario, minute.candidate))
      baseline = addCounts(baseline, comparedOf(scenario, minute.baseline))
      const seen = differenceOf(candidate, baseline)
      return seen !== undefined && stops(seen)
    }
  })
}

/** A one-sided z-test at 5 %, looked at every minute as if each look were the only one. */
export const peekedZ: Rule = pooled('z-test, peeked at each poll', ({ difference, nullVariance }) => difference > 1.644_853_627 * Math.sqrt(nullVariance))

/** The mixture SPRT of Johari et al. with a normal mixture of spread .01, at 5 %, in the harmful direction. */
export const mixtureSprt: Rule = pooled('mSPRT (τ = 0.01)', ({ difference, variance }) => {
  // A candidate that always fails has no variance of its own; nor has one before the first error.
  if (variance === 0) return false
  const spread = 0.01 ** 2
  const log = 0.5 * Math.log(variance / (variance + spread)) + (spread * difference ** 2) / (2 * variance * (variance + spread))
  return difference > 0 && log >= Math.log(20)
})
