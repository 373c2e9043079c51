import { expect, test } from 'vitest'
import { distancesFromStudy } from '../../../bench/simulation/beside-the-study.ts'
import type { RuleFigures } from '../../../bench/simulation/figures.ts'
import { figuresOf } from '../../../bench/simulation/figures.ts'
import { PUBLISHED } from '../../../bench/simulation/published.ts'
import { poisson, randomFrom, seedFrom } from '../../../bench/simulation/random.ts'
import type { Rule } from '../../../bench/simulation/rule.ts'
import { KNOWN_RATE, OURS, PEERS, VARIANTS } from '../../../bench/simulation/rules/all.ts'
import { isHigh } from '../../../bench/simulation/rules/kayenta.ts'
import { ours, pollOf, settingsFor } from '../../../bench/simulation/rules/ours.ts'
import { rolloutsOf } from '../../../bench/simulation/run.ts'
import { sayingsIn } from '../../../bench/simulation/sayings.ts'
import { LATE_BREAKAGE, SCENARIOS } from '../../../bench/simulation/scenarios.ts'
import { ALPHA, exceedsAlpha } from '../../../bench/simulation/tables.ts'
import type { Scenario } from '../../../bench/simulation/traffic.ts'
import { drawMinute, MINUTES } from '../../../bench/simulation/traffic.ts'
import { requestsToProveHarm } from '../../../src/core/analysis/requests-needed.ts'
import { judgeAnalysis } from '../../../src/core/analysis/verdict.ts'

const SEED = 7
const seen = new Map<string, RuleFigures>()

function figures(rule: Rule, scenario: Scenario, runs = 1000): RuleFigures {
  const key = `${rule.name}/${scenario.name}/${runs}`
  const known = seen.get(key) ?? figuresOf(rolloutsOf(rule, scenario, { runs, seed: SEED }))
  seen.set(key, known)
  return known
}

function named(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name)
  if (found === undefined) throw new Error(`no scenario is named ${name}`)
  return found
}

const nulls = SCENARIOS.filter(({ isNull }) => isNull)

test.each(nulls.map((scenario) => [scenario.name, scenario] as const))('rolls a good candidate back in at most alpha of all rollouts: %s', (_name, scenario) => {
  expect(figures(OURS, scenario).rolledBack.value).toBeLessThanOrEqual(ALPHA)
})

test.each(['shared incident, 1k rpm', 'base rate jumps, 1k rpm'])('meets at least five peers that roll good candidates back more often than alpha: %s', (name) => {
  const beyond = PEERS.filter((peer) => exceedsAlpha(figures(peer, named(name), 250)))
  expect(beyond.length).toBeGreaterThanOrEqual(5)
  expect(exceedsAlpha(figures(OURS, named(name)))).toBe(false)
})

test.each(['×20, 1k rpm, 0.1 %', '50 % broken, 1k rpm'])('costs at most 1.6 times the failed requests of the test that knows the true rate: %s', (name) => {
  const [us, limit] = [figures(OURS, named(name)), figures(KNOWN_RATE, named(name))]
  expect(us.rolledBack.value).toBeGreaterThan(0.99)
  expect(us.failedRequests.value).toBeLessThanOrEqual(1.6 * limit.failedRequests.value)
})

test.each(PUBLISHED.map((published) => [published.rule, published] as const))('agrees with the study before it: %s', (name, published) => {
  const rule = [OURS, ...PEERS, KNOWN_RATE, ...VARIANTS].find((one) => one.name === name)
  if (rule === undefined) throw new Error(`no rule is named ${name}`)
  const ofRule = Object.fromEntries(SCENARIOS.map((scenario) => [scenario.name, figures(rule, scenario, name === OURS.name ? 1000 : 400)]))
  for (const [scenario, { medianMinutes }] of Object.entries(published.figures)) {
    // The median of what was rolled back; where that was rare, it is anybody's guess.
    const here = ofRule[scenario]
    if (medianMinutes === undefined || here === undefined || here.rolledBack.value < 0.5) continue
    expect(Math.abs((here.medianMinutes?.value ?? Number.NaN) - medianMinutes.value), scenario).toBeLessThanOrEqual(1)
  }
  for (const { scenario, figure, distance } of distancesFromStudy({ rule: name, figures: ofRule }, published)) {
    expect(distance, `${scenario}, ${figure}`).toBeLessThan(3.5)
  }
})

test.each([
  ['×5, 1k rpm, 0.1 %', 5, 0.001, 1000],
  ['×2, 10k rpm, 0.1 %', 2, 0.001, 10_000],
])('detects at the minute that the formula says, within a tenth: %s', (name, ratio, baseRate, requestsPerMinute) => {
  const needed = requestsToProveHarm({ ratio, baseRate, candidateShare: 1e-9, alpha: ALPHA, gridSize: 8 })
  // The first two steps' ten minutes carry 6 % of ten minutes' traffic; the rest comes at a quarter of it a minute.
  const minute = 20 + (needed - 0.6 * requestsPerMinute) / (0.25 * requestsPerMinute)
  expect(Math.abs((figures(OURS, named(name)).medianMinutes?.value ?? Number.NaN) / minute - 1)).toBeLessThan(0.1)
})

test('keeps its figures within their standard errors under another seed', () => {
  for (const scenario of [named('×5, 1k rpm, 0.1 %'), named('null, 1k rpm, 1 %')]) {
    const [one, other] = [figures(OURS, scenario), figuresOf(rolloutsOf(OURS, scenario, { runs: 1000, seed: 8 }))]
    expect(one).not.toEqual(other)
    for (const kind of ['rolledBack', 'failedRequests'] as const) {
      const apart = Math.abs(one[kind].value - other[kind].value) / Math.hypot(one[kind].error, other[kind].error)
      expect(apart).toBeLessThan(4)
    }
  }
})

test('gives the same figures for the same seed', () => {
  const scenario = named('×20, 1k rpm, 0.1 %')
  expect(rolloutsOf(OURS, scenario, { runs: 20, seed: 3 })).toEqual(rolloutsOf(OURS, scenario, { runs: 20, seed: 3 }))
})

test('would be caught if it counted requests where whole users fail', () => {
  const careless = ours('counting requests', { countsRequests: true })
  expect(exceedsAlpha(figures(careless, named('null, clustered users, 1k rpm, 1 %')))).toBe(true)
})

test('is simulated by the very judgement that a rollout asks for', () => {
  for (const scenario of [named('×5, 1k rpm, 0.1 %'), named('latency ×1.5, 1k rpm'), named('shared incident, 1k rpm')]) {
    const settings = settingsFor(scenario)
    rolloutsOf(OURS, scenario, { runs: 15, seed: SEED }).forEach(({ minutesToRollback }, run) => {
      const random = randomFrom(seedFrom(`${SEED}/${scenario.name}/${run}`))
      const polls = Array.from({ length: minutesToRollback ?? MINUTES }, (_, minute) => pollOf(scenario, drawMinute(random, scenario, minute)))
      const isRegressed = (some: typeof polls) => judgeAnalysis(settings, some).finding.verdict === 'regressed'
      expect(isRegressed(polls)).toBe(minutesToRollback !== undefined)
      expect(isRegressed(polls.slice(0, (minutesToRollback ?? 1) - 1))).toBe(false)
    })
  }
})

test.each([0.3, 4, 25, 900])('draws Poisson counts with the right mean, variance and chance of few, at %f', (mean) => {
  const random = randomFrom(seedFrom(`poisson ${mean}`))
  const draws = Array.from({ length: 40_000 }, () => poisson(random, mean))
  const average = draws.reduce((sum, one) => sum + one, 0) / draws.length
  const variance = draws.reduce((sum, one) => sum + (one - average) ** 2, 0) / draws.length
  expect(Math.abs(average - mean)).toBeLessThan(4 * Math.sqrt(mean / draws.length))
  expect(Math.abs(variance / mean - 1)).toBeLessThan(4 * Math.sqrt((2 + 1 / mean) / draws.length))
  let [term, cumulative] = [Math.exp(-mean), 0]
  for (let count = 0; count <= Math.floor(mean); count += 1) {
    cumulative += term
    term *= mean / (count + 1)
  }
  const seenShare = draws.filter((one) => one <= Math.floor(mean)).length / draws.length
  if (mean < 700) expect(Math.abs(seenShare - cumulative)).toBeLessThan(4 * 0.5 / Math.sqrt(draws.length))
})

test('tells what the hard stop adds from what was proven', () => {
  const { harmProven, grosslyBroken } = sayingsIn(LATE_BREAKAGE, { runs: 100, seed: SEED })
  expect(grosslyBroken).toBeGreaterThan(0.1)
  expect(harmProven).toBeGreaterThan(0.1)
  expect(harmProven + grosslyBroken).toBeCloseTo(1, 10)
})

test("judges as Kayenta's classifier: shifted samples are high, equal ones are not", () => {
  const control = Array.from({ length: 20 }, (_, at) => 0.01 + at / 1000)
  expect(isHigh(control.map((value) => value + 0.1), control)).toBe(true)
  expect(isHigh(control, control)).toBe(false)
  expect(isHigh(control.map((value) => value - 0.005), control)).toBe(false)
})
