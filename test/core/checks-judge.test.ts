import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeChecks, type Judged, type Standing } from '../../src/core/checks/judge.ts'
import type { CheckOutcome } from '../../src/core/checks/result.ts'
import { result, WANTED } from './check-samples.ts'

const passed: CheckOutcome = { kind: 'passed', answeredBy: WANTED }
const unproven: CheckOutcome = { kind: 'unproven' }
const failed: CheckOutcome = { kind: 'failed', expectation: 'status 200', seen: 'status 500', isProven: true }
const noProof: CheckOutcome = { kind: 'unknown', reason: 'no-proof', seen: 'status 200' }
const lost: CheckOutcome = { kind: 'unknown', reason: 'unreachable', seen: 'ENOTFOUND' }
const blocked: CheckOutcome = { kind: 'blocked', by: 'challenge', remedy: 'skip rule' }

const outcomes = { passed, unproven, failed, noProof, lost, blocked, absent: undefined }

function judge(now: CheckOutcome, before: CheckOutcome | undefined, judged: Judged, preExisting: 'warn' | 'block' = 'warn') {
  const { verdict, checks } = judgeChecks([result(now)], before === undefined ? [] : [result(before)], { judged, preExisting })
  return `${checks[0]?.standing} → ${verdict}`
}

/** Rows: the version judged; columns: the baseline in preflight. */
const CANDIDATE: Record<'passed' | 'unproven' | 'failed' | 'noProof' | 'lost' | 'blocked', Record<keyof typeof outcomes, Standing>> = {
  passed: {
    passed: 'passed', unproven: 'passed', failed: 'fixed', noProof: 'passed', lost: 'passed', blocked: 'passed', absent: 'passed',
  },
  unproven: {
    passed: 'unproven', unproven: 'unproven', failed: 'unproven', noProof: 'unproven', lost: 'unproven', blocked: 'unproven',
    absent: 'unproven',
  },
  failed: {
    passed: 'regressed', unproven: 'regressed', failed: 'pre-existing', noProof: 'regressed', lost: 'regressed',
    blocked: 'regressed', absent: 'regressed',
  },
  noProof: {
    passed: 'unknown', unproven: 'unknown', failed: 'unknown', noProof: 'unknown', lost: 'unknown', blocked: 'unknown',
    absent: 'unknown',
  },
  lost: {
    passed: 'unknown', unproven: 'unknown', failed: 'unknown', noProof: 'unknown', lost: 'unknown', blocked: 'unknown',
    absent: 'unknown',
  },
  blocked: {
    passed: 'blocked', unproven: 'blocked', failed: 'blocked', noProof: 'blocked', lost: 'blocked', blocked: 'blocked',
    absent: 'blocked',
  },
}

const VERDICTS: Record<Standing, string> = {
  passed: 'healthy', flaky: 'healthy', tolerated: 'healthy', unproven: 'healthy', fixed: 'healthy', 'pre-existing': 'healthy', regressed: 'regressed', failed: 'regressed',
  unknown: 'unknown', blocked: 'unknown',
}

describe('judging a candidate beside its baseline', () => {
  it('follows one table', () => {
    for (const [now, row] of Object.entries(CANDIDATE)) {
      for (const [before, standing] of Object.entries(row)) {
        const seen = judge(Reflect.get(outcomes, now), Reflect.get(outcomes, before), 'candidate')
        expect(`${now} after ${before}: ${seen}`).toBe(`${now} after ${before}: ${standing} → ${VERDICTS[standing]}`)
      }
    }
  })

  it('calls a check flaky that passed only after failures', () => {
    const judged = judgeChecks([result(outcomes.passed, { attempts: 3, failedAttempts: 2 })], [], { judged: 'candidate', preExisting: 'warn' })
    expect([judged.verdict, judged.checks[0]?.standing]).toEqual(['healthy', 'flaky'])
  })

  it('tolerates a part that is optional, whatever it came to', () => {
    const judged = judgeChecks([result(outcomes.passed), result(outcomes.failed, { name: 'health/mail', isOptional: true })], [], { judged: 'candidate', preExisting: 'block' })
    expect([judged.verdict, judged.checks[1]?.standing]).toEqual(['healthy', 'tolerated'])
  })

  it('blocks on what was broken before only when told to, and never a restored baseline', () => {
    expect(judge(failed, failed, 'candidate', 'block')).toBe('pre-existing → regressed')
    expect(judge(failed, failed, 'baseline', 'block')).toBe('pre-existing → healthy')
  })
})

describe('judging a restored baseline', () => {
  it('is healthy when it is no worse than it was in preflight', () => {
    expect(judge(failed, failed, 'baseline')).toBe('pre-existing → healthy')
    expect(judge(noProof, noProof, 'baseline')).toBe('pre-existing → healthy')
    expect(judge(blocked, blocked, 'baseline')).toBe('pre-existing → healthy')
  })

  it('is not healthy when it is worse, or when nobody can tell', () => {
    expect(judge(failed, passed, 'baseline')).toBe('regressed → regressed')
    expect(judge(noProof, passed, 'baseline')).toBe('unknown → unknown')
    expect(judge(lost, lost, 'baseline')).toBe('unknown → unknown')
    expect(judge(lost, noProof, 'baseline')).toBe('unknown → unknown')
  })
})

describe('the verdict of all checks', () => {
  it('is unknown when nothing was checked', () => {
    expect(judgeChecks([], [result(passed)], { judged: 'candidate', preExisting: 'warn' })).toEqual({ verdict: 'unknown', checks: [] })
  })

  it('is never healthy with an unknown or a regression among any results', () => {
    const some = fc.constantFrom(passed, unproven, failed, noProof, lost, blocked)
    const pair = fc.record({ now: some, before: fc.option(some, { nil: undefined }) })
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 8 }), (pairs) => {
        const results = pairs.map(({ now }, index) => result(now, { name: `check ${index}` }))
        const preflight = pairs.flatMap(({ before }, index) => (before === undefined ? [] : [result(before, { name: `check ${index}` })]))
        const { verdict, checks } = judgeChecks(results, preflight, { judged: 'candidate', preExisting: 'warn' })
        const standings = new Set(checks.map(({ standing }) => standing))
        const expected = standings.has('regressed')
          ? 'regressed'
          : standings.has('unknown') || standings.has('blocked')
            ? 'unknown'
            : 'healthy'
        expect(verdict).toBe(expected)
        // Independently of standings: a failure that the baseline did not have is never healthy.
        const isWorse = pairs.some(({ now, before }) => now.kind === 'failed' && before?.kind !== 'failed')
        if (isWorse || pairs.some(({ now }) => now.kind === 'unknown')) expect(verdict).not.toBe('healthy')
      }),
    )
  })
})
