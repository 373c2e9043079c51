import { describe, expect, it } from 'vitest'
import { pastChecksOf, payloadSchema } from '../../src/core/ledger.ts'
import { renderPast } from '../../src/core/report/past-table.ts'
import type { PastDeploy } from '../../src/core/report/report.ts'
import type { Journal } from '../../src/core/journal.ts'
import { result, WANTED } from './check-samples.ts'
import { deployPayload, sha, stagedPolicy } from './ledger-samples.ts'

const passed = { kind: 'passed', answeredBy: WANTED } as const
const failed = { kind: 'failed', expectation: 'to pass', seen: 'fail', isProven: true } as const

const journal: Journal = {
  schemaVersion: 1, policy: stagedPolicy(3), phase: { kind: 'uploading', triesLeft: 0 }, script: 'shop', sha: sha(), timeline: [], splits: [],
  preflight: [result(passed)],
  rounds: [
    { title: 'Candidate at 0 %', judged: 'candidate', results: [result(passed), result(failed, { name: 'health/r2', observed: '900 ms' })] },
    { title: 'Baseline restored', judged: 'baseline', results: [result(passed)] },
  ],
}

describe('what the checks of a deploy saw', () => {
  it('is what the last round on the new version saw, not the baseline that came back', () => {
    expect(pastChecksOf(journal)).toEqual([{ name: 'health', standing: 'passed' }, { name: 'health/r2', standing: 'regressed', observed: '900 ms' }])
  })

  it('is nothing when no version was checked', () => {
    expect(pastChecksOf({ ...journal, rounds: [] })).toEqual([])
  })

  it('is kept in an entry of its own kind', () => {
    const { kind: _, policy: __, preflight: ___, ...base } = deployPayload(3)
    const payload = { kind: 'result', ...base, ending: 'rolled-back', endedAt: '2026-11-23T14:00:00.000Z', checks: pastChecksOf(journal) }
    expect(payloadSchema.parse(JSON.parse(JSON.stringify(payload)))).toEqual(payload)
  })
})

const deploy = (number: number, standing: string, observed?: string): PastDeploy => ({
  sha: sha(number), ending: 'promoted', endedAt: `2026-11-23T14:0${number}:00.000Z`, checks: [{ name: 'health/r2', standing, ...(observed === undefined ? {} : { observed }) }],
})

describe('the table of the last deploys', () => {
  it('has a column for each deploy, oldest first, and a row for each check', () => {
    expect(renderPast([deploy(2, 'flaky', '900 ms'), deploy(1, 'passed', '12 ms')]).split('\n')).toEqual([
      '### The last deploys', '',
      '| Check | `0000000` 11-23 14:01 | `0000000` 11-23 14:02 |',
      '| --- | --- | --- |',
      '| *ended* | `promoted` | `promoted` |',
      '| `health/r2` | ✓ `12 ms` | ✓ flaky `900 ms` |',
    ])
  })

  it('has nothing to compare after the first deploy', () => {
    expect(renderPast([deploy(1, 'passed')])).toBe('')
  })

  it('shows ten at most, and no check that was not there', () => {
    const past = Array.from({ length: 12 }, (_, index) => deploy(index % 10, 'passed'))
    const rows = renderPast([{ ...deploy(1, 'passed'), checks: [] }, ...past]).split('\n')
    expect(rows[2]?.split('|')).toHaveLength(13)
    expect(rows.at(-1)?.endsWith('| – |')).toBe(true)
  })
})
