import { expect, test } from 'vitest'
import type { Counted, CountQuestion, MetricSource } from '../../src/shell/metrics/source.ts'
import { sampleAll, UNKNOWN_IN_A_ROW, type OpenSource } from '../../src/shell/metrics/sample.ts'
import { versionIdSchema } from '../../src/core/schemas.ts'

const version = (digit: string) => versionIdSchema.parse(`${digit.repeat(8)}-0000-4000-8000-000000000000`)
const counts = { candidate: { total: 10, bad: 1 }, baseline: { total: 990, bad: 9 } }

function open(name: string, answer: (question: CountQuestion) => Counted, lagSeconds = 0): OpenSource & { readonly asked: CountQuestion[] } {
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
  return { source, thresholds: { 'slow-p99': 250 }, slow: new Set(['slow-p99']), countedToMs: 0, unknownInARow: 0, asked }
}

const ok = (): Counted => ({ kind: 'ok', metrics: { errors: counts, 'slow-p99': counts } })
const silent = (): Counted => ({ kind: 'unknown', message: 'tail: no answer' })
const question = (nowMs: number, percent = 10) => ({ script: 'shop', candidate: version('c'), baseline: version('b'), percent, sinceMs: 100_000, nowMs, warmUpSeconds: 60 })
const intervals = ({ asked }: { readonly asked: readonly CountQuestion[] }) => asked.map(({ interval }) => [interval.fromMs, interval.toMs])

test('each look goes on where the last one ended, and nothing is counted twice', async () => {
  const source = open('tail', ok)
  await sampleAll([source], question(115_000))
  await sampleAll([source], question(130_000))
  expect(intervals(source)).toEqual([[100_000, 115_000], [115_000, 130_000]])
})

test('a source that lags is asked only for what is complete, and never for before the step', async () => {
  const source = open('observability', ok, 30)
  expect((await sampleAll([source], question(115_000))).metrics).toEqual({})
  await sampleAll([source], question(145_000))
  expect(intervals(source)).toEqual([[100_000, 115_000]])
})

test('a new step begins anew, and leaves out what the last one left uncounted', async () => {
  const source = open('observability', ok, 30)
  await sampleAll([source], question(145_000))
  await sampleAll([source], { ...question(240_000), sinceMs: 200_000 })
  expect(intervals(source)[1]).toEqual([200_000, 210_000])
})

test('a source that knows nothing costs its own metrics only, and asks again for the same interval', async () => {
  let tries = 0
  const flaky = open('tail', () => (++tries === 1 ? silent() : ok()))
  const sampled = await sampleAll([flaky, open('probes', ok)], question(175_000))
  expect(sampled.unknown).toEqual(['tail: no answer'])
  expect(Object.keys(sampled.metrics)).toEqual(['probes/errors'])
  await sampleAll([flaky], question(190_000))
  expect(intervals(flaky)[1]).toEqual([100_000, 190_000])
})

test('an interval never grows longer than three minutes', async () => {
  const source = open('tail', ok)
  await sampleAll([source], question(500_000))
  expect(intervals(source)).toEqual([[320_000, 500_000]])
})

test('latency is not compared while isolates of the new version are cold', async () => {
  const source = open('tail', ok)
  expect(Object.keys((await sampleAll([source], question(170_000))).metrics)).toEqual(['tail/errors'])
  expect(Object.keys((await sampleAll([source], question(185_000))).metrics)).toEqual(['tail/errors', 'tail/slow-p99'])
})

test('a source that has told nothing for ten looks is given up, and that is said once', async () => {
  const source = open('tail', silent)
  const said: string[] = []
  for (let look = 1; look <= UNKNOWN_IN_A_ROW + 3; look += 1) said.push(...(await sampleAll([source], question(100_000 + look * 15_000))).unknown)
  expect(source.asked).toHaveLength(UNKNOWN_IN_A_ROW)
  expect(said.filter((text) => text.includes('not asked any more'))).toEqual(['tail: no answer; it is not asked any more'])
})

test('at 100 % a source is told that the candidate is alone', async () => {
  const source = open('tail', ok)
  await sampleAll([source], question(115_000, 100))
  expect(source.asked[0]?.isAlone).toBe(true)
})
