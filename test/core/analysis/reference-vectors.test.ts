import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { confidenceSequence } from '../../../src/core/analysis/confidence-sequence.ts'
import { betOn, freshWealth, harmHypothesis, healthHypothesis } from '../../../src/core/analysis/e-process.ts'
import type { Hypothesis } from '../../../src/core/analysis/e-process.ts'
import { logBeta, logGamma } from '../../../src/core/analysis/log-gamma.ts'
import { logMeanExp, logSumExp } from '../../../src/core/analysis/log-space.ts'
import { hypergeometricLogWeights } from '../../../src/core/analysis/odds-ratio-form.ts'
import type { Row } from './samples.ts'
import { settingsWith, stratumOf } from './samples.ts'

const number = z.number()
const vectors = z
  .object({
    strata: z.array(
      z.object({
        margin: number,
        tolerance: number,
        strata: z.array(z.tuple([number, number, number, number])),
        riskHarm: number,
        riskHealth: number,
        exactHarm: number,
        exactHealth: number,
      }),
    ),
    fisher: z.array(z.object({ candidates: number, baselines: number, bad: number, odds: number, chances: z.array(number) })),
    bounds: z.array(z.object({ bad: number, total: number, alpha: number, lower: number, upper: number })),
  })
  .parse(JSON.parse(readFileSync(new URL('reference-vectors.json', import.meta.url), 'utf8')))

function logMixture(hypothesis: Hypothesis, rows: readonly Row[]): number {
  return logMeanExp(rows.reduce((wealth, row) => betOn(hypothesis, wealth, stratumOf(row)), freshWealth(hypothesis)))
}

test.each(vectors.strata.map((one, at) => [at, one] as const))('agrees with fifty-digit arithmetic, case %i', (_at, { margin, tolerance, strata, ...logs }) => {
  const forms = { 'risk-ratio': [logs.riskHarm, logs.riskHealth], 'odds-ratio': [logs.exactHarm, logs.exactHealth] }
  for (const [form, [harm, health]] of Object.entries(forms)) {
    const settings = settingsWith({ metrics: [{ name: 'errors', kind: 'errors', form, margin, tolerance }] })
    for (const metric of settings.metrics) {
      expect(logMixture(harmHypothesis(metric, settings), strata)).toBeCloseTo(harm ?? Number.NaN, 9)
      expect(logMixture(healthHypothesis(metric, settings), strata)).toBeCloseTo(health ?? Number.NaN, 9)
    }
  }
})

test("weighs two of two against two of two at odds of two as 1 : 8 : 4, Fisher's noncentral distribution", () => {
  const weights = hypergeometricLogWeights({ candidates: 2, baselines: 2, bad: 2 }, 2).map((log) => Math.exp(log))
  expect(weights.map((weight) => Math.round(weight * 1e9) / 1e9)).toEqual([1, 8, 4])
})

test.each(vectors.fisher)('knows the chances of $bad bad among $candidates and $baselines at odds of $odds', ({ chances, odds, ...margins }) => {
  const logs = hypergeometricLogWeights(margins, odds)
  const ours = logs.map((log) => Math.exp(log - logSumExp(logs)))
  expect(ours).toHaveLength(chances.length)
  ours.forEach((chance, at) => expect(chance).toBeCloseTo(chances[at] ?? Number.NaN, 11))
})

test.each(vectors.bounds)('bounds the rate behind $bad of $total', ({ lower, upper, alpha, ...counts }) => {
  const ours = confidenceSequence(counts, alpha)
  expect(ours.lower).toBeCloseTo(lower, 10)
  expect(ours.upper).toBeCloseTo(upper, 10)
})

// Published by the confseq package, in its tests of the Bernoulli confidence interval.
test.each([
  [700, 1000, 100, 0.651629, 0.745949],
  [5, 50, 50, 0.013021, 0.269264],
  [15, 50, 50, 0.129556, 0.511896],
])('bounds %i of %i, narrowest at %i, as the confseq package does', (bad, total, narrowestAt, lower, upper) => {
  const ours = confidenceSequence({ total, bad }, 0.05, narrowestAt)
  expect(Math.abs(ours.lower - lower)).toBeLessThan(2e-6)
  expect(Math.abs(ours.upper - upper)).toBeLessThan(2e-6)
})

test('knows the logarithm of the gamma function', () => {
  let logFactorial = 0
  for (let n = 1; n <= 170; n += 1) {
    logFactorial += Math.log(n)
    expect(logGamma(n + 1)).toBeCloseTo(logFactorial, 9)
  }
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12)
  expect(logBeta(2, 3)).toBeCloseTo(Math.log(1 / 12), 12)
})
