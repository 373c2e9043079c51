import { expect, test } from 'vitest'
import { judgeStep, type Looked } from '../../../src/core/analysis/look.ts'
import type { Poll } from '../../../src/core/analysis/counts.ts'
import type { Ramp } from '../../../src/core/policy.ts'
import type { Row } from './samples.ts'
import { pollsOf, repeated, settingsWith, stratumOf } from './samples.ts'

const settings = settingsWith()
const step = (percent: number) => ({ percent, soakSeconds: 300, leastRequests: 100, approval: false })
const ramp: Ramp = { steps: [step(1), step(50), step(100)], pollSeconds: 15, deadlineSeconds: 3600, whenInconclusive: 'hold' }
/** Seen without a gap until now, unless said otherwise. */
const at = (percent: number, polls: readonly Poll[], seenSeconds = 300, changes: Partial<Looked> = {}) =>
  judgeStep({ settings, polls, ramp, percent, elapsedSeconds: seenSeconds, lagSeconds: 0, seenSeconds, isCurrent: true, ...changes }).advice
const calm = pollsOf(repeated([10, 0, 990, 1], 10))

test('a step waits for its end, and then goes on with enough traffic and no sign of harm', () => {
  expect(at(1, calm, 285)).toBe('wait')
  expect(at(1, calm)).toBe('advance')
  expect(at(1, pollsOf(repeated([9, 0, 990, 1], 10)))).toBe('undecided')
})

test('a soak is over at the look that is nearest to its end', () => {
  expect(at(1, calm, 292.4)).toBe('wait')
  expect(at(1, calm, 292.5)).toBe('advance')
})

test('silence is not health: a step without counts is undecided', () => {
  expect(at(1, [])).toBe('undecided')
})

test('silence is not health: time that no source has counted does not end a soak', () => {
  expect(at(1, calm, 280, { elapsedSeconds: 314 })).toBe('wait')
  expect(at(1, calm, 280, { elapsedSeconds: 315 })).toBe('undecided')
  expect(at(1, calm, 300, { elapsedSeconds: 900 })).toBe('advance')
})

test('silence is not health: what was seen is no answer while the newest look is not', () => {
  expect(at(1, calm, 300, { isCurrent: false })).toBe('wait')
  expect(at(1, calm, 300, { isCurrent: false, elapsedSeconds: 315 })).toBe('undecided')
})

test('counts that are told late have that much longer', () => {
  expect(at(1, calm, 240, { elapsedSeconds: 374, lagSeconds: 60 })).toBe('wait')
  expect(at(1, calm, 240, { elapsedSeconds: 375, lagSeconds: 60 })).toBe('undecided')
})

/** Half of everybody on each version for ten polls, then the candidate alone. */
function promoted(half: Row, alone: readonly Row[]): readonly Poll[] {
  const after = alone.map((row, index) => ({ step: 2, atSeconds: 700 + index, metrics: { errors: stratumOf(row) } }))
  return [...pollsOf(repeated(half, 10), { step: 1 }), ...after]
}

test('the watch after promotion goes back when the candidate is far worse than the baseline was last', () => {
  expect(at(100, promoted([500, 5, 500, 5], repeated([1000, 200, 0, 0], 3)), 10)).toBe('restore')
})

test('the watch leaves room for what differs between minutes', () => {
  expect(at(100, promoted([500, 5, 500, 5], repeated([1000, 25, 0, 0], 10)))).toBe('advance')
})

test('a watch that could compare nothing, or that saw nothing of its time, is undecided at its end', () => {
  expect(at(100, [], 285)).toBe('wait')
  expect(at(100, [])).toBe('undecided')
  const well = promoted([500, 5, 500, 5], repeated([1000, 10, 0, 0], 10))
  expect(at(100, well)).toBe('advance')
  expect(at(100, well, 300, { isCurrent: false, elapsedSeconds: 315 })).toBe('undecided')
  expect(at(100, well, 60, { elapsedSeconds: 315 })).toBe('undecided')
})
