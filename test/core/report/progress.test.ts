import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { adviceAt } from '../../../src/core/analysis/advice.ts'
import { servedIn } from '../../../src/core/analysis/served.ts'
import { renderProgress, type Awaited, type StepProgress } from '../../../src/core/report/progress.ts'
import { over } from '../analysis/samples.ts'
import { harmful, nasty, nothing } from './evidence-samples.ts'

const soaking: StepProgress = {
  candidatePercent: 10,
  elapsedSeconds: 360,
  soakSeconds: 600,
  requests: { candidate: 120, wanted: 500 },
  harm: { now: 1.24, needed: 20 },
  health: { now: 3.4, needed: 20 },
  awaits: { kind: 'traffic', requests: 120, wanted: 500 },
}
const awaiting = (awaits: Awaited) => renderProgress({ ...soaking, awaits }).split(': ').slice(1).join(': ')

describe('the line of a poll', () => {
  it('tells how far the step is, what was counted, what it shows and what is awaited', () => {
    expect(renderProgress(soaking)).toBe(
      '10 % [######----] 60 % 6 min/10 min, candidate 120/500 requests, harm 1.2/20, health 3.4/20: more traffic: 120 of 500 requests',
    )
  })

  it('says so while nothing was counted yet', () => {
    const { candidatePercent, elapsedSeconds, soakSeconds } = soaking
    expect(renderProgress({ candidatePercent, elapsedSeconds, soakSeconds, awaits: { kind: 'counts', lastSeconds: 60 } })).toBe(
      '10 % [######----] 60 % 6 min/10 min, no counts yet: counts of the last 1 min',
    )
  })

  it.each<readonly [Awaited, string]>([
    [{ kind: 'soak', secondsLeft: 130 }, 'soak: 2 min 10 s left'],
    [{ kind: 'counts', lastSeconds: 45 }, 'counts of the last 45 s'],
    [{ kind: 'proof-of-health' }, 'proof of health'],
    [{ kind: 'signs-of-harm' }, 'signs of harm to fade'],
    [{ kind: 'shared-incident' }, 'shared incident to pass'],
    [{ kind: 'approval' }, 'approval'],
    [{ kind: 'resume', by: 'octocat' }, 'paused by octocat'],
    [{ kind: 'nothing' }, 'ready for the next step'],
  ])('names what is awaited (%#)', (awaits, words) => {
    expect(awaiting(awaits)).toBe(words)
  })

  it.each([
    [0, 600, '[----------] 0 %'], [599.9, 600, '[#########-] 99 %'], [600, 600, '[##########] 100 %'], [900, 600, '[##########] 100 %'], [0, 0, '[##########] 100 %'],
  ])('fills its bar only when the soak is over (%d of %d s)', (elapsedSeconds, soakSeconds, bar) => {
    expect(renderProgress({ ...soaking, elapsedSeconds, soakSeconds })).toContain(` ${bar} `)
  })

  it('has room for what a busy Worker comes to', () => {
    const requests = { candidate: 387_654, wanted: 500_000 }
    const busy = { ...soaking, candidatePercent: 12.5, elapsedSeconds: 3599, soakSeconds: 3600, requests, harm: { now: 19.9, needed: 20 }, health: { now: 1.3e5, needed: 20 } }
    expect(renderProgress({ ...busy, awaits: { kind: 'traffic', requests: 387_654, wanted: 500_000 } })).toMatch(/: more traffic: 387,654 of 500,000 requests$/)
    expect(renderProgress({ ...busy, awaits: { kind: 'signs-of-harm' } })).toMatch(/: signs of harm to fade$/)
    expect(renderProgress({ ...busy, awaits: { kind: 'resume', by: 'a-login-of-39-characters-as-github-has-it' } })).toMatch(/: paused by a-login/)
  })

  it('is one short line whatever it is told', () => {
    const number = fc.oneof(fc.double(), fc.nat(), fc.constantFrom(0, 1e300, -1, Number.MAX_SAFE_INTEGER))
    const evidence = fc.record({ now: number, needed: number })
    const progress = fc.record({
      candidatePercent: number, elapsedSeconds: number, soakSeconds: number, harm: evidence, health: evidence,
      requests: fc.record({ candidate: number, wanted: number }),
      awaits: fc.oneof(nasty.map((by) => ({ kind: 'resume' as const, by })), fc.record({ kind: fc.constant<'soak'>('soak'), secondsLeft: number })),
    })
    fc.assert(
      fc.property(progress, (seen) => {
        const line = renderProgress(seen)
        expect(line.length).toBeLessThanOrEqual(168)
        expect(line).toMatch(/\[#*-*\] \d+ %/)
        expect(line).not.toMatch(/[\n\r\p{Cc}]|NaN|Infinity|undefined/u)
        expect(line.isWellFormed()).toBe(true)
      }),
    )
  })
})

describe('what a step has served', () => {
  it('is what decides whether it may go on for want of requests', () => {
    const calm = { ...harmful, finding: { verdict: 'inconclusive', because: 'no-proof-yet' } } as const
    expect(servedIn(harmful, 1)).toBe(361)
    expect(adviceAt(calm, { ...over, step: 1, leastRequests: 361 })).toBe('advance')
    expect(adviceAt(calm, { ...over, step: 1, leastRequests: 362 })).toBe('undecided')
  })

  it('is nothing where nothing was counted', () => {
    expect(servedIn(nothing, 0)).toBe(0)
  })
})
