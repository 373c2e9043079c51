import * as fc from 'fast-check'
import type { Judgement } from '../../../src/core/analysis/judgement.ts'
import type { Served } from '../../../src/core/analysis/served.ts'
import { judgeAnalysis } from '../../../src/core/analysis/verdict.ts'
import { pollsOf, repeated, settingsWith, stratumOf } from '../analysis/samples.ts'

const settings = settingsWith({
  metrics: [
    { name: 'errors', kind: 'errors' },
    { name: 'slower-than-p95', kind: 'latency', margin: 1.25, tolerance: 2.5, acts: false },
  ],
})

/** Ten quiet minutes at 1 %, then a version that fails six times as often at 10 %. */
export const harmful: Judgement = judgeAnalysis(settings, [
  ...pollsOf(repeated([9, 0, 891, 9], 10)),
  ...pollsOf([[88, 1, 800, 8], [92, 6, 812, 7], [90, 7, 790, 9], [91, 5, 806, 8]], { step: 1, from: 10 }),
].map((poll) => ({ ...poll, metrics: { ...poll.metrics, 'slower-than-p95': stratumOf(poll.step === 0 ? [9, 1, 891, 44] : [90, 5, 800, 41]) } })))

/** What was counted of it, by a metric of users' requests. */
export const servedHarmful: Served = { traffic: 'users', unit: 'request', total: 451, failed: 19, perSecond: 15.2 }

export const healthy: Judgement = judgeAnalysis(settingsWith(), pollsOf(repeated([500, 5, 500, 6], 12)))

export const nothing: Judgement = judgeAnalysis(settingsWith(), [])

/** What no sane metric is called. */
export const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom('`', '``', '```\n', '|', '\\', '\n', '\r\n', '\n\n', '<b>', '<!--', '-->', '@octocat', '#1', '[a](https://evil.example)', '**', '# ', '- ', '| --- |', '"', '%%', ']', '\u0000', '\u202e', '\ud800', '::error::x'),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(''))

const whole = fc.oneof(fc.nat({ max: 50 }), fc.nat({ max: 1e6 }), fc.maxSafeNat())
const counts = fc.tuple(whole, whole).map(([one, other]) => ({ total: Math.max(one, other), bad: Math.min(one, other) }))
/** Any number that a saved judgement may hold, the common ones more often. */
const finite = fc.oneof(fc.constantFrom(0, 1, 5, 20, 1e-300, 1e300), fc.double({ min: 0, max: 1e3, noNaN: true }), fc.double({ noNaN: true, noDefaultInfinity: true }))
const rateBounds = fc.record({ rate: finite, lower: finite, upper: finite })

const stepFigures = fc.record(
  {
    step: fc.nat({ max: 5 }),
    candidate: counts,
    baseline: counts,
    candidateRate: rateBounds,
    baselineRate: rateBounds,
    smallestVisible: fc.record({ ratio: finite, candidateRate: finite }),
    plan: fc.record({ ratio: finite, toProveHarm: finite, toProveHealth: finite }),
    unknownPolls: fc.nat(),
  },
  { requiredKeys: ['step', 'candidate', 'baseline', 'candidateRate', 'baselineRate', 'unknownPolls'] },
)

const finding: fc.Arbitrary<Judgement['finding']> = fc.constantFrom(
  { verdict: 'regressed', because: 'harm-proven' },
  { verdict: 'regressed', because: 'gross-breakage' },
  { verdict: 'exonerated', because: 'health-proven' },
  { verdict: 'shared-incident', because: 'both-bad' },
  { verdict: 'inconclusive', because: 'nothing-compared' },
  { verdict: 'inconclusive', because: 'signs-of-harm' },
  { verdict: 'inconclusive', because: 'no-proof-yet' },
)

/** Every judgement that can be read back from a file, sane or not; `name` is what its metrics are called. */
export const judgements = (name: fc.Arbitrary<string>): fc.Arbitrary<Judgement> =>
  fc.record({
    finding,
    polls: fc.nat(),
    harm: fc.record({ now: finite, peak: finite, needed: finite, signs: finite }),
    health: fc.record({ now: finite, needed: finite }),
    metrics: fc.array(
      fc.record({
        name,
        kind: fc.constantFrom('errors', 'latency'),
        unit: fc.constantFrom('request', 'user'),
        acts: fc.boolean(),
        margin: finite,
        tolerance: finite,
        harm: fc.record({ now: finite, peak: finite }),
        health: finite,
        steps: fc.array(stepFigures, { maxLength: 4 }),
      }),
      { maxLength: 3 },
    ),
    overTime: fc.array(fc.record({ step: fc.nat({ max: 5 }), atSeconds: finite, harm: finite, health: finite }), { maxLength: 120 }),
  })
