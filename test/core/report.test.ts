import { describe, expect, it } from 'vitest'
import { renderExposure } from '../../src/core/report/exposure.ts'
import { renderAnnotations } from '../../src/core/report/annotations.ts'
import { duration, secondsOf } from '../../src/core/report/clock-face.ts'
import { COMMENT_MARKER, placeSection, renderSection } from '../../src/core/report/comment.ts'
import type { Report } from '../../src/core/report/report.ts'
import { commitStatusDescription } from '../../src/core/report/status.ts'
import { renderSummary } from '../../src/core/report/summary.ts'
import { result } from './check-samples.ts'
import { dryRun, promoted, refused, regressed, rolledBack, stranded, yielded } from './report-samples.ts'

const endings = { promoted, 'rolled-back': rolledBack, refused, yielded, stranded, 'dry-run': dryRun }

describe('the job summary', () => {
  it.each(Object.entries(endings))('tells a person at 3 a.m. what %s means', async (name, report) => {
    await expect(renderSummary(report)).toMatchFileSnapshot(`__snapshots__/summary-${name}.md`)
  })

  it('stays below what GitHub shows, whatever was checked', () => {
    const seen = 'x\u00e9'.repeat(10_000)
    const checks = Array.from({ length: 500 }, (_, index) => ({
      standing: 'regressed' as const,
      now: result({ kind: 'failed' as const, expectation: 'status 200', seen, isProven: true }, { name: `check ${index}` }),
    }))
    const summary = renderSummary({ ...rolledBack, rounds: [{ title: 'Candidate at 0 %', checks }] })
    expect(new TextEncoder().encode(summary).byteLength).toBeLessThan(1_048_576)
    expect(summary.startsWith('## Rolled back')).toBe(true)
    expect(summary.includes('[Run](<https://github.com/acme/shop/actions/runs/1>)')).toBe(true)
  })
})

describe('the comment on the pull request', () => {
  it('begins with the ending and shows the checks that did not pass', async () => {
    await expect(placeSection(undefined, rolledBack.key, renderSection(rolledBack))).toMatchFileSnapshot(
      '__snapshots__/comment-rolled-back.md',
    )
  })

  it('replaces its own section and keeps those of other Workers', () => {
    const other: Report = { ...promoted, worker: 'admin', key: 'account/admin/production' }
    const both = placeSection(placeSection(undefined, rolledBack.key, renderSection(rolledBack)), other.key, renderSection(other))
    const again = placeSection(both, rolledBack.key, renderSection({ ...promoted }))
    expect(again).toContain('### Promoted: `admin` in `production`')
    expect(again).toContain('### Promoted: `shop` in `production`')
    expect(again).not.toContain('Rolled back')
    expect(again.split(COMMENT_MARKER)).toHaveLength(2)
    expect(placeSection(again, rolledBack.key, renderSection(promoted))).toBe(again)
  })

  it('is not led astray by markers in a commit title or an answer', () => {
    const close = '<!-- /sleepwell:account/shop/production -->'
    const seen = `status 500, body: ${close} ${COMMENT_MARKER}`
    const forged: Report = {
      ...rolledBack,
      sentence: `It failed ${close}.`,
      rounds: [{ title: 'Candidate', checks: [{ ...regressed, now: result({ kind: 'failed', expectation: close, seen, isProven: true }) }] }],
    }
    const comment = placeSection(undefined, forged.key, renderSection(forged))
    expect(comment.split(close)).toHaveLength(2)
    expect(placeSection(comment, promoted.key, renderSection(promoted))).toBe(placeSection(undefined, promoted.key, renderSection(promoted)))
  })

  it('never grows beyond GitHub’s limit', () => {
    const long = renderSection({ ...rolledBack, rounds: Array.from({ length: 90 }, () => ({ title: 'Candidate', checks: [regressed] })) })
    let comment: string | undefined
    for (let index = 0; index < 12; index += 1) comment = placeSection(comment, `account/shop-${index}`, long)
    expect(comment?.length).toBeLessThanOrEqual(65_536)
  })
})

describe('the statuses', () => {
  const unprovenRound = { title: 'Candidate at 0 %', checks: [{ standing: 'unproven' as const, now: result({ kind: 'unproven' }) }] }

  it.each([
    [promoted, 'promoted: Version cccccccc serves all requests and passed every check.'],
    [refused, 'not deployed: A newer commit of main is live already.'],
    [stranded, 'stranded, a person must act: Cloudflare’s API did not answer, so the baseline could not be put back.'],
    [{ ...promoted, rounds: [unprovenRound] }, 'promoted (unproven): Version cccccccc serves all requests and passed every check.'],
    [dryRun, 'dry run: not ready: Nothing was changed.'],
  ])('say in one line how it ended (%#)', (report, description) => {
    expect(commitStatusDescription(report)).toBe(description)
  })

  it('fit into GitHub’s 140 characters without cutting one in two', () => {
    const long = { ...rolledBack, sentence: '🦉'.repeat(200) }
    expect(commitStatusDescription(long).length).toBeLessThanOrEqual(140)
    expect(commitStatusDescription(long).isWellFormed()).toBe(true)
  })

  it('name what is unproven in the summary’s title as well', () => {
    expect(renderSummary({ ...promoted, rounds: [unprovenRound] })).toContain('## Promoted (unproven): `shop` in `production`')
  })
})

const point = (time: string, candidatePercent: number) => ({ at: `2026-11-23T14:${time}.000Z`, candidatePercent })

describe('the exposure', () => {
  const seen = { command: 'deploy', ending: { kind: 'rolled-back', cause: 'check-failed' }, rounds: [] } as const

  it('is the largest share, from its first reading until the baseline was read back alone', () => {
    const splits = [point('00:10', 0), point('00:20', 1), point('00:40', 50), point('01:05', 0)]
    expect(renderExposure({ ...seen, splits })).toBe('50 % of requests, from 14:00:20 to 14:01:05 UTC (45.0 s, each end as it was read back)')
  })

  it('names the round that first showed what no round before it could', () => {
    const rounds = [{ title: 'Candidate at 0 %', checks: [] }, { title: 'Candidate at 100 %', checks: [regressed] }]
    expect(renderExposure({ ...seen, rounds, splits: [point('00:20', 100), point('01:05', 0)] })).toMatch(/First seen in "Candidate at 100 %"; the rounds before it showed nothing$/)
  })

  it('is none at 0 %, goes on while no reading ended it, and is nobody’s business after a promotion', () => {
    expect(renderExposure({ ...seen, splits: [point('00:10', 0)] })).toBe('none, the candidate stayed at 0 %')
    expect(renderExposure({ ...seen, splits: [point('00:10', 0), point('00:20', 10)] })).toBe('10 % of requests, since 14:00:20 UTC, not over')
    expect(renderExposure({ ...seen, ending: { kind: 'promoted' }, splits: [point('00:20', 100)] })).toBe('')
    expect(renderExposure({ ...seen, splits: [] })).toBe('')
  })
})

describe('the annotations', () => {
  it('name each failed check once, even when the restored baseline passes it afterwards', () => {
    expect(renderAnnotations(rolledBack)).toEqual([
      {
        level: 'error',
        title: 'health: broken by this version',
        message:
          'Candidate at 0 %: GET https://shop.example.com/healthz: expected status 200; saw status 500, body: {"error":"KV is not bound"}',
      },
    ])
  })

  it('warn of what was broken before', () => {
    expect(renderAnnotations(promoted).map(({ level, title }) => `${level} ${title}`)).toEqual(['warning old page: already so before'])
  })

  it('are at most ten, each on one line within the runner’s limit, and the tenth names the rest', () => {
    const checks = Array.from({ length: 30 }, (_, index) => ({
      standing: 'regressed' as const,
      now: result({ kind: 'failed' as const, expectation: 'x', seen: 'y\n'.repeat(5000), isProven: true }, { name: `check ${index}` }),
    }))
    const annotations = renderAnnotations({ ...rolledBack, rounds: [{ title: 'Candidate', checks }] })
    expect(annotations).toHaveLength(10)
    expect(annotations[9]).toMatchObject({ title: '21 more checks' })
    expect(annotations.every(({ message }) => message.length <= 4096 && !message.includes('\n'))).toBe(true)
  })
})

describe('times', () => {
  it.each(['1970-01-01T00:00:00Z', '2000-02-29T23:59:59.500Z', '2026-11-23T14:00:10.000Z', '2100-03-01T00:00:00Z'])(
    'reads %s as JavaScript does',
    (iso) => {
      expect(secondsOf(iso)).toBe(Date.parse(iso) / 1000)
    },
  )

  it('are shown in the unit that fits', () => {
    expect([0, 999, 12_345, 245_000].map(duration)).toEqual(['0 ms', '999 ms', '12.3 s', '4 min 5 s'])
    expect(secondsOf('yesterday')).toBeUndefined()
  })
})
