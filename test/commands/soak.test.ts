import { expect, it } from 'vitest'
import { openRecord } from '../../src/commands/record.ts'
import { compareBy, type PreparedSource } from '../../src/commands/prepare-comparison.ts'
import { openSoak } from '../../src/commands/soak.ts'
import type { Steering } from '../../src/commands/take-commands.ts'
import { metricSettingSchema } from '../../src/core/analysis/settings.ts'
import type { Stratum } from '../../src/core/analysis/counts.ts'
import type { StagedPolicy } from '../../src/core/policy.ts'
import { begin } from '../../src/core/rollout.ts'
import type { Observation } from '../../src/core/rollout/state.ts'
import { shaSchema } from '../../src/core/schemas.ts'
import type { Counted, CountQuestion, Prepared } from '../../src/shell/metrics/source.ts'
import { BASELINE, CANDIDATE, inSteps } from '../core/rollout/hostile-world.ts'

// A step that soaks, with a clock and a source that a test sets.

const percents = [10, 50, 100]
const steps = inSteps(percents.map((percent) => ({ percent, soakSeconds: 60, leastRequests: 100, approval: false })))
const policy: StagedPolicy = { ...steps, ramp: { ...steps.ramp, pollSeconds: 15, deadlineSeconds: 900 } }

const prepared: Prepared = { kind: 'ok', metrics: [metricSettingSchema.parse({ name: 'errors', kind: 'errors' })], thresholds: {} }
const told = (stratum: Stratum): Counted => ({ kind: 'ok', metrics: { errors: stratum } })
const calm = told({ candidate: { total: 100, bad: 1 }, baseline: { total: 100, bad: 1 } })
const denied: Counted = { kind: 'unknown', message: 'counts: 403' }

/** Nobody says anything, and there is time enough. */
const UNSTEERED: Steering = { next: () => Promise.resolve(undefined), beforeRaise: () => Promise.resolve('none'), pausedBy: () => 'nobody', isOverdue: () => false }

interface Given {
  /** What the source says at its looks; the last one for ever. */
  readonly answers: readonly Counted[]
  readonly lagSeconds?: number
  readonly beside?: readonly PreparedSource[]
}

function open({ answers, lagSeconds = 0, beside = [] }: Given) {
  let nowMs = Date.parse('2026-11-23T12:00:00Z')
  let look = 0
  const asked: CountQuestion[] = []
  const lines: string[] = []
  const clock = { now: () => nowMs, sleep: (seconds: number) => Promise.resolve(void (nowMs += seconds * 1000)) }
  const source = {
    name: 'counts',
    lagSeconds,
    prepare: () => Promise.resolve(prepared),
    count: (question: CountQuestion) => {
      asked.push(question)
      return Promise.resolve(answers[look++] ?? answers.at(-1) ?? denied)
    },
  }
  const compared = compareBy([{ source, acts: true, traffic: 'users', answer: prepared }, ...beside], { rules: {}, warmUpSeconds: 0 }, (line) => lines.push(line))
  if (compared.kind !== 'ok') throw new Error(compared.details.join())
  const { phase } = begin(policy)
  const record = openRecord(
    { schemaVersion: 1, policy, phase, script: 'shop', sha: shaSchema.parse('a'.repeat(40)), candidate: CANDIDATE, preflight: [], rounds: [], timeline: [], splits: [] },
    { clock, saveState: () => undefined, acknowledge: () => Promise.resolve(true), log: (line) => lines.push(line), redact: (text) => text },
  )
  const session = { clock, stop: new AbortController().signal, script: 'shop', runner: { log: (line: string) => void lines.push(line) } }
  const soak = openSoak({ session, policy, record, comparison: compared.comparison, steering: UNSTEERED })
  return {
    asked,
    lines,
    record,
    wait: (seconds: number) => clock.sleep(seconds),
    split: (percentage: number) => {
      const split = percentage === 100 ? [{ versionId: CANDIDATE, percentage }] : [{ versionId: CANDIDATE, percentage }, { versionId: BASELINE, percentage: 100 - percentage }]
      record.noteEvent({ kind: 'read', split, deploymentId: 'd' })
    },
    looks: async (percent: number, count: number) => {
      const advices: string[] = []
      for (let one = 0; one < count; one += 1) advices.push(adviceOf(await soak({ kind: 'soak', candidate: CANDIDATE, percent, isPaused: false, isApproved: false })))
      return advices
    },
  }
}

function adviceOf(seen: Observation): string {
  return seen.kind === 'soaked' ? seen.advice : seen.kind
}

it('goes on when the soak has been seen, and not one look later', async () => {
  expect(await open({ answers: [calm] }).looks(10, 4)).toEqual(['wait', 'wait', 'wait', 'advance'])
  expect(await open({ answers: [calm], lagSeconds: 30 }).looks(10, 6)).toEqual(['wait', 'wait', 'wait', 'wait', 'wait', 'advance'])
})

it('does not take a source that told once, and was denied ever since, for health', async () => {
  const { looks, lines, record } = open({ answers: [calm, denied] })
  expect(await looks(50, 30)).toEqual(['wait', 'wait', 'wait', 'wait', ...Array.from({ length: 26 }, () => 'undecided')])
  expect(lines.filter((line) => line.startsWith('Not known at this look'))).toHaveLength(20)
  expect(record.current().timeline.map(({ text }) => text).join()).toMatch(/^At 50 %: Inconclusive: .* But a source is silent since, so no step goes forward on that\.$/)
})

it('forgives a source that fails at the last look and tells at the next one', async () => {
  expect(await open({ answers: [calm, calm, calm, denied, calm] }).looks(10, 5)).toEqual(['wait', 'wait', 'wait', 'wait', 'advance'])
})

it('counts from the soak on: the requests of the checks before it are no users', async () => {
  const { looks, asked, split, wait } = open({ answers: [calm] })
  split(10)
  await wait(40)
  await looks(10, 1)
  expect(asked.map(({ interval }) => interval)).toEqual([{ fromMs: Date.parse('2026-11-23T12:00:40Z'), toMs: Date.parse('2026-11-23T12:00:55Z') }])
})

it('keeps the looks that told nothing, and how much of the step each one added', async () => {
  const { looks, record } = open({ answers: [calm, denied, denied, calm] })
  await looks(10, 4)
  const polls = record.current().analysis?.polls ?? []
  expect(polls.map(({ seconds, metrics }) => [seconds, Object.keys(metrics)])).toEqual([[15, ['counts/errors']], [0, []], [0, []], [45, ['counts/errors']]])
})

it('keeps no look at which nothing could be complete yet', async () => {
  const { looks, record } = open({ answers: [calm], lagSeconds: 30 })
  await looks(10, 3)
  expect(record.current().analysis?.polls).toHaveLength(1)
})

it('says that a watch saw nothing, and lets the candidate stay', async () => {
  const { looks, record } = open({ answers: [calm, calm, calm, calm, denied] })
  await looks(50, 4)
  expect(await looks(100, 5)).toEqual(['wait', 'wait', 'wait', 'wait', 'undecided'])
  expect(record.current().timeline.at(-1)?.text).toBe("At 100 %: The watch saw nothing: no counts of the candidate alone could be held against the baseline's before. The candidate stays: watch it yourself.")
})

it('says how much a watch saw that was cut short', async () => {
  const { looks, record } = open({ answers: [calm, calm, calm, calm, calm, denied] })
  await looks(50, 4)
  expect((await looks(100, 5)).at(-1)).toBe('undecided')
  expect(record.current().timeline.at(-1)?.text).toMatch(/^At 100 %: The watch saw 15\.0 s of its 1 min 0 s, and not its end; .* The candidate stays: watch it yourself\.$/)
})

it('goes back when a watch proves harm, and promises what the watch can promise', async () => {
  const broken = told({ candidate: { total: 200, bad: 100 }, baseline: { total: 0, bad: 0 } })
  const { looks, record } = open({ answers: [calm, calm, calm, calm, broken] })
  await looks(50, 4)
  expect(await looks(100, 1)).toEqual(['restore'])
  expect(record.current().timeline.at(-1)?.text).toMatch(/^At 100 %: Regressed after the promotion: .* above 3 times the baseline's counts, so a version that is as good gets there in at most 1 % of rollouts, as long as traffic stays what it was\.$/)
})

const dry = (answer: Prepared, lagSeconds = 0): PreparedSource => ({
  acts: false,
  traffic: 'own',
  answer,
  source: { name: 'tried', lagSeconds, prepare: () => Promise.resolve(answer), count: () => Promise.resolve(denied) },
})
const unready: Prepared = { kind: 'refused', problem: 'no token', remedy: 'Give one' }

it('goes on without a dry run that is not ready, and says so', async () => {
  const { looks, lines } = open({ answers: [calm], beside: [dry(unready)] })
  expect(lines).toEqual(['A dry run goes without tried: no token. Give one'])
  expect((await looks(10, 4)).at(-1)).toBe('advance')
})

it('waits for no dry run: neither for its lag nor for its silence', async () => {
  const metrics = [metricSettingSchema.parse({ name: 'tried', kind: 'errors', acts: false })]
  expect((await open({ answers: [calm], beside: [dry({ kind: 'ok', metrics, thresholds: {} }, 600)] }).looks(10, 4)).at(-1)).toBe('advance')
})

it('refuses when a source that acts is not ready', () => {
  const acting = { ...dry(unready), acts: true }
  expect(compareBy([acting], { rules: {}, warmUpSeconds: 0 }, () => undefined)).toEqual({ kind: 'refused', details: ['tried: no token. Give one'] })
})

it('refuses when nothing would act, rather than going back at the deadline', () => {
  const compared = compareBy([dry({ kind: 'ok', metrics: [metricSettingSchema.parse({ name: 'tried', kind: 'errors', acts: false })], thresholds: {} })], { rules: {}, warmUpSeconds: 0 }, () => undefined)
  expect(compared.kind === 'refused' ? compared.details.join() : compared.kind).toMatch(/^Every source of counts is a dry run .* Let one of them act/)
})

it('gives every metric the form that the file says, and knows whose requests it counts', () => {
  const metrics = [metricSettingSchema.parse({ name: 'errors', kind: 'errors' })]
  const compared = compareBy([{ ...dry({ kind: 'ok', metrics, thresholds: {} }), acts: true }], { rules: { form: 'odds-ratio', signsOfHarm: 3 }, warmUpSeconds: 0 }, () => undefined)
  expect(compared.kind === 'ok' ? compared.comparison?.settings : compared).toMatchObject({ signsOfHarm: 3, metrics: [{ name: 'tried/errors', form: 'odds-ratio', traffic: 'own' }] })
})

it('gives the thresholds of one source one weight together', () => {
  const metrics = [...['p95', 'p99'].map((name) => metricSettingSchema.parse({ name, kind: 'latency' })), metricSettingSchema.parse({ name: 'errors', kind: 'errors' })]
  const compared = compareBy([{ ...dry({ kind: 'ok', metrics, thresholds: {} }), acts: true }], { rules: {}, warmUpSeconds: 0 }, () => undefined)
  expect(compared.kind === 'ok' ? compared.comparison?.settings.metrics.map(({ name, weight }) => [name, weight]) : compared).toEqual([['tried/p95', 0.5], ['tried/p99', 0.5], ['tried/errors', 1]])
})
