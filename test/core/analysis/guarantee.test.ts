import { expect, test } from 'vitest'
import { poisson, randomFrom, seedFrom } from '../../../bench/simulation/random.ts'
import { oddsRatioLog } from '../../../src/core/analysis/odds-ratio-form.ts'
import { requestsToProveHarm, requestsToProveHealth } from '../../../src/core/analysis/requests-needed.ts'
import type { RatioPair } from '../../../src/core/analysis/risk-ratio-form.ts'
import { riskRatioLog } from '../../../src/core/analysis/risk-ratio-form.ts'
import { stratumOf } from './samples.ts'

interface Configuration {
  readonly candidates: number
  readonly baselines: number
  readonly baseRate: number
  readonly candidateRate: number
  readonly pair: RatioPair
}

/** ln E[L], exact for binomial counts: L is a^x_c · b^x_b, and a and b are what the form says of one bad request each. */
function logMean({ candidates, baselines, baseRate, candidateRate, pair }: Configuration): number {
  const a = Math.exp(riskRatioLog(stratumOf([candidates, 1, baselines, 0]), pair))
  const b = Math.exp(riskRatioLog(stratumOf([candidates, 0, baselines, 1]), pair))
  return candidates * Math.log1p(candidateRate * (a - 1)) + baselines * Math.log1p(baseRate * (b - 1))
}

const random = randomFrom(seedFrom('guarantee'))
const between = (least: number, most: number) => Math.exp(Math.log(least) + random() * Math.log(most / least))

test('never expects to gain on a candidate within the margin: E[L] <= 1 in 200,000 random configurations', () => {
  let most = Number.NEGATIVE_INFINITY
  for (let count = 0; count < 200_000; count += 1) {
    const bound = between(0.2, 5)
    const baseRate = between(1e-6, 1)
    // Half of them sit right on the bound, where the mean is largest.
    const allowed = Math.min(1, bound * baseRate)
    const candidateRate = count % 2 === 0 ? allowed : allowed * random()
    const sizes = { candidates: Math.ceil(between(1, 1e5)), baselines: Math.ceil(between(1, 1e6)) }
    most = Math.max(most, logMean({ ...sizes, baseRate, candidateRate, pair: { bound, alternative: bound * between(1.01, 1000) } }))
  }
  expect(most).toBeLessThan(1e-9)
  expect(most).toBeGreaterThan(-1e-3)
})

test('never expects to gain in the reverse test on a candidate as bad as the tolerance: E[L] <= 1 in 200,000 more', () => {
  let most = Number.NEGATIVE_INFINITY
  for (let count = 0; count < 200_000; count += 1) {
    const bound = between(0.5, 10)
    const baseRate = between(1e-6, 1) * Math.min(1, 1 / bound)
    const worst = bound * baseRate
    const candidateRate = count % 2 === 0 ? worst : worst + random() * (1 - worst)
    const sizes = { candidates: Math.ceil(between(1, 1e5)), baselines: Math.ceil(between(1, 1e6)) }
    most = Math.max(most, logMean({ ...sizes, baseRate, candidateRate, pair: { bound, alternative: bound / between(1.01, 100) } }))
  }
  expect(most).toBeLessThan(1e-9)
  expect(most).toBeGreaterThan(-1e-3)
})

function choose(n: number, k: number): number {
  let product = 1
  for (let at = 1; at <= k; at += 1) product *= (n - k + at) / at
  return product
}

function binomialChance(n: number, k: number, p: number): number {
  return choose(n, k) * p ** k * (1 - p) ** (n - k)
}

function enumeratedMean({ candidates, baselines, baseRate, candidateRate, pair }: Configuration): number {
  let mean = 0
  for (let x = 0; x <= candidates; x += 1) {
    for (let y = 0; y <= baselines; y += 1) {
      const chance = binomialChance(candidates, x, candidateRate) * binomialChance(baselines, y, baseRate)
      mean += chance * Math.exp(riskRatioLog(stratumOf([candidates, x, baselines, y]), pair))
    }
  }
  return mean
}

test('has the mean that its closed form says, by enumeration of every outcome', () => {
  for (let count = 0; count < 200; count += 1) {
    const configuration = {
      candidates: 1 + Math.floor(random() * 8),
      baselines: 1 + Math.floor(random() * 12),
      baseRate: random(),
      candidateRate: random(),
      pair: { bound: between(0.5, 2), alternative: between(0.3, 20) },
    }
    expect(Math.log(enumeratedMean(configuration))).toBeCloseTo(logMean(configuration), 9)
  }
})

test('has a mean of exactly one in the exact form, given the number of bad requests, when the odds are at the bound', () => {
  for (let count = 0; count < 300; count += 1) {
    const [candidates, baselines] = [1 + Math.floor(random() * 12), 1 + Math.floor(random() * 30)]
    const bad = Math.floor(random() * (candidates + baselines + 1))
    const pair = { bound: between(0.3, 4), alternative: between(0.2, 50) }
    let [mean, all] = [0, 0]
    for (let x = Math.max(0, bad - baselines); x <= Math.min(candidates, bad); x += 1) {
      const weight = choose(candidates, x) * choose(baselines, bad - x) * pair.bound ** x
      all += weight
      mean += weight * Math.exp(oddsRatioLog(stratumOf([candidates, x, baselines, bad - x]), pair))
    }
    expect(mean / all).toBeCloseTo(1, 9)
  }
})

// Tables of the reference: expected bad requests of an unchanged candidate, in the limit of a tiny share, alpha .05.
const tiny = { baseRate: 0.001, candidateShare: 1e-9, alpha: 0.05 }
test.each([
  [1.5, 27.7, 46.9],
  [2, 7.76, 13.1],
  [3, 2.31, 3.92],
  [5, 0.74, 1.25],
  [10, 0.214, 0.362],
  [20, 0.073, 0.124],
  [100, 0.008, 0.014],
])('knows how many requests prove a worsening by %f', (ratio, alone, onGrid) => {
  const expected = (gridSize: number) => requestsToProveHarm({ ...tiny, ratio, gridSize }) * tiny.baseRate
  expect(expected(1) / alone).toBeGreaterThan(0.96)
  expect(expected(1) / alone).toBeLessThan(1.04)
  expect(Math.abs(expected(8) - onGrid) / onGrid).toBeLessThan(0.04)
})

test.each([
  [1.5, 31.7, 46.4],
  [2, 9.76, 14.3],
  [3, 3.32, 4.86],
  [5, 1.25, 1.83],
  [10, 0.447, 0.654],
])('knows how many requests prove that a candidate is not worse by %f', (ratio, alone, onGrid) => {
  const expected = (gridSize: number) => requestsToProveHealth({ ...tiny, ratio, gridSize }) * tiny.baseRate
  expect(Math.abs(expected(1) - alone) / alone).toBeLessThan(0.01)
  expect(Math.abs(expected(4) - onGrid) / onGrid).toBeLessThan(0.01)
})

/** Mean requests until proof by a single bet, and how far beyond the threshold the last error carried it. */
function simulate(truth: number, pair: RatioPair, { candidates, baselines }: { readonly candidates: number; readonly baselines: number }) {
  const [runs, threshold] = [4000, Math.log(20)]
  let [requests, beyond] = [0, 0]
  for (let run = 0; run < runs; run += 1) {
    let log = 0
    while (log < threshold) {
      const [x, y] = [poisson(random, candidates * tiny.baseRate * truth), poisson(random, baselines * tiny.baseRate)]
      log += riskRatioLog(stratumOf([candidates, x, baselines, y]), pair)
      requests += candidates
    }
    beyond += log - threshold
  }
  return { requests: requests / runs, beyond: beyond / runs / threshold }
}

// The formula stops right at the threshold; the error that crosses it carries a little further (Wald's identity), by a
// share of the way that is measured in the same runs and taken off.
test.each([1.5, 2, 3, 5, 10, 20].flatMap((ratio) => [['harm', ratio] as const, ['health', ratio] as const]))(
  'needs the requests that the formula says to prove %s at a ratio of %f, within a tenth',
  (what, ratio) => {
    const question = { ratio, baseRate: tiny.baseRate, candidateShare: 0.05, alpha: 0.05, gridSize: 1 }
    const formula = what === 'harm' ? requestsToProveHarm(question) : requestsToProveHealth(question)
    const candidates = Math.max(1, Math.round(formula / 100))
    const pair = what === 'harm' ? { alternative: ratio, bound: 1 } : { alternative: 1, bound: ratio }
    const { requests, beyond } = simulate(what === 'harm' ? ratio : 1, pair, { candidates, baselines: candidates * 19 })
    expect(requests / (1 + beyond) / formula).toBeGreaterThan(0.9)
    expect(requests / (1 + beyond) / formula).toBeLessThan(1.1)
  },
)
