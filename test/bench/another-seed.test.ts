import { expect, test } from 'vitest'
import type { Estimate } from '../../bench/estimate.ts'
import { distancesBetween, spreadOf } from '../../bench/simulation/another-seed.ts'
import type { Row } from '../../bench/simulation/tables.ts'

function row(rule: string, rolledBack: Estimate, failedRequests: Estimate): Row {
  return { rule, figures: { 'a scenario': { runs: 100, rolledBack, medianMinutes: undefined, failedRequests } } }
}

test('measures the distance of two figures with the standard errors of both', () => {
  const first = [row('rule', { value: 0.1, error: 0.03 }, { value: 7, error: 0 })]
  const second = [row('rule', { value: 0.2, error: 0.04 }, { value: 7, error: 0 })]
  const distances = distancesBetween(first, second)
  expect(distances.map(({ figure }) => figure)).toEqual(['rolled back', 'failed requests'])
  expect(distances[0]?.distance).toBeCloseTo(2, 10)
  expect(distances[1]?.distance).toBe(0)
})

test('calls unequal figures without an error infinitely far apart', () => {
  const exact = { value: 3, error: 0 }
  const [distance] = distancesBetween([row('rule', exact, exact)], [row('rule', { value: 4, error: 0 }, exact)])
  expect(distance?.distance).toBe(Number.POSITIVE_INFINITY)
})

test('names the figure that strayed most, and how likely one of so many strays so far', () => {
  const still = { value: 1, error: 0.1 }
  const first = [row('calm', still, still), row('stray', still, still)]
  const second = [row('stray', still, { value: 1.5, error: 0.1 }), row('calm', still, still)]
  const { figures, equal, within2, largest, chance } = spreadOf(distancesBetween(first, second))
  expect([figures, equal, within2]).toEqual([4, 3, 0.75])
  expect(largest).toMatchObject({ rule: 'stray', figure: 'failed requests' })
  // Two-sided normal tail beyond 3.5355, four times.
  expect(chance).toBeCloseTo(4 * 0.000407, 5)
})

test('refuses to compare runs of different rules', () => {
  const still = { value: 1, error: 0.1 }
  expect(() => distancesBetween([row('one', still, still)], [row('other', still, still)])).toThrow('one')
})
