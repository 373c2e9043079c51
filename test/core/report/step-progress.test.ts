import { expect, it } from 'vitest'
import { judgeStep, type Looked } from '../../../src/core/analysis/look.ts'
import type { Poll } from '../../../src/core/analysis/counts.ts'
import type { Ramp } from '../../../src/core/policy.ts'
import { renderProgress } from '../../../src/core/report/progress.ts'
import { progressOf, type StepLook } from '../../../src/core/report/step-progress.ts'
import { pollsOf, repeated, settingsWith } from '../analysis/samples.ts'

const step = (percent: number) => ({ percent, soakSeconds: 300, leastRequests: 100, approval: false })
const ramp: Ramp = { steps: [step(10), step(100)], pollSeconds: 15, deadlineSeconds: 3600, whenInconclusive: 'hold' }
const calm = pollsOf(repeated([10, 0, 990, 1], 10))

interface Given extends Partial<Pick<Looked, 'percent' | 'seenSeconds' | 'isCurrent' | 'lagSeconds'>>, Partial<Pick<StepLook, 'pausedBy' | 'isApprovalAwaited'>> {
  readonly polls?: readonly Poll[]
}

/** What the line says at its end, by so many seconds of a soak. */
function awaited(elapsedSeconds: number, { percent = 10, polls = calm, seenSeconds = elapsedSeconds, isCurrent = true, lagSeconds = 0, pausedBy, isApprovalAwaited = false }: Given = {}): string {
  const verdict = judgeStep({ settings: settingsWith(), polls, ramp, percent, elapsedSeconds, lagSeconds, seenSeconds, isCurrent })
  return renderProgress(progressOf({ ramp, percent, elapsedSeconds, lagSeconds, verdict, pausedBy, isApprovalAwaited })).split(', ').at(-1) ?? ''
}

it('names what a soak still wants to see', () => {
  expect(awaited(240)).toBe('awaits the end in 1 min 0 s')
  expect(awaited(300)).toBe('ready for the next step')
  expect(awaited(300, { polls: calm.slice(0, 9) })).toBe('awaits more traffic')
})

it('tells counts that are late from a source that is silent', () => {
  expect(awaited(60, { polls: [], seenSeconds: 0, isCurrent: false, lagSeconds: 60 })).toBe('told 1 min 0 s late')
  expect(awaited(90, { polls: [], seenSeconds: 0, isCurrent: false, lagSeconds: 60 })).toBe('awaits counts: a source is silent')
  expect(awaited(400, { seenSeconds: 15, isCurrent: false })).toBe('awaits counts: a source is silent')
})

it('ends with the watch, seen or not', () => {
  expect(awaited(400, { percent: 100, seenSeconds: 15, isCurrent: false })).toBe('the watch is over')
})

it('waits for people, but for nobody once harm is proven', () => {
  expect(awaited(300, { isApprovalAwaited: true })).toBe('awaits an approval')
  expect(awaited(30, { isApprovalAwaited: true })).toBe('awaits the end in 4 min 30 s')
  expect(awaited(30, { pausedBy: 'octocat' })).toBe('paused by octocat')
  expect(awaited(30, { pausedBy: 'octocat', polls: pollsOf(repeated([100, 90, 900, 1], 2)) })).toBe('the baseline comes back')
})
