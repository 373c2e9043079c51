import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Served } from '../../../src/core/analysis/served.ts'
import type { EvidenceShown } from '../../../src/core/report/evidence.ts'
import { renderExposure } from '../../../src/core/report/exposure.ts'
import { sharesOf } from '../../../src/core/report/exposure-counts.ts'
import { result } from '../check-samples.ts'
import { harmful, healthy, judgements, nasty, servedHarmful } from './evidence-samples.ts'

const point = (time: string, candidatePercent: number) => ({ at: `2026-11-23T${time}.000Z`, candidatePercent })
const seen = { command: 'deploy', ending: { kind: 'rolled-back', cause: 'regressed' }, rounds: [] } as const
/** Ten minutes at 1 %, then three and a half at 10 %. */
const splits = [point('14:00:00', 0), point('14:00:20', 1), point('14:10:20', 10), point('14:13:55', 0)]
const evidence: EvidenceShown = { judgement: harmful, percents: [1, 10], served: servedHarmful }
/** Well beside the baseline, and found out a minute after its promotion. */
const watched: EvidenceShown = {
  judgement: healthy,
  percents: [50, 100],
  watch: { judgement: { ...harmful, overTime: [{ step: 1, atSeconds: 660, harm: 3, health: 1 }, { step: 1, atSeconds: 675, harm: 4000, health: 1 }] }, promotedAtSeconds: 600 },
  served: { ...servedHarmful, total: 12_345, failed: 987 },
}

describe('the exposure, counted', () => {
  it('says how many it met, how many failed, for how long at which share, and how soon it was found out and over', () => {
    expect(renderExposure({ ...seen, splits, evidence })).toBe(
      '10 % of requests, from 14:00:20 to 14:13:55 UTC (13 min 35 s, each end as it was read back). ' +
        'It served at least 451 requests, 19 of them failed. ' +
        'Its share was 1 % for 10 min 0 s, 10 % for 3 min 35 s, together as much as 27.5 s of all traffic: at 15 requests a second about 418. ' +
        'Found out 13 min 0 s after its first share, and the baseline was read back 35.0 s later',
    )
  })

  it('takes the time after promotion in: what was served then, and that it was found out there', () => {
    const words = renderExposure({ ...seen, splits: [point('14:00:00', 50), point('14:10:00', 100), point('14:11:20', 0)], evidence: watched })
    expect(words).toContain('100 % of requests, from 14:00:00 to 14:11:20 UTC')
    expect(words).toContain('at least 12,345 requests, 987 of them failed')
    expect(words).toMatch(/Found out 11 min 15 s after its first share, and the baseline was read back 5\.0 s later$/)
  })

  it('knows when a check found it out, which no comparison did', () => {
    const failed = result({ kind: 'failed', expectation: 'status 200', seen: 'status 500', isProven: true }, { startedAt: '2026-11-23T14:10:30.000Z', durationMs: 4000 })
    const rounds = [{ title: 'Candidate at 0 %', checks: [] }, { title: 'Candidate at 10 %', checks: [{ standing: 'regressed' as const, now: failed }] }]
    const words = renderExposure({ ...seen, ending: { kind: 'rolled-back', cause: 'check-failed' }, splits, rounds, evidence: { ...evidence, judgement: healthy } })
    expect(words).toContain('Found out 10 min 14 s after its first share, and the baseline was read back 3 min 21 s later. First seen in "Candidate at 10 %"')
    expect(renderExposure({ ...seen, splits, rounds })).toContain('Found out 10 min 14 s after its first share')
  })

  it('names no moment where nothing was found out', () => {
    expect(renderExposure({ ...seen, ending: { kind: 'rolled-back', cause: 'deadline' }, splits, evidence: { ...evidence, judgement: healthy } })).not.toContain('Found out')
  })

  it('does not call over what no reading ended', () => {
    const words = renderExposure({ ...seen, ending: { kind: 'stranded', reason: 'cloudflare-unavailable' }, splits: splits.slice(0, 3), evidence })
    expect(words).toContain('since 14:00:20 UTC, not over')
    expect(words).toContain('Its share was 1 % for 10 min 0 s, together')
    expect(words).toMatch(/the baseline was not read back alone since$/)
  })

  it.each<[Served, RegExp]>([
    [{ traffic: 'users', unit: 'request', total: 451 }, /It served at least 451 requests\. .* of all traffic\. /],
    [{ traffic: 'users', unit: 'user', total: 451, failed: 19 }, /It served at least 451 users, 19 of them with a failure\. /],
    [{ traffic: 'own', unit: 'request', total: 400, failed: 3 }, /Nobody counted its users' requests; it answered 400 of Sleepwell's own, 3 of them failed\. /],
  ])('says whose requests were counted, and no more than that (%#)', (served, words) => {
    expect(renderExposure({ ...seen, splits, evidence: { ...evidence, served } })).toMatch(words)
  })

  it('is short for a candidate that stayed, or that somebody else took over', () => {
    const short = 'It served at least 12,345 requests, 987 of them failed'
    expect(renderExposure({ ...seen, ending: { kind: 'promoted' }, splits, evidence: watched })).toBe(short)
    expect(renderExposure({ ...seen, ending: { kind: 'yielded', to: 'foreign' }, splits, evidence: watched })).toBe(short)
    expect(renderExposure({ ...seen, ending: { kind: 'promoted' }, splits })).toBe('')
  })

  it('says nothing of what nobody counted, nor of a candidate that no user met', () => {
    expect(renderExposure({ ...seen, splits, evidence: { judgement: harmful, percents: [1, 10] } })).not.toContain('served')
    expect(renderExposure({ ...seen, splits: [point('14:00:00', 0)], evidence })).toBe('none, the candidate stayed at 0 %')
  })

  it('joins readings of one share, and keeps shares that came again apart', () => {
    const moved = [point('14:00:00', 1), point('14:00:10', 1), point('14:00:20', 5), point('14:00:30', 0), point('14:00:40', 1), point('14:00:50', 0)]
    expect(sharesOf(moved)).toEqual([{ percent: 1, seconds: 20 }, { percent: 5, seconds: 10 }, { percent: 1, seconds: 10 }])
  })

  it('is one sound sentence whatever was saved', () => {
    fc.assert(
      fc.property(judgements(nasty), (judgement) => {
        expect(renderExposure({ ...seen, splits, evidence: { ...evidence, judgement } })).not.toMatch(/NaN|Infinity|undefined|\n/)
      }),
      { numRuns: 100 },
    )
  })
})
