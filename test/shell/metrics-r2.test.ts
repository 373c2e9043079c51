import { describe, expect, it, test } from 'vitest'
import { observabilitySource } from '../../src/inputs/metrics/observability.ts'
import { guarded } from '../../src/shell/metrics/guarded-source.ts'
import { connectObservability } from '../../src/shell/metrics/observability.ts'
import { baseline, candidate, changing, clock, connectApi, question, script, serve, serveLater, setTime, START, telemetry, upload, withWorker, wordsOf, world } from './metrics-samples.ts'

// Operations of R2 buckets, as the spans of Workers Observability tell them.

withWorker({ enabled: true, traces: { enabled: true } })

const spec = observabilitySource.parse({ kind: 'observability', r2: true, slow: [] })
const source = (api = connectApi()) => guarded(connectObservability(spec, api))
const count = (api = connectApi(), asked = question) => source(api).count(asked)
const prepare = (api = connectApi()) => source(api).prepare({ script, baseline, nowMs: clock.now() })

const MISSING = 'The specified key does not exist.'
const CONDITION = 'At least one of the pre-conditions you specified did not hold.'
const well = { 'cloudflare.r2.response.success': true }
const failed = (message: string) => ({ 'cloudflare.r2.response.success': false, 'cloudflare.r2.error.message': message })

function operate(times: number, attributes: Readonly<Record<string, string | boolean>>, { versionId = baseline, atMs = START + 1000 } = {}): void {
  for (let index = 0; index < times; index += 1) telemetry.recordOperation({ scriptName: script, versionId, atMs: atMs + index, attributes: { 'cloudflare.r2.operation': 'GetObject', ...attributes } })
}

/** Requests of both versions, all of them well. */
function serveBoth(): void {
  serve(90)
  serve(10, { versionId: candidate })
  serveLater()
  setTime(61)
}

describe('operations of a bucket', () => {
  it('are counted for each version, and those that failed: not what is not there, nor what a condition forbade', async () => {
    serveBoth()
    operate(300, well)
    operate(20, failed(MISSING))
    operate(3, failed('We encountered an internal error. Please try again.'))
    operate(40, well, { versionId: candidate })
    operate(5, failed(CONDITION), { versionId: candidate })
    operate(7, failed('The specified bucket does not exist.'), { versionId: candidate })
    operate(9, well, { versionId: candidate, atMs: START + 60_000 })
    expect(await count()).toMatchObject({ kind: 'ok', metrics: { exceptions: { candidate: { total: 10, bad: 0 } }, 'r2-errors': { candidate: { total: 52, bad: 7 }, baseline: { total: 323, bad: 3 } } } })
    expect(world.violations).toEqual([])
  })

  it('failed too where they were never answered: that says nothing of success', async () => {
    serveBoth()
    operate(50, well)
    operate(30, well, { versionId: candidate })
    operate(20, {}, { versionId: candidate })
    expect(await count()).toMatchObject({ metrics: { 'r2-errors': { candidate: { total: 50, bad: 20 }, baseline: { total: 50, bad: 0 } } } })
  })

  it('are left out, and are not zero, where one version had none', async () => {
    serveBoth()
    operate(50, well)
    const counted = await count()
    expect(counted.kind).toBe('ok')
    expect(JSON.stringify(counted)).not.toContain('r2-errors')
    operate(5, well, { versionId: candidate })
    expect(await count(connectApi(), { ...question, isAlone: true })).toMatchObject({ metrics: { 'r2-errors': { candidate: { total: 5, bad: 0 } } } })
  })

  it('are counted as they were stored, at a rate of their own', async () => {
    await upload({ enabled: true, traces: { enabled: true, head_sampling_rate: 0.5 } })
    serveBoth()
    operate(4000, well)
    operate(400, failed('no'), { versionId: candidate })
    operate(400, well, { versionId: candidate })
    const text = JSON.stringify(await count())
    const [, total, bad] = /"r2-errors":\{"candidate":\{"total":(\d+),"bad":(\d+)/.exec(text) ?? []
    // Of 800 and 400 half, five standard deviations either way.
    expect(Math.abs(Number(total) - 400)).toBeLessThan(71)
    expect(Math.abs(Number(bad) - 200)).toBeLessThan(51)
  })

  it('are silent while they arrive, and unknown where they cannot be read', async () => {
    serveBoth()
    operate(50, well)
    operate(5, well, { versionId: candidate })
    const arriving = changing((body) => (body.includes('cloudflare.r2.response.success') ? (operate(1, well), body) : body))
    expect(await count(arriving)).toEqual({ kind: 'silent', message: expect.stringContaining('still arriving') })
    const tooMany = changing((body) => (body.includes('"key":"cloudflare.r2.response.success"') ? body.replaceAll('"value":5,"count":5', '"value":9,"count":9') : body))
    expect(await count(tooMany)).toEqual({ kind: 'unknown', message: expect.stringContaining('more R2 operations went well') })
    const broken = changing((body) => (body.includes('cloudflare.r2.operation') ? '{"success":false,"errors":[{"code":10001,"message":"no such key"}],"messages":[],"result":null}' : body))
    expect(await count(broken)).toEqual({ kind: 'unknown', message: expect.stringContaining('no such key') })
  })
})

describe('before the first step', () => {
  it('the last day tells how often they fail', async () => {
    operate(90, well, { atMs: START - 7_200_000 })
    operate(10, failed('no'), { atMs: START - 7_200_000 })
    setTime(0)
    expect(await prepare()).toMatchObject({ kind: 'ok', metrics: [{ name: 'exceptions' }, { name: 'server-errors' }, { name: 'r2-errors', kind: 'errors', weight: 1, usual: { total: 100, bad: 10 } }] })
  })

  it.each<[string, () => unknown, RegExp]>([
    ['nothing was recorded', () => undefined, /no R2 operation .* -> .*`r2: true`/],
    ['no operation is known to be well: success may be called something else', () => operate(50, { 'cloudflare.r2.response.status': 'well' }, { atMs: START - 60_000 }), /none of the R2 operations/],
    ['the Worker is not traced', () => upload({ enabled: true }), /not traced -> .*"traces"/],
    ['its traces are off', () => upload({ enabled: true, traces: { enabled: false } }), /not traced/],
    ['no request is traced', () => upload({ enabled: true, traces: { enabled: true, head_sampling_rate: 0 } }), /not traced/],
  ])('they are refused where %s', async (_, happens, words) => {
    await happens()
    setTime(0)
    const prepared = await prepare()
    expect(prepared.kind).toBe('refused')
    expect(wordsOf(prepared)).toMatch(words)
  })
})

test('they are not asked about unless they are wanted', async () => {
  serveBoth()
  const asked: unknown[] = []
  const api = connectApi({ fetch: (url, init) => (asked.push(init.body), fetch(url, init)) })
  const plain = connectObservability(observabilitySource.parse({ kind: 'observability' }), api)
  expect(await plain.count(question)).toMatchObject({ kind: 'ok' })
  expect(asked.length).toBeGreaterThan(3)
  expect(JSON.stringify(asked)).not.toContain('r2')
})
