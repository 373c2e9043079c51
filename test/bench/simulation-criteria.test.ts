import { expect, test } from 'vitest'
import type { Estimate } from '../../bench/estimate.ts'
import type { Spread } from '../../bench/simulation/another-seed.ts'
import { criteriaOf, type Board } from '../../bench/simulation/criteria.ts'
import { SCENARIOS } from '../../bench/simulation/scenarios.ts'
import type { Row } from '../../bench/simulation/tables.ts'

const JUMP = 'base rate jumps, 1k rpm'
const TWENTYFOLD = '×20, 1k rpm, 0.1 %'

interface Odd {
  readonly scenario: string
  readonly rolledBack?: Estimate
  readonly failed?: number
}

/** Never rolls a good candidate back, and fails three requests of a bad one; but for one scenario. */
function row(rule: string, odd?: Odd): Row {
  const figures = SCENARIOS.map(({ name, isNull }) => {
    const usual = { value: isNull ? 0.01 : 1, error: 0.002 }
    const { rolledBack = usual, failed = 3 } = odd?.scenario === name ? odd : {}
    return [name, { runs: 4000, rolledBack, medianMinutes: undefined, failedRequests: { value: failed, error: 0.03 } }] as const
  })
  return { rule, figures: Object.fromEntries(figures) }
}

const always = { value: 1, error: 0.001 }
const rash: Row = { rule: 'rash', figures: Object.fromEntries(SCENARIOS.map(({ name }) => [name, { runs: 4000, rolledBack: always, medianMinutes: undefined, failedRequests: { value: 1, error: 0.03 } }])) }
const spread: Spread = { figures: 300, equal: 10, within2: 0.95, largest: { rule: 'rash', scenario: JUMP, figure: 'rolled back', distance: 2.9 }, chance: 0.9 }
const board: Board = { ours: row('ours'), peers: Array.from({ length: 5 }, () => rash), limit: row('limit'), spread }

function broken(differently: Partial<Board>): readonly string[] {
  return criteriaOf({ ...board, ...differently }, SCENARIOS).flatMap(({ demand, holds }) => (holds ? [] : [demand]))
}

test('holds when Sleepwell stays within alpha where five peers do not, and near the limit', () => {
  expect(broken({})).toEqual([])
})

test('allows two standard errors above alpha, and no more, in every scenario where nothing is wrong', () => {
  for (const { name: scenario } of SCENARIOS.filter(({ isNull }) => isNull)) {
    expect(broken({ ours: row('ours', { scenario, rolledBack: { value: 0.056, error: 0.0035 } }) })).toEqual([])
    expect(broken({ ours: row('ours', { scenario, rolledBack: { value: 0.058, error: 0.0035 } }) })).toEqual([expect.stringContaining('false rollbacks')])
  }
})

test('wants five peers above alpha in the shared incident and in the jump of the base rate', () => {
  const calm = row('calm', { scenario: 'shared incident, 1k rpm', rolledBack: always })
  expect(broken({ peers: [rash, rash, rash, rash, calm] })).toEqual([expect.stringContaining(JUMP)])
})

test('allows 1.6 times the failed requests of the limit', () => {
  expect(broken({ ours: row('ours', { scenario: TWENTYFOLD, failed: 4.79 }) })).toEqual([])
  expect(broken({ ours: row('ours', { scenario: TWENTYFOLD, failed: 4.81 }) })).toEqual([expect.stringContaining(TWENTYFOLD)])
})

test('does not take a distance between two seeds for chance that is none', () => {
  expect(broken({ spread: { ...spread, chance: 0.009 } })).toEqual([expect.stringContaining('another seed')])
})
