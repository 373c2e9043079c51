import { expect, test } from 'vitest'
import { criteriaOf } from '../../bench/gradual/criteria.ts'
import type { Rollout } from '../../bench/gradual/ours.ts'

function rollout(differently: Partial<Rollout> = {}): Rollout {
  const served = { requests: 20, failed: 4, failedAboveBase: 4 }
  return { ending: 'rolled-back', reason: 'regressed', versionId: 'v', log: [], reachedPercent: 1, splitSeconds: 5, served, requestsPerSecond: 300, ...differently }
}

const good = rollout({ ending: 'promoted', reason: '', reachedPercent: 100 })
const predicted = [{ foundAt: 1, failedAboveBase: 3 }, { foundAt: 1, failedAboveBase: 5 }]

function costing(failedAboveBase: number): Rollout {
  return rollout({ served: { requests: 20, failed: 8, failedAboveBase } })
}

function verdicts(bad: readonly Rollout[], goods: readonly Rollout[] = [good]) {
  return criteriaOf({ bad, good: goods, predicted }).map(({ figure, holds }) => [holds, figure])
}

test('holds when every rollout ended as it must, soon enough and under load', () => {
  expect(verdicts([rollout(), rollout()])).toEqual([[true, '2 of 2'], [true, '1 of 1'], [true, '1.00 ± 0.25 times'], [true, '300 in the slowest']])
})

test.each([
  ['one came back from a later step', rollout({ reachedPercent: 10 })],
  ['one came back for another reason', rollout({ reason: 'deadline' })],
  ['one was promoted', rollout({ ending: 'promoted', reason: '' })],
])('does not hold when %s', (_name, one) => {
  expect(verdicts([rollout(), one])[0]).toEqual([false, '1 of 2'])
})

test('does not hold when a good version is held or taken back', () => {
  expect(verdicts([rollout()], [good, rollout()])[1]).toEqual([false, '1 of 2'])
})

test('does not hold from more than 1.5 times the predicted failures on', () => {
  expect(verdicts([costing(6)])[2]?.[0]).toBe(true)
  expect(verdicts([costing(6.1)])[2]?.[0]).toBe(false)
})

test('does not hold when any rollout, good or bad, met fewer requests than it must', () => {
  expect(verdicts([rollout({ requestsPerSecond: 199.9 })])[3]).toEqual([false, '199 in the slowest'])
  expect(verdicts([rollout()], [{ ...good, requestsPerSecond: 150 }])[3]?.[0]).toBe(false)
})

test('holds in nothing when there was no rollout', () => {
  expect(verdicts([], []).some(([holds]) => holds)).toBe(false)
})
