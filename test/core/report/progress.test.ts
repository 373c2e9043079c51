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
  awaits: { kind: 'traffic' },
}
const awaiting = (awaits: Awaited, candidatePercent = 10) => renderProgress({ ...soaking, candidatePercent, awaits }).split(', ').slice(4).join(', ')

describe('the line of a poll', () => {
  it('tells how far the step is, what was counted, what it shows and what is awaited', () => {
    expect(renderProgress(soaking)).toBe('at 10 %: [######----] 6 min 0 s of 10 min 0 s, 120 of 500 requests, harm 1.2 of 20 (proof), health 3.4 of 20, awaits more traffic')
  })

  it('says so while nothing was counted yet', () => {
    const { candidatePercent, elapsedSeconds, soakSeconds } = soaking
    expect(renderProgress({ candidatePercent, elapsedSeconds, soakSeconds, awaits: { kind: 'counts', lateSeconds: 60 } })).toBe(
      'at 10 %: [######----] 6 min 0 s of 10 min 0 s, no counts yet, awaits the first counts, told 1 min 0 s late',
    )
  })

  it.each<readonly [Awaited, string]>([
    [{ kind: 'soak', secondsLeft: 130 }, 'awaits the end in 2 min 10 s'],
    [{ kind: 'soak', secondsLeft: 44.6 }, 'awaits the end in 45 s'],
    [{ kind: 'silence' }, 'awaits counts: a source is silent'],
    [{ kind: 'proof-of-health' }, 'awaits proof of health'],
    [{ kind: 'signs-of-harm' }, 'awaits that signs of harm fade'],
    [{ kind: 'shared-incident' }, 'awaits the end of a shared incident'],
    [{ kind: 'approval' }, 'awaits an approval'],
    [{ kind: 'resume', by: 'octocat' }, 'paused by octocat'],
    [{ kind: 'baseline' }, 'harm is proven, the baseline comes back'],
    [{ kind: 'nothing' }, 'ready for the next step'],
  ])('names what is awaited (%#)', (awaits, words) => {
    expect(awaiting(awaits)).toBe(words)
  })

  it('knows that nothing follows the watch', () => {
    expect(awaiting({ kind: 'nothing' }, 100)).toBe('the watch is over')
    expect(renderProgress({ ...soaking, requests: { candidate: 120, wanted: 0 } })).toContain(', 120 requests, ')
  })

  it.each([
    [0, 600, '[----------]'], [599.9, 600, '[#########-]'], [600, 600, '[##########]'], [900, 600, '[##########]'], [0, 0, '[##########]'],
  ])('fills its bar only when the soak is over (%d of %d s)', (elapsedSeconds, soakSeconds, bar) => {
    expect(renderProgress({ ...soaking, elapsedSeconds, soakSeconds })).toContain(` ${bar} `)
  })

  it('has room for what a busy Worker comes to', () => {
    const requests = { candidate: 387_654, wanted: 500_000 }
    const busy = { ...soaking, candidatePercent: 12.5, elapsedSeconds: 3599, soakSeconds: 3600, requests, harm: { now: 19.9, needed: 20 }, health: { now: 1.3e5, needed: 20 } }
    expect(renderProgress({ ...busy, awaits: { kind: 'traffic' } })).toMatch(/, 387,654 of 500,000 requests, .*, awaits more traffic$/)
    expect(renderProgress({ ...busy, awaits: { kind: 'baseline' } })).toMatch(/, the baseline comes back$/)
    expect(renderProgress({ ...busy, awaits: { kind: 'resume', by: 'a-login-of-39-characters-as-github-has-it' } })).toMatch(/, paused by a-login/)
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
        expect(line).toMatch(/^at .* %: \[#*-*\] /)
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
