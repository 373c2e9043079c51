import { expect, test } from 'vitest'
import { metricSettingSchema } from '../../src/core/analysis/settings.ts'
import type { Counted, CountQuestion, MetricSource } from '../../src/shell/metrics/source.ts'
import { FAILURES_IN_A_ROW, openSource, sampleAll, type OpenSource } from '../../src/shell/metrics/sample.ts'
import { versionIdSchema } from '../../src/core/schemas.ts'

const version = (digit: string) => versionIdSchema.parse(`${digit.repeat(8)}-0000-4000-8000-000000000000`)
const counts = { candidate: { total: 10, bad: 1 }, baseline: { total: 990, bad: 9 } }
const metrics = [metricSettingSchema.parse({ name: 'errors', kind: 'errors' }), metricSettingSchema.parse({ name: 'slow-p99', kind: 'latency' })]

interface Kept {
  readonly lagSeconds?: number
  readonly acts?: boolean
}

function open(name: string, answer: (question: CountQuestion) => Counted, { lagSeconds = 0, acts = true }: Kept = {}): OpenSource & { readonly asked: CountQuestion[] } {
  const asked: CountQuestion[] = []
  const source: MetricSource = {
    name,
    lagSeconds,
    prepare: () => Promise.resolve({ kind: 'ok', metrics: [], thresholds: {} }),
    count: (question) => {
      asked.push(question)
      return Promise.resolve(answer(question))
    },
  }
  return { ...openSource(source, acts, { kind: 'ok', metrics, thresholds: { 'slow-p99': 250 } }), asked }
}

const ok = (): Counted => ({ kind: 'ok', metrics: { errors: counts, 'slow-p99': counts } })
const partly = (): Counted => ({ kind: 'ok', metrics: { errors: counts } })
const failing = (): Counted => ({ kind: 'unknown', message: 'tail: 403' })
const silent = (): Counted => ({ kind: 'silent', message: 'tail: nobody asked' })
/** One answer a look; the last one for ever. */
function inTurn(...answers: readonly (() => Counted)[]): () => Counted {
  let look = 0
  return () => (answers[look++] ?? answers.at(-1) ?? silent)()
}
const question = (nowMs: number, percent = 10) => ({ script: 'shop', candidate: version('c'), baseline: version('b'), percent, soakBeganMs: 100_000, nowMs, warmUpSeconds: 60 })
const intervals = ({ asked }: { readonly asked: readonly CountQuestion[] }) => asked.map(({ interval }) => [interval.fromMs, interval.toMs])
/** So many looks, a quarter of a minute apart; the last one is told. */
async function lookAt(sources: readonly OpenSource[], looks: number) {
  let sampled = await sampleAll(sources, question(115_000))
  for (let look = 2; look <= looks; look += 1) sampled = await sampleAll(sources, question(100_000 + look * 15_000))
  return sampled
}

test('each look goes on where the last one ended, and nothing is counted twice', async () => {
  const source = open('tail', ok)
  await lookAt([source], 2)
  expect(intervals(source)).toEqual([[100_000, 115_000], [115_000, 130_000]])
})

test('a source that lags is asked only for what is complete, and never for before the step', async () => {
  const source = open('observability', ok, { lagSeconds: 30 })
  expect(await sampleAll([source], question(115_000))).toEqual({ metrics: {}, unknown: [], isLook: false, seenSeconds: 0, isCurrent: false })
  await sampleAll([source], question(145_000))
  expect(intervals(source)).toEqual([[100_000, 115_000]])
})

test('a new step begins anew, and leaves out what the last one left uncounted', async () => {
  const source = open('observability', ok, { lagSeconds: 30 })
  await sampleAll([source], question(145_000))
  const sampled = await sampleAll([source], { ...question(240_000), soakBeganMs: 200_000 })
  expect(intervals(source)[1]).toEqual([200_000, 210_000])
  expect(sampled.seenSeconds).toBe(10)
})

test('nothing is known of a new step before its first look has told', async () => {
  const source = open('observability', ok, { lagSeconds: 30 })
  await sampleAll([source], question(145_000))
  expect(await sampleAll([source], { ...question(215_000), soakBeganMs: 200_000 })).toMatchObject({ isCurrent: false, seenSeconds: 0 })
})

test('a source that fails costs its own metrics only, and is asked again for the same interval', async () => {
  const flaky = open('tail', inTurn(failing, ok))
  const sampled = await sampleAll([flaky, open('probes', ok)], question(175_000))
  expect(sampled.unknown).toEqual(['tail: 403'])
  expect(Object.keys(sampled.metrics)).toEqual(['probes/errors'])
  await sampleAll([flaky], question(190_000))
  expect(intervals(flaky)[1]).toEqual([100_000, 190_000])
})

test('what every acting source has counted is seen, and a gap that was made good is no gap', async () => {
  expect((await lookAt([open('tail', ok), open('observability', ok, { lagSeconds: 30 })], 4)).seenSeconds).toBe(30)
  expect(await lookAt([open('tail', inTurn(ok, failing, failing, ok))], 4)).toMatchObject({ seenSeconds: 60, isCurrent: true })
})

test('what was counted once is not seen for ever: an answer of 403 since then is no answer', async () => {
  expect(await lookAt([open('tail', inTurn(ok, failing))], 8)).toMatchObject({ seenSeconds: 15, isCurrent: false })
})

test('what is lost because it is older than four minutes has not been seen', async () => {
  const source = open('tail', ok)
  expect((await sampleAll([source], question(500_000))).seenSeconds).toBe(240)
  expect(intervals(source)).toEqual([[260_000, 500_000]])
})

test('an answer that leaves out a metric has shown what it shows, and has not told its interval', async () => {
  const sampled = await lookAt([open('tail', inTurn(ok, partly))], 2)
  expect(sampled).toMatchObject({ seenSeconds: 15, isCurrent: false })
  expect(Object.keys(sampled.metrics)).toEqual(['tail/errors'])
})

test('nothing waits for a dry run: neither for its silence nor for its lag', async () => {
  const dry = open('tried', failing, { acts: false, lagSeconds: 30 })
  expect(await lookAt([open('tail', ok), dry], 4)).toMatchObject({ seenSeconds: 60, isCurrent: true })
  expect(dry.asked.length).toBeGreaterThan(0)
  expect(await lookAt([open('tried', ok, { acts: false })], 4)).toMatchObject({ seenSeconds: 0, isCurrent: false })
})

test('latency is not compared while isolates of the new version are cold', async () => {
  const source = open('tail', ok)
  expect(Object.keys((await sampleAll([source], question(170_000))).metrics)).toEqual(['tail/errors'])
  expect(Object.keys((await sampleAll([source], question(185_000))).metrics)).toEqual(['tail/errors', 'tail/slow-p99'])
})

test('a source that has failed at twenty looks is given up, that is said once, and it stays unknown', async () => {
  const source = open('tail', failing)
  const said: string[] = []
  for (let look = 1; look <= FAILURES_IN_A_ROW + 3; look += 1) {
    const { unknown, isLook } = await sampleAll([source], question(100_000 + look * 15_000))
    said.push(...unknown)
    expect(isLook).toBe(true)
  }
  expect(source.asked).toHaveLength(20)
  expect(said.filter((text) => text.includes('not asked any more'))).toEqual(['tail: 403; it is not asked any more'])
})

test('silence is no failure: it spends no budget, is not current, and is asked for again', async () => {
  const source = open('tail', inTurn(ok, silent))
  expect(await lookAt([source], FAILURES_IN_A_ROW + 5)).toMatchObject({ seenSeconds: 15, isCurrent: false })
  expect(source.asked).toHaveLength(FAILURES_IN_A_ROW + 5)
  expect(intervals(source)[9]).toEqual([115_000, 250_000])
})

test('only failures in a row count', async () => {
  const answers = Array.from({ length: FAILURES_IN_A_ROW - 1 }, () => failing)
  const source = open('tail', inTurn(...answers, silent, ...answers, ok))
  expect(await lookAt([source], 2 * FAILURES_IN_A_ROW)).toMatchObject({ isCurrent: true })
})

test('at 100 % a source is told that the candidate is alone', async () => {
  const source = open('tail', ok)
  await sampleAll([source], question(115_000, 100))
  expect(source.asked[0]?.isAlone).toBe(true)
})
