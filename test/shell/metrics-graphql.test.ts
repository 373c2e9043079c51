import { parse, validate } from 'graphql'
import { describe, expect, it, test } from 'vitest'
import { z } from 'zod'
import { analyticsSchema } from '../../sandbox/cloudflare/analytics/schema.ts'
import { graphqlSource } from '../../src/inputs/metrics/graphql.ts'
import { connectGraphql } from '../../src/shell/metrics/graphql.ts'
import { invocationsQuery } from '../../src/shell/metrics/invocations-query.ts'
import { guarded } from '../../src/shell/metrics/guarded-source.ts'
import {
  accountId,
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
  telemetry,
  token,
  withWorker,
  wordsOf,
  world,
} from './metrics-samples.ts'

// Off: GraphQL Analytics counts without Workers Observability.
withWorker({ enabled: false })

const spec = graphqlSource.parse({ kind: 'graphql' })
const count = (api = connectApi(), asked = question) => guarded(connectGraphql(spec, api)).count(asked)
const prepare = (api = connectApi()) => guarded(connectGraphql(spec, api)).prepare({ script, baseline, nowMs: clock.now() })
const LAG = 121

const renamed = (errors: number) => changing((body) => body.replace('scriptThrewException', 'somethingNew').replace('"errors":10', `"errors":${errors}`))

describe('an interval that has been seen whole', () => {
  it('is counted: exceptions, and nothing that the Worker answered itself', async () => {
    serve(900)
    serve(30, { outcome: 'canceled', status: undefined })
    serve(3, { outcome: 'internalError', status: 502 })
    serve(80, { versionId: candidate })
    serve(15, { versionId: candidate, status: 500 })
    serve(5, { versionId: candidate, outcome: 'exception', status: 500 })
    serve(1000, { scriptName: 'another', outcome: 'exception' })
    serveLater()
    setTime(LAG)
    expect(await count()).toEqual({
      kind: 'ok',
      metrics: { exceptions: { candidate: { total: 100, bad: 5 }, baseline: { total: 933, bad: 3 } } },
    })
  })

  it('has whole seconds for its ends, so that nothing counts in two', async () => {
    serve(60)
    serve(60, { versionId: candidate }, { from: 0.9 })
    serve(1, {}, { from: 200 })
    setTime(240)
    const totalOf = async (fromMs: number, toMs: number) => {
      const counted = await count(connectApi(), { ...question, interval: { fromMs, toMs } })
      const { candidate: one, baseline: other } = z.object({ metrics: z.object({ exceptions: z.object({ candidate: z.object({ total: z.number() }), baseline: z.object({ total: z.number() }) }) }) }).parse(counted).metrics.exceptions
      return one.total + other.total
    }
    const middle = interval.fromMs + 30_400
    const end = interval.toMs + 5000
    expect(await totalOf(interval.fromMs, end)).toBe(120)
    expect((await totalOf(interval.fromMs, middle)) + (await totalOf(middle, end))).toBe(120)
    expect(wordsOf(await count(connectApi(), { ...question, interval: { fromMs: middle, toMs: middle + 300 } }))).toContain('shorter than a second')
  })

  it('counts what Cloudflare calls an error where the status is new', async () => {
    serve(90)
    serve(10, { versionId: candidate, outcome: 'exception' })
    serveLater()
    setTime(LAG)
    expect(await count(renamed(10))).toMatchObject({ metrics: { exceptions: { candidate: { total: 10, bad: 10 } } } })
    expect(await count(renamed(0))).toMatchObject({ metrics: { exceptions: { candidate: { total: 10, bad: 0 } } } })
  })
})

describe('silence and delay are never health', () => {
  it.each([
    ['before the lag is over', 'silent', () => (serve(10), serveLater(), setTime(119)), 'complete only at 2026-11-23T12:03:00.000Z'],
    ['when nothing was served', 'silent', () => setTime(LAG), 'nothing later than the interval'],
    ['when nothing was served for long', 'silent', () => setTime(3600), 'no request of the candidate or the baseline'],
    ['when nothing later has arrived: the data may be stale', 'silent', () => (serve(100), setTime(LAG)), 'nothing later than the interval'],
    ['when the candidate was not asked', 'silent', () => (serve(99), serveLater(), setTime(LAG)), 'no request of the candidate'],
    ['when it was not asked and one request carries no version', 'silent', () => (serve(99), serve(1, { versionId: undefined }), serveLater(), setTime(LAG)), 'no request of the candidate'],
    ['when no invocation carries a version', 'unknown', () => (serve(10, { versionId: undefined }), serveLater(), setTime(LAG)), '10 of 10 requests carry no version'],
    ['when many carry none', 'unknown', () => (serve(60), serve(30, { versionId: candidate }), serve(10, { versionId: undefined }), serveLater(), setTime(LAG)), '10 of 100 requests carry no version'],
  ])('%s, it is %s', async (_, kind, happens, words) => {
    happens()
    const counted = await count()
    expect(counted.kind).toBe(kind)
    expect(wordsOf(counted)).toContain(words)
  })

  it('a candidate that serves everybody is counted without a baseline', async () => {
    serve(50, { versionId: candidate })
    serve(5, { versionId: candidate, outcome: 'exception' })
    serveLater()
    setTime(LAG)
    expect(await count(connectApi(), { ...question, isAlone: true })).toMatchObject({ kind: 'ok', metrics: { exceptions: { candidate: { total: 55, bad: 5 }, baseline: { total: 0 } } } })
    expect(await count()).toMatchObject({ kind: 'silent' })
  })

  it('while the platform is further behind than it should be, it is unknown, and then all is counted', async () => {
    serve(600)
    serve(60, { versionId: candidate, outcome: 'exception' })
    serve(600, {}, { from: 60, seconds: 60 })
    telemetry.show('analytics', { lagSeconds: 150 })
    setTime(LAG)
    expect(wordsOf(await count())).toContain('nothing later than the interval')
    setTime(211)
    expect(await count()).toMatchObject({ metrics: { exceptions: { candidate: { total: 60, bad: 60 }, baseline: { total: 600, bad: 0 } } } })
  })
})

const busy = () => {
  serve(20_000)
  serve(2500, { versionId: candidate, outcome: 'exception' })
  serve(500, {}, { from: 60, seconds: 1 })
  setTime(LAG)
}

describe('a sample', () => {
  it('is taken back from all requests to what was seen', async () => {
    busy()
    telemetry.show('analytics', { sampleInterval: 10 })
    const { candidate: one, baseline: other } = z.object({ metrics: z.object({ exceptions: z.object({ candidate: z.object({ total: z.number(), bad: z.number() }), baseline: z.object({ total: z.number() }) }) }) }).parse(await count()).metrics.exceptions
    expect(one.bad).toBe(one.total)
    // A tenth, five standard deviations either way.
    expect(one.total).toBeGreaterThan(175)
    expect(one.total).toBeLessThan(325)
    expect(other.total).toBeGreaterThan(1788)
    expect(other.total).toBeLessThan(2212)
  })

  it('of several sizes is unknown', async () => {
    busy()
    const mixed = changing((body) => body.replace('"sampleInterval":1}', '"sampleInterval":10}'))
    expect(wordsOf(await count(mixed))).toContain('samples of different sizes')
  })

  it('that no number of invocations can have been drawn out to is unknown', async () => {
    busy()
    const uneven = changing((body) => body.replaceAll('"sampleInterval":1}', '"sampleInterval":7.3}'))
    expect(wordsOf(await count(uneven))).toContain('drawn out from a sample')
  })
})

const errors = (message: string, code?: string) => ({ data: null, errors: [{ message, path: null, extensions: code === undefined ? {} : { code } }] })

describe('an API that fails', () => {
  const cases: readonly (readonly [string, () => ReturnType<typeof connectApi>, string])[] = [
    ['says with HTTP 200 that the token may not', () => (sandbox.model.addToken('weak', { permissions: ['workers-scripts:edit'] }), connectApi({ token: 'weak' })), 'not authorized for that account (HTTP 200)'],
    ['says so of another account', () => connectApi({ accountId: 'd'.repeat(32) }), 'not authorized for that account (HTTP 200)'],
    ['does not know the token', () => connectApi({ token: 'nobody' }), 'Authentication error (HTTP 401)'],
    ['forbids it', () => answering({ success: false, errors: [{ code: 10_000, message: 'Authentication error' }] }, 403), 'Authentication error (HTTP 403)'],
    ['limits the rate for longer than anyone waits', () => (sandbox.model.rateLimit({ requests: 99, retryAfterSeconds: 300 }), connectApi()), 'HTTP 429'],
    ['sees no account', () => answering({ data: { viewer: { accounts: [] } }, errors: null }), 'sees no such account'],
    ['says with HTTP 200 that the query is wrong', () => answering(errors('unknown field "scriptVersion"')), 'unknown field "scriptVersion" (HTTP 200)'],
    ['is answered for by a page', () => answering('<html>challenge</html>', 403), "HTTP 403, but not from Cloudflare's API"],
    ['is down', () => answering({ message: 'down' }, 503), 'HTTP 503'],
    ['breaks the connection', () => (world.faults.push({ service: 'cloudflare', fault: { kind: 'dropped' }, times: 99 }), connectApi()), 'the connection failed'],
    ['answers nothing', () => answering({}), 'data: '],
    ['answers no data', () => answering({ data: null, errors: null }), 'data: '],
    ['answers half of the data, and an error', () => changing((body) => body.replace('"errors":null', '"errors":[{"message":"timed out"}]')), 'timed out (HTTP 200)'],
    ['answers errors of another shape', () => changing((body) => body.replace('"errors":null', '"errors":"none"')), 'errors of an unknown form'],
    ['answers a row without its sample', () => changing((body) => body.replace('"avg":{"sampleInterval":1}', '"avg":{}')), 'sampleInterval'],
    ['answers part of an invocation', () => changing((body) => body.replace('"requests":10', '"requests":9.5')), 'requests'],
    ['answers the same group twice', () => changing((body) => body.replaceAll(candidate, baseline).replaceAll('scriptThrewException', 'success')), 'one version and status twice'],
    ['cuts off its rows', () => changing((body) => body.replace(/"interval":\[(\{.*?\}\}),/, (_, row: string) => `"interval":[${`${row},`.repeat(1000)}`)), 'cut off'],
    ['counts more errors than invocations', () => changing((body) => body.replace('scriptThrewException', 'somethingNew').replace('"errors":10', '"errors":11')), 'more errors than invocations'],
    ['answers for two accounts', () => changing((body) => body.replace(/"accounts":\[(.*)\]\}\}/, '"accounts":[$1,$1]}}')), 'one account was asked for'],
  ]

  it.each(cases)('and %s makes the interval unknown', async (_, api, words) => {
    serve(50)
    serve(10, { versionId: candidate, outcome: 'exception' })
    serveLater()
    setTime(LAG)
    const counted = await count(api())
    expect(counted.kind).toBe('unknown')
    expect(wordsOf(counted)).toContain(words)
    expect(wordsOf(counted)).not.toContain(token)
  })

  it.each(cases.slice(0, 12))('and %s refuses the rollout before it begins', async (_, api, words) => {
    setTime(LAG)
    const prepared = await prepare(api())
    expect(prepared.kind).toBe('refused')
    expect(wordsOf(prepared)).toContain(words)
  })

  it('tells which permission is missing', async () => {
    sandbox.model.addToken('weak', { permissions: ['workers-scripts:edit'] })
    expect(wordsOf(await prepare(connectApi({ token: 'weak' })))).toContain('"Account Analytics: Read"')
  })

  it('once is asked again', async () => {
    serve(50)
    serve(5, { versionId: candidate })
    serveLater()
    setTime(LAG)
    sandbox.model.rateLimit({ requests: 1, retryAfterSeconds: 2 })
    expect(await count()).toMatchObject({ kind: 'ok' })
    expect(pauses).toEqual([2])
  })

  it('and quotes the token has it masked', async () => {
    setTime(LAG)
    const quoting = answering(errors(`no: ${token}`))
    for (const words of [wordsOf(await count(quoting)), wordsOf(await prepare(quoting))]) {
      expect(words).toContain('no: ***')
      expect(words).not.toContain(token)
    }
  })
})

describe('before the first step', () => {
  it('the last complete hour of the baseline tells what is usual', async () => {
    serve(990, {}, { from: -3000, seconds: 2900 })
    serve(10, { outcome: 'exception' }, { from: -3000, seconds: 2900 })
    serve(500, { versionId: candidate, outcome: 'exception' }, { from: -3000, seconds: 2900 })
    setTime(0)
    expect(await prepare()).toEqual({
      kind: 'ok',
      thresholds: {},
      metrics: [expect.objectContaining({ name: 'exceptions', kind: 'errors', acts: true, margin: 1, tolerance: 2, usual: { total: 1000, bad: 10 } })],
    })
  })

  it('nothing is called usual on a Worker without traffic, and invocations without a version refuse it', async () => {
    setTime(0)
    expect(wordsOf(await prepare())).not.toContain('usual')
    serve(100, { versionId: undefined }, { from: -3000, seconds: 2900 })
    expect(wordsOf(await prepare())).toContain('carry no version')
  })
})

describe('the query', () => {
  const query = invocationsQuery(accountId, script, interval)

  it('is one that the schema of GraphQL Analytics takes, by the reference implementation', () => {
    expect(validate(analyticsSchema, parse(query))).toEqual([])
  })

  it.each([
    ['a field that is not there', (text: string) => text.replace('scriptVersion status', 'scriptVersionId status')],
    ['no limit', (text: string) => text.replaceAll('limit: 1000, ', '')],
    ['a limit in quotes', (text: string) => text.replaceAll('limit: 1000', 'limit: "1000"')],
    ['a time that is none', (text: string) => text.replaceAll('2026-11-23T12:00:00Z', 'noon')],
    ['a filter that is not there', (text: string) => text.replace('scriptName:', 'script:')],
    ['a bracket too few', (text: string) => text.slice(0, -1)],
  ])('with %s is refused, which is unknown', async (_, change) => {
    setTime(LAG)
    const wrong = connectApi({ fetch: (url, init) => fetch(url, { ...init, body: JSON.stringify({ query: change(z.object({ query: z.string() }).parse(JSON.parse(z.string().parse(init.body))).query) }) }) })
    expect(await count(wrong)).toMatchObject({ kind: 'unknown', message: expect.stringContaining('(HTTP 200)') })
  })
})

test('names that are not what they seem stay strings of the query', async () => {
  setTime(0)
  const odd = '"}) { x } } #\n\\'
  const source = guarded(connectGraphql(spec, connectApi()))
  expect(await source.prepare({ script: odd, baseline, nowMs: clock.now() })).toMatchObject({ kind: 'ok' })
  expect(wordsOf(await prepare(connectApi({ accountId: `${accountId}"` })))).toContain('not authorized for that account')
  expect(world.violations).toEqual([])
})

test('the file may leave everything out but the kind', () => {
  expect(spec).toEqual({ kind: 'graphql', name: 'graphql', acts: true, margin: 1, tolerance: 2, lagSeconds: 120 })
  expect(graphqlSource.safeParse({ kind: 'graphql', margin: 3 }).success).toBe(false)
  expect(graphqlSource.safeParse({ kind: 'graphql', slow: [] }).success).toBe(false)
})
