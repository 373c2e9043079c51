import { expect, test } from 'vitest'
import { adviceAt } from '../../../src/core/analysis/advice.ts'
import { countSlow, freezeThresholds } from '../../../src/core/analysis/latency.ts'
import { analysisSettingsSchema } from '../../../src/core/analysis/settings.ts'
import { judgeAnalysis } from '../../../src/core/analysis/verdict.ts'
import type { Row } from './samples.ts'
import { over, pollsOf, repeated, settingsWith, soaking, stratumOf } from './samples.ts'

const settings = settingsWith()
const findingOn = (rows: readonly Row[], changes: Record<string, unknown> = {}) => judgeAnalysis(settingsWith(changes), pollsOf(rows)).finding

test('calls a candidate that fails twenty times as often regressed', () => {
  expect(findingOn(repeated([100, 2, 9900, 10], 3))).toEqual({ verdict: 'regressed', because: 'harm-proven' })
})

test('stays with regressed when the polls after it look well', () => {
  const rows = [...repeated([100, 4, 9900, 10], 3), ...repeated([1000, 0, 9000, 9], 60)]
  const judgement = judgeAnalysis(settings, pollsOf(rows))
  expect(judgement.harm.now).toBeLessThan(1)
  expect(judgement.finding.verdict).toBe('regressed')
})

test('exonerates a candidate that fails as seldom as the baseline, given enough traffic', () => {
  expect(findingOn(repeated([1000, 10, 9000, 90], 3))).toEqual({ verdict: 'exonerated', because: 'health-proven' })
})

test('neither blames nor exonerates on little traffic', () => {
  expect(findingOn(repeated([10, 0, 990, 1], 10))).toEqual({ verdict: 'inconclusive', because: 'no-proof-yet' })
})

test('says that there are signs of harm before they are a proof', () => {
  expect(findingOn([[100, 2, 9900, 8]], { alpha: 0.001 })).toEqual({ verdict: 'inconclusive', because: 'signs-of-harm' })
})

test('says that nothing could be compared when there are no polls, or none in this step', () => {
  const nothing = { verdict: 'inconclusive', because: 'nothing-compared' }
  expect(findingOn([])).toEqual(nothing)
  const polls = [...pollsOf(repeated([10, 0, 90, 0], 3)), ...pollsOf([[0, 0, 90, 0]], { step: 1 })]
  expect(judgeAnalysis(settings, polls).finding).toEqual(nothing)
})

test('blames nobody while both versions fail alike', () => {
  const rows = [...repeated([50, 0, 950, 1], 5), ...repeated([50, 4, 950, 76], 4)]
  expect(findingOn(rows)).toEqual({ verdict: 'shared-incident', because: 'both-bad' })
})

test('sees an incident in its first minute, and that it is over when the window has passed it', () => {
  const before = repeated([50, 0, 4950, 5], 9)
  const during: Row = [50, 4, 4950, 396]
  expect(findingOn([...before, during]).verdict).toBe('shared-incident')
  expect(findingOn([...before, during, ...repeated([50, 0, 4950, 5], 5)]).verdict).not.toBe('shared-incident')
})

test('does not take an incident at an earlier share for one of this step', () => {
  const during = pollsOf(repeated([50, 4, 950, 76], 4))
  const silent = { step: 1, atSeconds: 300, metrics: {} }
  expect(judgeAnalysis(settings, during).finding.verdict).toBe('shared-incident')
  expect(judgeAnalysis(settings, [...during, silent]).finding).toEqual({ verdict: 'inconclusive', because: 'nothing-compared' })
})

test('still calls a candidate regressed that is much worse than a baseline that is ill', () => {
  expect(findingOn(repeated([50, 30, 950, 76], 4)).verdict).toBe('regressed')
})

test('sees no incident in a rate that is usual for this Worker', () => {
  const usual = { total: 10_000, bad: 800 }
  expect(findingOn(repeated([50, 4, 950, 76], 2)).verdict).toBe('shared-incident')
  expect(findingOn(repeated([50, 4, 950, 76], 2), { metrics: [{ name: 'errors', kind: 'errors', usual }] }).verdict).toBe('inconclusive')
})

test('sees no incident when the candidate is well: it may be the fix', () => {
  expect(findingOn(repeated([500, 0, 9500, 950], 4)).verdict).toBe('exonerated')
})

test('stops at gross breakage before anything is proven', () => {
  // One bet only, against a margin of a hundred: nothing can be proven so soon.
  const metrics = [{ name: 'errors', kind: 'errors', margin: 100, tolerance: 200 }]
  expect(findingOn([[10, 5, 25, 1]], { metrics, alpha: 1e-6 })).toEqual({ verdict: 'regressed', because: 'gross-breakage' })
})

test('remembers gross breakage, but does not put it together from two steps', () => {
  const unprovable = settingsWith({ metrics: [{ name: 'errors', kind: 'errors', margin: 100, tolerance: 200 }], alpha: 1e-6 })
  const findingOf = (polls: ReturnType<typeof pollsOf>) => judgeAnalysis(unprovable, polls).finding
  expect(findingOf(pollsOf([[10, 5, 25, 1], ...repeated([10, 0, 25, 0], 9)])).because).toBe('gross-breakage')
  expect(findingOf(pollsOf(repeated([4, 3, 25, 1], 2))).because).toBe('gross-breakage')
  expect(findingOf([...pollsOf([[4, 3, 25, 1]]), ...pollsOf([[4, 3, 25, 1]], { step: 1 })]).verdict).toBe('inconclusive')
})

test.each<[string, Row]>([
  ['four failures are too few', [8, 4, 900, 1]],
  ['half of the requests still succeed', [11, 5, 900, 1]],
  ['the baseline fails as well', [10, 5, 100, 5]],
  ['the baseline served too little', [10, 5, 19, 0]],
])('does not stop at once when %s', (_why, row) => {
  const metrics = [{ name: 'errors', kind: 'errors', margin: 100, tolerance: 200 }]
  expect(findingOn([row], { metrics, alpha: 1e-6 }).verdict).not.toBe('regressed')
})

test('does not let a dry run stop, advance or exonerate anything', () => {
  const dry = settingsWith({ metrics: [{ name: 'errors', kind: 'errors', acts: false }] })
  for (const rows of [repeated([100, 90, 9900, 10], 5), repeated([1000, 10, 9000, 90], 9)] as const) {
    const judgement = judgeAnalysis(dry, pollsOf(rows))
    expect(judgement.finding).toEqual({ verdict: 'inconclusive', because: 'nothing-compared' })
    expect(adviceAt(judgement, { ...over, leastRequests: 0, step: 0 })).toBe('undecided')
  }
  expect(judgeAnalysis(dry, pollsOf(repeated([100, 90, 9900, 10], 5))).metrics[0]?.harm.now).toBeGreaterThan(1e9)
})

const two = settingsWith({ metrics: [{ name: 'errors', kind: 'errors' }, { name: 'storage', kind: 'errors' }] })

test('averages the evidence for harm over two metrics: it never costs more than the other one', () => {
  const row: Row = [100, 3, 9900, 10]
  const polls = [{ step: 0, atSeconds: 60, metrics: { errors: stratumOf(row), storage: stratumOf([100, 0, 9900, 0]) } }]
  const alone = judgeAnalysis(settings, pollsOf([row])).harm.now
  expect(judgeAnalysis(two, polls).harm.now).toBeCloseTo((alone + 1) / 2, 9)
})

test('weighs the metrics of an average as it was told', () => {
  const weighted = settingsWith({ metrics: [{ name: 'errors', kind: 'errors', weight: 3 }, { name: 'storage', kind: 'errors', weight: 1 }] })
  const row: Row = [100, 3, 9900, 10]
  const polls = [{ step: 0, atSeconds: 60, metrics: { errors: stratumOf(row), storage: stratumOf([100, 0, 9900, 0]) } }]
  expect(judgeAnalysis(weighted, polls).harm.now).toBeCloseTo((3 * judgeAnalysis(settings, pollsOf([row])).harm.now + 1) / 4, 9)
})

test('sees less of one metric when the proof is shared with another one', () => {
  const polls = pollsOf(repeated([250, 1, 9750, 10], 20))
  const ratioIn = (given: typeof settings) => judgeAnalysis(given, polls).metrics[0]?.steps[0]?.smallestVisible?.ratio ?? 0
  // Twice the evidence: ln 2 more on top of ln 160, against a bet whose gain is linear in the ratio.
  expect(ratioIn(two)).toBeGreaterThan(1.02 * ratioIn(settings))
})

test('does not exonerate on one healthy metric while another one knows nothing', () => {
  const polls = pollsOf(repeated([1000, 10, 9000, 90], 9))
  expect(judgeAnalysis(settings, polls).finding.verdict).toBe('exonerated')
  const barely = polls.map((poll, at) => (at === 0 ? { ...poll, metrics: { ...poll.metrics, storage: stratumOf([1, 0, 9, 0]) } } : poll))
  expect(judgeAnalysis(two, barely).finding).toEqual({ verdict: 'inconclusive', because: 'no-proof-yet' })
})

test('wants health proven in each step anew, unless told to gather it', () => {
  const polls = [...pollsOf(repeated([1000, 10, 9000, 90], 9)), ...pollsOf([[10, 0, 90, 1]], { step: 1 })]
  expect(judgeAnalysis(settings, polls).finding.verdict).toBe('inconclusive')
  expect(judgeAnalysis(settingsWith({ exonerateOver: 'rollout' }), polls).finding.verdict).toBe('exonerated')
})

// Simpson's paradox: the base rate rises tenfold just as the candidate's share does. Within each step both fail alike.
test('is not deceived by a base rate that rises together with the share', () => {
  const polls = [...pollsOf(repeated([50, 0, 950, 1], 10)), ...pollsOf(repeated([250, 3, 750, 8], 10), { step: 1, from: 10 })]
  expect(judgeAnalysis(settings, polls).harm.peak).toBeLessThan(5)
})

test('advances after the soak on weak evidence, but only with enough traffic', () => {
  const judgement = judgeAnalysis(settings, pollsOf(repeated([10, 0, 990, 1], 10)))
  expect(adviceAt(judgement, { ...over, leastRequests: 100, step: 0 })).toBe('advance')
  expect(adviceAt(judgement, { ...over, leastRequests: 101, step: 0 })).toBe('undecided')
  expect(adviceAt(judgement, { ...soaking, leastRequests: 100, step: 0 })).toBe('wait')
})

test('never advances on what is not known any more, and lets the policy decide when the time is up', () => {
  const [weak, healthy] = [judgeAnalysis(settings, pollsOf(repeated([10, 0, 990, 1], 10))), judgeAnalysis(settings, pollsOf(repeated([1000, 10, 9000, 90], 9)))]
  for (const judgement of [weak, healthy]) {
    const soak = { ...over, step: 0, leastRequests: 100 }
    expect(adviceAt(judgement, soak)).toBe('advance')
    expect(adviceAt(judgement, { ...soak, isCurrent: false })).toBe('wait')
    expect(adviceAt(judgement, { ...soak, isCurrent: false, isTimeUp: true })).toBe('undecided')
  }
  expect(adviceAt(weak, { ...over, isSoaked: false, isTimeUp: true, step: 0, leastRequests: 100 })).toBe('undecided')
})

test('goes back on proven harm whether or not the newest look told', () => {
  const judgement = judgeAnalysis(settings, pollsOf(repeated([100, 50, 9900, 10], 3)))
  expect(adviceAt(judgement, { ...soaking, isCurrent: false, step: 0, leastRequests: 0 })).toBe('restore')
})

test('advises to restore what regressed, to hold in an incident, and to advance what is exonerated', () => {
  const soak = { ...soaking, leastRequests: 1e9, step: 0 }
  const adviceOn = (rows: readonly Row[]) => adviceAt(judgeAnalysis(settings, pollsOf(rows)), soak)
  expect(adviceOn(repeated([100, 50, 9900, 10], 3))).toBe('restore')
  expect(adviceOn(repeated([50, 4, 950, 76], 4))).toBe('hold')
  expect(adviceOn(repeated([1000, 10, 9000, 90], 9))).toBe('advance')
})

test('takes nothing that was found at an earlier share for an answer about this one, but harm', () => {
  const next = { ...over, leastRequests: 0, step: 1 }
  const adviceOn = (rows: readonly Row[]) => adviceAt(judgeAnalysis(settings, pollsOf(rows)), next)
  expect(adviceOn(repeated([1000, 10, 9000, 90], 9))).toBe('undecided')
  expect(adviceOn(repeated([50, 4, 950, 76], 4))).toBe('undecided')
  expect(adviceOn(repeated([100, 50, 9900, 10], 3))).toBe('restore')
})

test('compares nothing while one acting metric has told nothing in this step', () => {
  const polls = pollsOf(repeated([1000, 10, 9000, 90], 9))
  expect(judgeAnalysis(two, polls).finding).toEqual({ verdict: 'inconclusive', because: 'nothing-compared' })
  expect(adviceAt(judgeAnalysis(two, polls), { ...over, leastRequests: 0, step: 0 })).toBe('undecided')
})

test('tells the smallest worsening that a step could have seen, and one of that size is seen about every other time', () => {
  const rows = repeated([250, 1, 9750, 10], 20)
  const visible = judgeAnalysis(settings, pollsOf(rows)).metrics[0]?.steps[0]?.smallestVisible
  expect(visible?.ratio).toBeGreaterThan(2)
  expect(visible?.ratio).toBeLessThan(3)
  // Exactly the mean counts of a candidate that is worse by a tenth more, then of one that is worse by a tenth less.
  const harmAt = (ratio: number) => judgeAnalysis(settings, pollsOf([[5000, Math.round(ratio * 5), 195_000, 200]])).harm.now
  expect(harmAt(1.1 * (visible?.ratio ?? 0))).toBeGreaterThan(20)
  expect(harmAt(0.85 * (visible?.ratio ?? 0))).toBeLessThan(20)
})

const planOn = (row: Row) => judgeAnalysis(settings, pollsOf([row])).metrics[0]?.steps[0]?.plan

test('plans by the formula how many requests a proof takes, at the share and base rate of the step', () => {
  // The reference, for a tiny share: 13.1 bad requests of an unchanged candidate for a doubling, 14.3 for health.
  const { ratio, toProveHarm, toProveHealth } = planOn([100, 0, 99_899, 1000]) ?? { ratio: 0, toProveHarm: 0, toProveHealth: 0 }
  expect(ratio).toBe(2)
  expect(Math.abs(toProveHarm - 1310) / 1310).toBeLessThan(0.02)
  expect(Math.abs(toProveHealth - 1430) / 1430).toBeLessThan(0.02)
  expect(planOn([100, 0, 100, 60])).toBeUndefined()
  expect(planOn([0, 0, 100, 1])).toBeUndefined()
})

test('says that a step could have seen nothing at all', () => {
  expect(judgeAnalysis(settings, pollsOf([[1, 0, 99, 1]])).metrics[0]?.steps[0]?.smallestVisible).toBeUndefined()
  expect(judgeAnalysis(settings, pollsOf([[0, 0, 99, 1]])).metrics[0]?.steps[0]?.smallestVisible).toBeUndefined()
})

test('freezes thresholds at quantiles of the baseline, and refuses to guess from few samples', () => {
  const samples = Array.from({ length: 1000 }, (_, at) => ((at * 7) % 1000) + 1)
  expect(freezeThresholds(samples)).toEqual([950, 990])
  expect(freezeThresholds(samples.slice(0, 900))).toBeUndefined()
  expect(freezeThresholds(samples, [1])).toBeUndefined()
  expect(countSlow([949, 950, 951, 952], 950)).toEqual({ total: 4, bad: 2 })
})

test('sees a slower candidate by the counts above frozen thresholds', () => {
  const latency = { kind: 'latency', margin: 1.25 }
  const slow = settingsWith({ metrics: [{ name: 'p95', ...latency, weight: 0.5 }, { name: 'p99', ...latency, weight: 0.5 }] })
  const metrics = { p95: stratumOf([100, 15, 900, 45]), p99: stratumOf([100, 4, 900, 9]) }
  const polls = Array.from({ length: 4 }, (_, at) => ({ step: 0, atSeconds: 60 * at, metrics }))
  expect(judgeAnalysis(slow, polls).finding.verdict).toBe('regressed')
  const alike = { p95: stratumOf([100, 5, 900, 45]), p99: stratumOf([100, 1, 900, 9]) }
  expect(judgeAnalysis(slow, polls.map((poll) => ({ ...poll, metrics: alike }))).finding.verdict).not.toBe('regressed')
})

test.each([
  ['no metric at all', { metrics: [] }],
  ['a tolerance below the margin', { metrics: [{ name: 'errors', kind: 'errors', margin: 2, tolerance: 2 }] }],
  ['two metrics of one name', { metrics: [{ name: 'a', kind: 'errors' }, { name: 'a', kind: 'latency' }] }],
  ['a bet on no worsening', { metrics: [{ name: 'a', kind: 'errors' }], grid: [1] }],
  ['an alpha of nothing', { metrics: [{ name: 'a', kind: 'errors' }], alpha: 0 }],
])('refuses settings with %s', (_what, given) => {
  expect(analysisSettingsSchema.safeParse(given).success).toBe(false)
})
