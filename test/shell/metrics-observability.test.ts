import { describe, expect, it, test } from 'vitest'
import { metricBasics } from '../../src/inputs/metrics/basics.ts'
import { observabilitySource } from '../../src/inputs/metrics/observability.ts'
import { connectObservability } from '../../src/shell/metrics/observability.ts'
import { guarded } from '../../src/shell/metrics/guarded-source.ts'
import {
  answering,
  baseline,
  candidate,
  changing,
  clock,
  connectApi,
  interval,
  pauses,
  question,
  sandbox,
  script,
  serve,
  serveLater,
  setTime,
  START,
  telemetry,
  token,
  upload,
  withWorker,
  wordsOf,
  world,
} from './metrics-samples.ts'

withWorker()

const spec = observabilitySource.parse({ kind: 'observability' })
const count = (api = connectApi(), asked = question) => guarded(connectObservability(spec, api)).count(asked)
const prepare = (api = connectApi(), given = spec) => guarded(connectObservability(given, api)).prepare({ script, baseline, nowMs: clock.now() })

describe('an interval that has been seen whole', () => {
  it('is counted: requests, exceptions, answers of 500 and above and slow requests, each on its own', async () => {
    serve(900)
    serve(10, { status: 503 })
    serve(90, { versionId: candidate })
    serve(4, { versionId: candidate, outcome: 'exception', status: 500, durationMs: 200 })
    serve(6, { versionId: candidate, status: 500, durationMs: 100.5 })
    serve(5, { status: 404, durationMs: 100 })
    serveLater()
    setTime(61)
    expect(await count(connectApi(), { ...question, thresholds: { 'slow-p95': 100, 'slow-p99': 150 } })).toEqual({
      kind: 'ok',
      metrics: {
        exceptions: { candidate: { total: 100, bad: 4 }, baseline: { total: 915, bad: 0 } },
        'server-errors': { candidate: { total: 100, bad: 6 }, baseline: { total: 915, bad: 10 } },
        'slow-p95': { candidate: { total: 100, bad: 10 }, baseline: { total: 915, bad: 0 } },
        'slow-p99': { candidate: { total: 100, bad: 4 }, baseline: { total: 915, bad: 0 } },
      },
    })
  })

  it('counts its first moment and not its last, so that nothing counts in two', async () => {
    serve(1, {}, { from: 0 })
    serve(1, { versionId: candidate }, { from: 30 })
    serve(1, { versionId: candidate }, { from: 60 })
    setTime(61)
    expect(await count()).toMatchObject({ metrics: { exceptions: { candidate: { total: 1 }, baseline: { total: 1 } } } })
    setTime(121)
    const next = { ...question, interval: { fromMs: interval.toMs, toMs: interval.toMs + 60_000 } }
    serve(1, {}, { from: 61 })
    serve(1, {}, { from: 121 })
    expect(await count(connectApi(), next)).toMatchObject({ metrics: { exceptions: { candidate: { total: 1 } } } })
  })

  it('is of this Worker alone', async () => {
    serve(10)
    serve(10, { versionId: candidate })
    serve(1000, { scriptName: 'another', status: 500 })
    serveLater()
    setTime(61)
    expect(await count()).toMatchObject({ metrics: { 'server-errors': { candidate: { total: 10, bad: 0 }, baseline: { total: 10, bad: 0 } } } })
  })

  it('leaves out who has chosen the version: checks and probes of our own', async () => {
    serve(50)
    serve(5, { versionId: candidate })
    serve(500, { versionId: candidate, status: 500, isOverridden: true })
    serveLater()
    setTime(61)
    expect(await count()).toMatchObject({ kind: 'ok', metrics: { 'server-errors': { candidate: { total: 5, bad: 0 }, baseline: { total: 50, bad: 0 } } } })
  })

  it('needs no baseline where the candidate serves everybody', async () => {
    serve(50, { versionId: candidate })
    serve(5, { versionId: candidate, status: 500 })
    serve(1, { versionId: candidate }, { from: 60 })
    setTime(61)
    expect(await count(connectApi(), { ...question, isAlone: true })).toMatchObject({ kind: 'ok', metrics: { 'server-errors': { candidate: { total: 55, bad: 5 }, baseline: { total: 0, bad: 0 } } } })
    expect(await count()).toMatchObject({ kind: 'silent' })
  })

  it('needs nothing after it when the Worker has been quiet for long', async () => {
    serve(50)
    serve(5, { versionId: candidate })
    setTime(5 * 60 - 1)
    expect(wordsOf(await count())).toContain('nothing later than the interval')
    setTime(5 * 60)
    expect(await count()).toMatchObject({ kind: 'ok' })
  })
})

describe('silence and delay are never health', () => {
  it.each([
    ['before the lag is over', 'silent', () => (serve(10), serveLater(), setTime(59.9)), 'complete only at 2026-11-23T12:02:00.000Z'],
    ['when nothing was served', 'silent', () => setTime(61), 'nothing later than the interval'],
    ['when nothing was served for long', 'silent', () => setTime(3600), 'no request of the candidate or the baseline'],
    ['when nothing later has arrived: the data may be stale', 'silent', () => (serve(100), serve(100, { versionId: candidate }), setTime(61)), 'nothing later than the interval'],
    ['when the candidate was not asked', 'silent', () => (serve(100), serveLater(), setTime(61)), 'no request of the candidate'],
    ['when it was not asked and one request carries no version', 'silent', () => (serve(100), serve(1, { versionId: undefined }), serveLater(), setTime(61)), 'no request of the candidate'],
    ['when no request carries a version', 'unknown', () => (serve(10, { versionId: undefined }), serveLater(), setTime(61)), '10 of 10 requests carry no version'],
    ['when many requests carry no version', 'unknown', () => (serve(60), serve(30, { versionId: candidate }), serve(10, { versionId: undefined }), serveLater(), setTime(61)), '10 of 100 requests carry no version'],
  ])('%s, it is %s', async (_, kind, happens, words) => {
    happens()
    const counted = await count()
    expect(counted.kind).toBe(kind)
    expect(wordsOf(counted)).toContain(words)
  })

  it('while the platform is further behind than it should be, it is unknown, and then all is counted', async () => {
    serve(600)
    serve(60, { versionId: candidate, status: 500 })
    serve(600, {}, { from: 60, seconds: 60 })
    telemetry.show('observability', { lagSeconds: 90 })
    setTime(61)
    expect(wordsOf(await count())).toContain('nothing later than the interval')
    setTime(91)
    expect(await count()).toMatchObject({ metrics: { 'server-errors': { candidate: { total: 60, bad: 60 }, baseline: { total: 600, bad: 0 } } } })
  })

  it('while the interval is still arriving as it is asked about, it is unknown', async () => {
    serve(600)
    serve(600, { versionId: candidate })
    serveLater()
    setTime(61)
    let asked = 0
    const arriving = changing((body) => {
      asked += 1
      if (asked === 1) serve(1, { versionId: candidate })
      return body
    })
    expect(await count(arriving)).toEqual({ kind: 'silent', message: expect.stringContaining('still arriving') })
  })
})

/** All answers about bad requests carry another version's total. */
function moreBadThanAll(body: string): string {
  return body.includes('"gte"') ? body.replace(/"value":10,"count":10/, '"value":99,"count":99') : body
}

describe('an API that fails', () => {
  const cases: readonly (readonly [string, () => ReturnType<typeof connectApi>, string])[] = [
    ['refuses the token', () => (sandbox.model.addToken('weak', { permissions: ['workers-scripts:edit'] }), connectApi({ token: 'weak' })), 'Authentication error (code 10000, HTTP 403)'],
    ['knows no such account', () => connectApi({ accountId: 'd'.repeat(32) }), 'code 7003'],
    ['limits the rate for longer than anyone waits', () => (sandbox.model.rateLimit({ requests: 99, retryAfterSeconds: 300 }), connectApi()), 'code 971, HTTP 429'],
    ['is answered for by a page', () => answering('<html>challenge</html>', 403), "HTTP 403, but not from Cloudflare's API"],
    ['breaks the connection', () => (world.faults.push({ service: 'cloudflare', fault: { kind: 'dropped' }, times: 99 }), connectApi()), 'the connection failed'],
    ['says success with errors', () => answering({ success: false, errors: [{ code: 10_013, message: 'unknown' }], messages: [], result: null }), 'unknown (code 10013, HTTP 200)'],
    ['answers another shape', () => answering({ success: true, errors: [], messages: [], result: { run: { status: 'COMPLETED' }, statistics: {} } }), 'calculations: '],
    ['answers counts as text', () => changing((body) => body.replaceAll(/"count":\d+/g, '"count":"7"')), 'not as expected'],
    ['answers part of a request', () => changing((body) => body.replaceAll(/"value":\d+/g, '"value":1.5')), 'drawn out from a sample'],
    ['answers less than nothing', () => changing((body) => body.replaceAll(/"value":\d+/g, '"value":-3')), 'drawn out from a sample'],
    ['leaves the calculation out', () => changing((body) => body.replaceAll('"alias":"n"', '"alias":"m"')), 'not as expected'],
    ['has not completed the query', () => changing((body) => body.replace('"COMPLETED"', '"STARTED"')), 'not completed'],
    ['groups by something else', () => changing((body) => body.replaceAll('"groups":[{"key":"$workers.scriptVersion.id"', '"groups":[{"key":"$workers.outcome"')), 'a group names no version'],
    ['names a version twice', () => changing((body) => body.replaceAll(candidate, baseline)), 'or one twice'],
    ['answers from another bit rate', () => changing((body) => body.replace('"statistics":{', '"statistics":{"abr_level":10,')), 'bit rate 10'],
    ['counts more bad requests than requests', () => changing(moreBadThanAll), 'more server-errors than requests'],
  ]

  it.each(cases)('and %s makes the interval unknown', async (_, api, words) => {
    serve(50)
    serve(10, { versionId: candidate, status: 500 })
    serveLater()
    setTime(61)
    const counted = await count(api())
    expect(counted.kind).toBe('unknown')
    expect(wordsOf(counted)).toContain(words)
    expect(wordsOf(counted)).not.toContain(token)
  })

  it.each(cases.slice(0, 5))('and %s refuses the rollout before it begins', async (_, api, words) => {
    serve(50)
    setTime(61)
    const prepared = await prepare(api())
    expect(prepared.kind).toBe('refused')
    expect(wordsOf(prepared)).toContain(words)
    expect(wordsOf(prepared)).not.toContain(token)
  })

  it('once is asked again', async () => {
    serve(50)
    serve(10, { versionId: candidate })
    serveLater()
    setTime(61)
    sandbox.model.rateLimit({ requests: 1, retryAfterSeconds: 2 })
    expect(await count()).toMatchObject({ kind: 'ok' })
    expect(pauses).toEqual([2])
  })

  it('and quotes the token has it masked', async () => {
    setTime(61)
    const quoting = answering({ success: false, errors: [{ code: 10_000, message: `no: Bearer ${token}\n${'x'.repeat(999)}` }], messages: [], result: null }, 403)
    for (const words of [wordsOf(await count(quoting)), wordsOf(await prepare(quoting))]) {
      expect(words).toContain('no: Bearer *** xxx')
      expect(words).not.toContain(token)
      expect(words.length).toBeLessThan(700)
    }
  })

  it.each(['', 'two words', 'line\nbreak'])('is never sent a token such as %j', async (malformed) => {
    setTime(61)
    const silent = connectApi({ token: malformed, fetch: () => Promise.reject(new Error('sent')) })
    expect(wordsOf(await count(silent))).toContain('The API token is empty, or holds a space or a line break.')
  })
})

describe('before the first step', () => {
  it('the last complete hour of the baseline tells what is usual, and what is slow', async () => {
    serve(900, { durationMs: 10 }, { from: -3000, seconds: 2990 })
    serve(80, { durationMs: 20 }, { from: -3000, seconds: 2990 })
    serve(20, { durationMs: 300, status: 500 }, { from: -3000, seconds: 2990 })
    serve(500, { versionId: candidate, durationMs: 9000 }, { from: -3000, seconds: 2990 })
    setTime(0)
    expect(await prepare(connectApi(), { ...spec, acts: false })).toEqual({
      kind: 'ok',
      thresholds: { 'slow-p95': 20, 'slow-p99': 300 },
      metrics: [
        expect.objectContaining({ name: 'exceptions', kind: 'errors', acts: false, margin: 1, weight: 1, tolerance: 2, usual: { total: 1000, bad: 0 } }),
        expect.objectContaining({ name: 'server-errors', kind: 'errors', usual: { total: 1000, bad: 20 } }),
        expect.objectContaining({ name: 'slow-p95', kind: 'latency', acts: false, margin: 1.25, weight: 1, tolerance: 2, usual: { total: 1000, bad: 20 } }),
        expect.objectContaining({ name: 'slow-p99', kind: 'latency', weight: 1, usual: { total: 1000, bad: 0 } }),
      ],
    })
  })

  it('a quantile that ten requests do not lie above is not guessed', async () => {
    serve(300, {}, { from: -3000, seconds: 2990 })
    setTime(0)
    expect(await prepare()).toMatchObject({ kind: 'ok', thresholds: { 'slow-p95': 5 } })
    expect(wordsOf(await prepare())).not.toContain('slow-p99')
  })

  it('the last day tells it of a Worker that was quiet for an hour', async () => {
    serve(380, { durationMs: 10 }, { from: -50_000, seconds: 40_000 })
    serve(20, { durationMs: 300, status: 500 }, { from: -50_000, seconds: 40_000 })
    serve(500, { durationMs: 900 }, { from: -100_000, seconds: 9000 })
    setTime(0)
    expect(await prepare()).toMatchObject({ kind: 'ok', thresholds: { 'slow-p95': expect.any(Number) }, metrics: [{ name: 'exceptions', usual: { total: 400, bad: 0 } }, { name: 'server-errors', usual: { total: 400, bad: 20 } }, { name: 'slow-p95', weight: 1 }] })
  })

  it('nothing is called usual on a Worker without traffic', async () => {
    setTime(0)
    const prepared = await prepare()
    expect(prepared).toMatchObject({ kind: 'ok', thresholds: {}, metrics: [{ name: 'exceptions' }, { name: 'server-errors' }] })
    expect(wordsOf(prepared)).not.toContain('usual')
  })

  it('requests without a version refuse it', async () => {
    serve(300, { versionId: undefined }, { from: -3000, seconds: 2990 })
    setTime(0)
    expect(wordsOf(await prepare())).toContain('carry no version')
  })

  it.each([
    ['has never been set', undefined, 'Observability is off'],
    ['is off', { enabled: false }, 'Observability is off'],
    ['is on without logs', { enabled: true, logs: { enabled: false } }, 'Observability is off'],
    ['is on without invocation logs', { enabled: true, logs: { enabled: true, invocation_logs: false } }, 'invocation logs are off'],
    ['records no request', { enabled: true, head_sampling_rate: 0 }, 'head sampling rate is 0'],
  ])('a setting that %s refuses it, with a remedy', async (_, observability, words) => {
    await upload(observability)
    setTime(0)
    const prepared = await prepare()
    expect(prepared).toMatchObject({ kind: 'refused' })
    expect(wordsOf(prepared)).toContain(words)
    expect(wordsOf(prepared)).toMatch(/-> .*wrangler configuration/)
  })

  it('a Worker that does not exist refuses it', async () => {
    const source = guarded(connectObservability(spec, connectApi()))
    expect(wordsOf(await source.prepare({ script: 'nowhere', baseline, nowMs: START }))).toContain('there is no Worker nowhere')
  })
})

test('an answer without rows means none, in whatever form Cloudflare says it', async () => {
  serve(50)
  serve(10, { versionId: candidate })
  serveLater()
  setTime(61)
  const forms = ['{"value":0,"count":0,"interval":0,"sampleInterval":0}', '{"value":0,"count":0,"interval":0,"sampleInterval":1}', '{"value":null,"count":null,"interval":null,"sampleInterval":null}']
  for (const form of forms) {
    let changed = 0
    const api = changing((body) => {
      if (body.includes('"groupBys"') || !body.includes('"aggregates":[]')) return body
      changed += 1
      return body.replace('"aggregates":[]', `"aggregates":[${form}]`)
    })
    expect(await count(api)).toMatchObject({ metrics: { exceptions: { candidate: { total: 10, bad: 0 }, baseline: { total: 50, bad: 0 } } } })
    // Of the requests without a version there were none.
    expect(changed).toBe(1)
  }
})

test('the file may leave everything out but the kind, and must keep a rate between margin and tolerance', () => {
  expect(spec).toEqual({ kind: 'observability', name: 'observability', acts: true, margin: 1, tolerance: 2, lagSeconds: 60, slow: ['p95', 'p99'], slowMargin: 1.25, r2: false })
  expect(observabilitySource.safeParse({ kind: 'observability', tolerance: 1.2 }).success).toBe(false)
  expect(observabilitySource.safeParse({ kind: 'observability', slow: ['p95', 'p95'] }).success).toBe(false)
  expect(metricBasics.name.safeParse('Not A Name').success).toBe(false)
})

test('the sandbox found nothing strange in any question', async () => {
  serve(50)
  serveLater()
  setTime(61)
  await prepare()
  await count(connectApi(), { ...question, thresholds: { 'slow-p95': 12.5 } })
  expect(world.violations).toEqual([])
})
