import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { adviceAt } from '../../../src/core/analysis/advice.ts'
import type { Poll } from '../../../src/core/analysis/counts.ts'
import { judgeAnalysis } from '../../../src/core/analysis/verdict.ts'
import { over, pollsOf, settingsWith } from './samples.ts'

const SEED = { seed: 20_261_123 }
const settings = settingsWith({
  metrics: [
    { name: 'errors', kind: 'errors', usual: { total: 1000, bad: 1 } },
    { name: 'slow', kind: 'latency', form: 'odds-ratio', margin: 1.25 },
    { name: 'tried', kind: 'errors', acts: false },
  ],
})

const counts = fc.tuple(fc.nat(2000), fc.nat(100)).map(([total, share]) => ({ total, bad: Math.floor((total * share) / 100) }))
const stratum = fc.record({ candidate: counts, baseline: counts })
const metrics = fc.record({ errors: stratum, slow: stratum, tried: stratum }, { requiredKeys: [] })
const poll = fc.record({ step: fc.nat(3), atSeconds: fc.nat(10_000), metrics })

const oddNumber = fc.oneof(fc.double(), fc.constantFrom(Number.MAX_SAFE_INTEGER, -1, -0, 1e308, Number.POSITIVE_INFINITY, Number.NaN), fc.nat(), fc.maxSafeInteger())
const oddCounts = fc.record({ total: oddNumber, bad: oddNumber })
const hugeCounts = fc.tuple(fc.maxSafeNat(), fc.maxSafeNat()).map(([one, other]) => ({ total: Math.max(one, other), bad: Math.min(one, other) }))
const anyCounts = fc.oneof(counts, hugeCounts, oddCounts)
const absurdStratum = fc.record({ candidate: anyCounts, baseline: anyCounts })
const absurdMetrics = fc.dictionary(fc.constantFrom('errors', 'slow', 'tried', '__proto__', 'constructor'), absurdStratum)
const absurdPoll = fc.record({ step: fc.nat(5), atSeconds: fc.nat(), metrics: absurdMetrics })

function expectClose(one: number, other: number): void {
  expect(Math.abs(Math.log(one) - Math.log(other))).toBeLessThan(1e-6)
}

const inTheSameWindow = (polls: readonly Poll[]) => polls.map((one) => ({ ...one, step: 0 }))

test('comes to the same evidence in whatever order the polls of a step came', () => {
  const arranged = fc.array(poll, { maxLength: 20 }).chain((polls) => fc.tuple(fc.constant(polls), fc.shuffledSubarray(polls, { minLength: polls.length })))
  fc.assert(
    fc.property(arranged, ([polls, shuffled]) => {
      const [one, other] = [judgeAnalysis(settings, inTheSameWindow(polls)), judgeAnalysis(settings, inTheSameWindow(shuffled))]
      expectClose(one.harm.now, other.harm.now)
      expectClose(one.health.now, other.health.now)
      expect(one.metrics.map(({ steps }) => steps.map(({ candidate, baseline }) => [candidate, baseline]))).toEqual(
        other.metrics.map(({ steps }) => steps.map(({ candidate, baseline }) => [candidate, baseline])),
      )
    }),
    SEED,
  )
})

test('answers with finite numbers that survive being saved, whatever it is given', () => {
  fc.assert(
    fc.property(fc.array(absurdPoll, { maxLength: 6 }), (polls) => {
      const judgement = judgeAnalysis(settings, polls)
      // JSON turns NaN and both infinities into null.
      expect(JSON.parse(JSON.stringify(judgement))).toEqual(judgement)
      for (const { harm, health } of judgement.overTime) {
        expect(harm).toBeGreaterThan(0)
        expect(health).toBeGreaterThan(0)
      }
      for (const { candidateRate, baselineRate } of judgement.metrics.flatMap(({ steps }) => steps)) {
        for (const { rate, lower, upper } of [candidateRate, baselineRate]) {
          expect(0 <= lower && lower <= rate && rate <= upper && upper <= 1).toBe(true)
        }
      }
    }),
    { ...SEED, numRuns: 200 },
  )
})

test('decides nothing where one version served nothing, however bad the other is', () => {
  const served = counts.map(({ total, bad }) => ({ total: total + 1, bad }))
  const nothing = { total: 0, bad: 0 }
  const oneSided = fc.boolean().chain((isCandidate) => served.map((one) => (isCandidate ? { candidate: one, baseline: nothing } : { candidate: nothing, baseline: one })))
  const silent = fc.record({ step: fc.nat(3), atSeconds: fc.nat(), metrics: fc.record({ errors: oneSided, slow: oneSided }) })
  fc.assert(
    fc.property(fc.array(silent, { maxLength: 12 }), (polls) => {
      const judgement = judgeAnalysis(settings, polls)
      expect([judgement.harm.now, judgement.harm.peak, judgement.health.now]).toEqual([1, 1, 1])
      expect(['inconclusive', 'shared-incident']).toContain(judgement.finding.verdict)
      expect(adviceAt(judgement, { ...over, leastRequests: 0, step: polls.at(-1)?.step ?? 0 })).not.toBe('advance')
    }),
    SEED,
  )
})

test('takes counts that nobody can have counted for unknown', () => {
  const rows = [
    [10, 11, 100, 0],
    [-5, -9, 100, 0],
    [10.5, 3, 100, 0],
    [Number.NaN, 1, 100, 0],
    [2 ** 60, 2 ** 59, 100, 0],
  ] as const
  for (const row of rows) {
    const { finding, metrics: figures } = judgeAnalysis(settingsWith(), pollsOf([row]))
    expect(finding).toEqual({ verdict: 'inconclusive', because: 'nothing-compared' })
    expect(figures[0]?.steps[0]?.unknownPolls).toBe(1)
  }
})

test('never counts fewer bad requests of the candidate as more evidence for harm', () => {
  fc.assert(
    fc.property(fc.array(poll, { minLength: 1, maxLength: 10 }), fc.nat(100), (polls, taken) => {
      const better = polls.map((one) => {
        const errors = one.metrics.errors
        if (errors === undefined) return one
        const candidate = { ...errors.candidate, bad: Math.max(0, errors.candidate.bad - taken) }
        return { ...one, metrics: { ...one.metrics, errors: { ...errors, candidate } } }
      })
      const [worse, well] = [judgeAnalysis(settings, polls), judgeAnalysis(settings, better)]
      expect(Math.log(well.harm.now)).toBeLessThanOrEqual(Math.log(worse.harm.now) + 1e-9)
      expect(Math.log(well.health.now)).toBeGreaterThanOrEqual(Math.log(worse.health.now) - 1e-9)
    }),
    SEED,
  )
})
