import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { judgeChecks, type Judgement } from '../../src/core/checks/judge.ts'
import type { CheckOutcome } from '../../src/core/checks/result.ts'
import { result, WANTED } from './check-samples.ts'

// The README's table is what people rely on, so it is read here and held against what the core decides.

const OUTCOMES: Readonly<Record<string, CheckOutcome>> = {
  passed: { kind: 'passed', answeredBy: WANTED },
  unproven: { kind: 'unproven' },
  failed: { kind: 'failed', expectation: 'status 200', seen: 'status 500', isProven: true },
  unknown: { kind: 'unknown', reason: 'unreachable', seen: 'ENOTFOUND' },
  blocked: { kind: 'blocked', by: 'challenge', remedy: 'a skip rule' },
}
const CONSEQUENCES: Readonly<Record<string, Judgement['verdict']>> = { 'goes on': 'healthy', waits: 'unknown', 'is rolled back': 'regressed' }

interface Row {
  readonly now: string
  readonly before: string
  readonly called: string
  readonly verdict: Judgement['verdict']
}

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const table = /<!-- verdicts:start -->\n([^]*?)<!-- verdicts:end -->/.exec(readme)?.[1] ?? ''
const rows = table.trim().split('\n').slice(2).flatMap((line): readonly Row[] => {
  const [nows = '', befores = '', called = '', consequence = ''] = line.split('|').slice(1, -1).map((cell) => cell.trim())
  const verdict = CONSEQUENCES[consequence]
  if (verdict === undefined) throw new Error(`the README says "${consequence}"`)
  const names = nows.startsWith('not passing') ? [nows] : nows.split(', ')
  const before = befores === 'anything' ? [...Object.keys(OUTCOMES), 'absent'] : befores.split(', ')
  return names.flatMap((now) => before.map((one) => ({ now, before: one, called, verdict })))
})

/** A check in one of the situations that the table has a row for. */
const check = fc.record({
  outcome: fc.constantFrom(...Object.keys(OUTCOMES)),
  failedAttempts: fc.nat(3),
  isOptional: fc.boolean(),
  before: fc.constantFrom(...Object.keys(OUTCOMES), 'absent'),
})
type Check = typeof check extends fc.Arbitrary<infer Value> ? Value : never

function rowOf({ outcome, failedAttempts, isOptional, before }: Check): Row {
  const isGood = outcome === 'passed' || outcome === 'unproven'
  const passed = outcome === 'passed' && failedAttempts > 0 ? 'passed after failures' : outcome
  const now = isOptional && !isGood ? 'not passing, but optional' : passed
  const found = rows.filter((row) => row.now === now && row.before === before)
  if (found.length !== 1) throw new Error(`the README has ${found.length} rows for ${now} after ${before}`)
  return found[0] ?? { now, before, called: '', verdict: 'unknown' }
}

function verdictOf(found: readonly Row[]): Judgement['verdict'] {
  if (found.some(({ verdict }) => verdict === 'regressed')) return 'regressed'
  return found.length === 0 || found.some(({ verdict }) => verdict === 'unknown') ? 'unknown' : 'healthy'
}

const outcomeOf = (name: string): CheckOutcome => OUTCOMES[name] ?? { kind: 'unproven' }

function judge(checks: readonly Check[]): Judgement {
  const results = checks.map((one, index) => result(outcomeOf(one.outcome), { name: `check ${index}`, failedAttempts: one.failedAttempts, isOptional: one.isOptional }))
  const preflight = checks.flatMap((one, index) => (one.before === 'absent' ? [] : [result(outcomeOf(one.before), { name: `check ${index}` })]))
  return judgeChecks(results, preflight, { judged: 'candidate', preExisting: 'warn' })
}

it('judges every set of checks as the README says', () => {
  fc.assert(
    fc.property(fc.array(check, { maxLength: 8 }), (checks) => {
      const found = checks.map(rowOf)
      const judged = judge(checks)
      expect(judged.checks.map(({ standing }) => standing)).toEqual(found.map(({ called }) => called))
      expect(judged.verdict).toBe(verdictOf(found))
    }),
    { numRuns: 2000, seed: 20_261_123 },
  )
})

it('never lets an unknown check through, whatever stands beside it', () => {
  fc.assert(
    fc.property(fc.array(check), fc.nat(), (checks, at) => {
      const unknown: Check = { outcome: 'unknown', failedAttempts: 0, isOptional: false, before: 'passed' }
      const position = at % (checks.length + 1)
      expect(judge([...checks.slice(0, position), unknown, ...checks.slice(position)]).verdict).not.toBe('healthy')
    }),
    { seed: 20_261_123 },
  )
})
