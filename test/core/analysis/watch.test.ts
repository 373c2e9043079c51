import { expect, test } from 'vitest'
import { poisson, randomFrom, seedFrom, type Random } from '../../../bench/simulation/random.ts'
import type { Poll } from '../../../src/core/analysis/counts.ts'
import { judgeWatch } from '../../../src/core/analysis/watch.ts'
import type { Ramp } from '../../../src/core/policy.ts'
import { repeated, settingsWith, stratumOf, type Row } from './samples.ts'

const settings = settingsWith()
const step = (percent: number) => ({ percent, soakSeconds: 300, leastRequests: 100, approval: false })
const ramp: Ramp = { steps: [step(10), step(50), step(100)], pollSeconds: 15, deadlineSeconds: 2400, whenInconclusive: 'hold' }
const LOOKS = 20

/** So many rows at each step of the ramp. */
function pollsBy(...steps: readonly (readonly Row[])[]): readonly Poll[] {
  return steps.flatMap((rows, place) => rows.map((row, at) => ({ step: place, atSeconds: 300 * place + 15 * (at + 1), metrics: { errors: stratumOf(row) } })))
}

const alone: Row = [1000, 10, 0, 0]
const figuresOf = (polls: readonly Poll[]) => judgeWatch(settings, polls, ramp).metrics[0]?.steps[0]

test('gives every look of the watch its part of what the baseline served before, each count once', () => {
  const watched = repeated(alone, LOOKS)
  expect(figuresOf(pollsBy([], repeated([500, 5, 500, 5], 2), watched))?.baseline).toEqual({ total: 1000, bad: 10 })
  for (let looks = 1; looks <= LOOKS; looks += 1) {
    const { baseline } = figuresOf(pollsBy([], repeated([500, 5, 500, 5], 2), watched.slice(0, looks))) ?? {}
    expect([baseline?.total, baseline?.bad]).toEqual([990 * (looks / LOOKS) + Math.ceil(10 * (looks / LOOKS)), Math.ceil(10 * (looks / LOOKS))].map(Math.floor))
  }
})

test('takes the newest polls first, over all steps before, and no more than the watch will have', () => {
  const [old, last, watched] = [repeated([100, 1, 900, 90], 30), repeated([500, 5, 500, 5], 4), repeated(alone, LOOKS)]
  expect(figuresOf(pollsBy(old, last, watched))?.baseline).toEqual({ total: 4 * 500 + 16 * 900, bad: 4 * 5 + 16 * 90 })
  expect(figuresOf(pollsBy(old, repeated([500, 5, 500, 5], 40), watched))?.baseline).toEqual({ total: LOOKS * 500, bad: LOOKS * 5 })
})

test('never has more bad requests than requests, whatever is to be split', () => {
  for (const row of [[9, 0, 11, 10], [9, 0, 7, 7], [9, 0, 1, 1], [9, 0, 3, 0]] as const) {
    for (let looks = 1; looks <= LOOKS; looks += 1) {
      const found = figuresOf(pollsBy([], [row], repeated(alone, looks)))
      expect(found?.unknownPolls).toBe(0)
      expect(found?.baseline.bad).toBeLessThanOrEqual(found?.baseline.total ?? 0)
    }
  }
})

test('leaves the part of a look that told nothing to the next one that tells', () => {
  const polls = pollsBy([], repeated([500, 5, 500, 5], 20), repeated(alone, 10))
  const gap = polls.map((poll, at) => (at >= 22 && at < 25 ? { ...poll, metrics: {} } : poll))
  expect(figuresOf(gap)?.baseline).toEqual(figuresOf(polls)?.baseline)
})

test('compares nothing beyond the time that the watch was to last', () => {
  const quiet = pollsBy([], repeated([500, 5, 500, 5], 10), [...repeated(alone, LOOKS), ...repeated([1000, 900, 0, 0], 20)])
  expect(judgeWatch(settings, quiet, ramp).finding.verdict).not.toBe('regressed')
})

// Simulated: a Worker with so many requests a poll, of which the candidate had half for as many polls as it took to exonerate it.

interface World {
  readonly requests: number
  readonly rate: number
  /** Polls at 10 % and at 50 %. */
  readonly pollsBefore: readonly [number, number]
  /** The candidate's rate at this look after promotion. */
  readonly rateAt: (look: number) => number
}

function drawRow(random: Random, { requests, rate, candidate, share }: { readonly requests: number; readonly rate: number; readonly candidate: number; readonly share: number }): Row {
  const [mine, theirs] = [poisson(random, requests * share), poisson(random, requests * (1 - share))]
  return [mine, Math.min(mine, poisson(random, mine * candidate)), theirs, Math.min(theirs, poisson(random, theirs * rate))]
}

/** The look at which a watch calls the candidate regressed, from 1; undefined if it never does. */
function regressedAt(random: Random, { requests, rate, pollsBefore, rateAt }: World): number | undefined {
  const rows = (count: number, share: number) => Array.from({ length: count }, () => drawRow(random, { requests, rate, candidate: rate, share }))
  const [first, second] = [rows(pollsBefore[0], 0.1), rows(pollsBefore[1], 0.5)]
  const watched = Array.from({ length: LOOKS }, (_, look) => drawRow(random, { requests, rate, candidate: rateAt(look), share: 1 }))
  // Once regressed it stays so: whether it ever was, the last look tells.
  if (judgeWatch(settings, pollsBy(first, second, watched), ramp).finding.verdict !== 'regressed') return undefined
  return watched.findIndex((_, look) => judgeWatch(settings, pollsBy(first, second, watched.slice(0, look + 1)), ramp).finding.verdict === 'regressed') + 1
}

const WATCHES = 1000
const watchesOf = (name: string, world: World) => Array.from({ length: WATCHES }, (_, run) => regressedAt(randomFrom(seedFrom(`watch/${name}/${run}`)), world))

const volumes = [
  ['busy, exonerated after two polls', { requests: 2500, rate: 0.001, pollsBefore: [2, 2] }],
  ['busy, soaked', { requests: 2500, rate: 0.01, pollsBefore: [20, 20] }],
  ['1,000 a minute', { requests: 250, rate: 0.01, pollsBefore: [2, 2] }],
  ['1,000 a minute, and few fail', { requests: 250, rate: 0.001, pollsBefore: [20, 20] }],
  ['as quiet as our own probes', { requests: 20, rate: 0.02, pollsBefore: [20, 20] }],
  ['quiet, and almost nothing was seen before', { requests: 20, rate: 0.05, pollsBefore: [0, 2] }],
] as const satisfies readonly (readonly [string, Omit<World, 'rateAt'>])[]

test.each(volumes.flatMap(([name, world]) => [[name, 1, world] as const, [name, 1.5, world] as const]))(
  'calls a good candidate regressed in at most a fifth of alpha of all watches: %s, base rate times %f after the promotion',
  (name, drift, world) => {
    const found = watchesOf(`${name}/${drift}`, { ...world, rateAt: () => drift * world.rate }).filter((look) => look !== undefined)
    expect(found.length / WATCHES).toBeLessThanOrEqual(settings.alpha / 5)
  },
)

test.each([
  ['busy, exonerated after two polls', { requests: 2500, rate: 0.001, pollsBefore: [2, 2] }],
  ['1,000 a minute, exonerated after two polls', { requests: 250, rate: 0.01, pollsBefore: [2, 2] }],
] as const)('finds a candidate that breaks half of all requests a minute after the promotion within a few polls: %s', (name, world) => {
  const found = watchesOf(`broken/${name}`, { ...world, rateAt: (look) => (look < 4 ? world.rate : 0.5) }).map((look) => look ?? Number.POSITIVE_INFINITY)
  const sorted = found.toSorted((one, other) => one - other)
  expect(sorted[Math.floor(0.99 * WATCHES)]).toBeLessThanOrEqual(4 + 5)
  expect(Math.min(...found)).toBeGreaterThan(4)
})
