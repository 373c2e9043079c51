import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Judgement } from '../../../src/core/analysis/judgement.ts'
import { renderExposure } from '../../../src/core/report/exposure.ts'
import { sharesOf } from '../../../src/core/report/exposure-counts.ts'
import { harmful, healthy, judgements, nasty, nothing } from './evidence-samples.ts'

const point = (time: string, candidatePercent: number) => ({ at: `2026-11-23T${time}.000Z`, candidatePercent })
const seen = { command: 'deploy', ending: { kind: 'rolled-back', cause: 'check-failed' }, rounds: [] } as const
/** Ten minutes at 1 %, then three and a half at 10 %. */
const splits = [point('14:00:00', 0), point('14:00:20', 1), point('14:10:20', 10), point('14:13:55', 0)]

describe('the exposure, counted', () => {
  it('says how many it met, how many failed, for how long at which share, and how soon it was found out and over', () => {
    expect(renderExposure({ ...seen, splits }, harmful)).toBe(
      '10 % of requests, from 14:00:20 to 14:13:55 UTC (13 min 35 s, each end as it was read back). ' +
        'It served at least 451 requests, 19 of them failed. ' +
        'Its share was 1 % for 10 min 0 s, 10 % for 3 min 35 s, together as much as 27.5 s of all traffic. ' +
        'Found out 13 min 0 s after its first share, and the baseline was read back 35.0 s later',
    )
  })

  it('takes the moment of the verdict from whoever knows it', () => {
    expect(renderExposure({ ...seen, splits }, harmful, '2026-11-23T14:13:50.000Z')).toMatch(/Found out 13 min 30 s after its first share, and the baseline was read back 5\.0 s later$/)
    expect(renderExposure({ ...seen, splits }, healthy)).not.toContain('Found out')
    expect(renderExposure({ ...seen, splits }, healthy, '2026-11-23T14:13:50.000Z')).toContain('Found out 13 min 30 s')
  })

  it('does not call over what no reading ended', () => {
    const words = renderExposure({ ...seen, splits: splits.slice(0, 3) }, harmful)
    expect(words).toContain('since 14:00:20 UTC, not over')
    expect(words).toContain('Its share was 1 % for 10 min 0 s, together')
    expect(words).toMatch(/the baseline was not read back alone since$/)
  })

  it('counts no failure twice that two metrics saw, and no request that only latency counted as failed', () => {
    const errors = harmful.metrics[0]
    const twice: Judgement = { ...harmful, metrics: errors === undefined ? [] : [errors, { ...errors, name: 'exceptions' }] }
    expect(renderExposure({ ...seen, splits }, twice)).toContain('at least 451 requests, 19 of them failed.')
    const slow: Judgement = { ...harmful, metrics: errors === undefined ? [] : [{ ...errors, kind: 'latency' }] }
    expect(renderExposure({ ...seen, splits }, slow)).toContain('at least 451 requests. ')
    const users: Judgement = { ...harmful, metrics: errors === undefined ? [] : [{ ...errors, unit: 'user' }] }
    expect(renderExposure({ ...seen, splits }, users)).toContain('at least 451 users, 19 of them with a failure.')
  })

  it('says nothing of what nobody counted, nor of a candidate that no user met', () => {
    expect(renderExposure({ ...seen, splits }, nothing)).not.toContain('served')
    expect(renderExposure({ ...seen, splits: [point('14:00:00', 0)] }, harmful)).toBe('none, the candidate stayed at 0 %')
    expect(renderExposure({ ...seen, ending: { kind: 'promoted' }, splits }, harmful)).toBe('')
  })

  it('joins readings of one share, and keeps shares that came again apart', () => {
    const moved = [point('14:00:00', 1), point('14:00:10', 1), point('14:00:20', 5), point('14:00:30', 0), point('14:00:40', 1), point('14:00:50', 0)]
    expect(sharesOf(moved)).toEqual([{ percent: 1, seconds: 20 }, { percent: 5, seconds: 10 }, { percent: 1, seconds: 10 }])
  })

  it('is one sound sentence whatever was saved', () => {
    fc.assert(
      fc.property(judgements(nasty), (judgement) => {
        expect(renderExposure({ ...seen, splits }, judgement)).not.toMatch(/NaN|Infinity|undefined|\n/)
      }),
      { numRuns: 100 },
    )
  })
})
