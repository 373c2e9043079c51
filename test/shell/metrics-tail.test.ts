import { describe, expect, it } from 'vitest'
import { isVersionId, type VersionId } from '../../src/core/ids.ts'
import { tailSource } from '../../src/inputs/metrics/tail.ts'
import type { CountQuestion } from '../../src/shell/metrics/source.ts'
import { connectTail } from '../../src/shell/metrics/tail.ts'
import type { TailPorts } from '../../src/shell/metrics/tail-answer.ts'
import { guarded } from '../../src/shell/metrics/guarded-source.ts'

const token = 'tail-token-0123456789'
const nowMs = Date.parse('2026-11-23T12:00:00.500Z')
const A = versionOf('aaaaaaaa-0000-4000-8000-000000000000')
const B = versionOf('bbbbbbbb-0000-4000-8000-000000000000')
const edgesMs = [10, 100, 1000]
const interval = { fromMs: nowMs - 80_000, toMs: nowMs - 20_000 }
const question: CountQuestion = { script: 'shop', candidate: B, baseline: A, interval, sinceMs: interval.fromMs, thresholds: { 'slow-p95': 100 } }
const version = { requests: 1000, exceptions: 3, serverErrors: 7, slower: [200, 40, 5], untimed: 0 }

function versionOf(text: string): VersionId {
  if (!isVersionId(text)) throw new Error(text)
  return text
}

const whole = (ms: number) => Math.floor(ms / 1000) * 1000

/** What workers/tail answers to a question about this interval. */
function bodyFor({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): Readonly<Record<string, unknown>> {
  return {
    schemaVersion: 1, script: 'shop', fromMs: whole(fromMs), toMs: whole(toMs), nowMs, closedMs: whole(nowMs - 10_000), countedSinceMs: nowMs - 7_000_000, keptFromMs: whole(nowMs - 7_200_000),
    edgesMs, versions: { [A]: version, [B]: { requests: 10, exceptions: 0, serverErrors: 1, slower: [2, 1, 0], untimed: 0 } }, unattributed: 0,
  }
}

type Reply = () => Response | Promise<Response>

/** Cloudflare's API, which knows who listens to the Worker. */
const settings = (body: unknown = { tail_consumers: [{ service: 'sleepwell-tail' }] }, status = 200): TailPorts['api'] => ({
  read: (path) => Promise.resolve({ kind: 'json', status, body: path === '/workers/scripts/shop/script-settings' && status === 200 ? { success: true, errors: [], messages: [], result: body } : body }),
  told: String,
})

/** A Tail Worker that gives these answers, the last one for good. */
function sourceOf(...replies: readonly Reply[]) {
  return sourceWith(settings(), {}, ...replies)
}

function sourceWith(api: TailPorts['api'], over: Readonly<Record<string, unknown>>, ...replies: readonly Reply[]) {
  const asked: { readonly url: URL; readonly authorization: string | null; readonly redirect: string | undefined }[] = []
  let given = 0
  const spec = tailSource.parse({ kind: 'tail', url: 'https://tail.example.com/', token, ...over })
  const source = guarded(connectTail(spec, {
    api,
    clock: { now: () => nowMs, sleep: () => Promise.resolve() },
    fetch: (url, init) => {
      asked.push({ url: new URL(url), authorization: new Headers(init.headers).get('authorization'), redirect: init.redirect })
      const reply = replies[Math.min(given, replies.length - 1)]
      given += 1
      return Promise.resolve().then(() => reply?.() ?? Promise.reject(new Error('no reply')))
    },
  }))
  return { source, asked }
}

const json = (body: unknown, status = 200): Reply => () => Response.json(body, { status })
const counting = (changes: Readonly<Record<string, unknown>>) => sourceOf(json({ ...bodyFor(interval), ...changes })).source.count(question)
const lastHour = { fromMs: nowMs - 15_000 - 3_600_000, toMs: nowMs - 15_000 }
const preparing = (...replies: readonly Reply[]) => sourceOf(...replies).source.prepare({ script: 'shop', baseline: A, nowMs })
const prepared = (changes: Readonly<Record<string, unknown>>) => preparing(json({ ...bodyFor(lastHour), ...changes }))

const metricsOf = async (changes: Readonly<Record<string, unknown>>) => {
  const counted = await counting(changes)
  return counted.kind === 'ok' ? Object.keys(counted.metrics) : counted.message
}
const thresholdsOf = async (counts: object) => {
  const answer = await prepared({ versions: { [A]: { ...version, ...counts } } })
  return answer.kind === 'ok' ? answer.thresholds : answer.problem
}

describe('counting', () => {
  it('gives the raw counts of both versions, a metric for each cause', async () => {
    const { source, asked } = sourceOf(json(bodyFor(interval)))
    expect(await source.count(question)).toEqual({ kind: 'ok', metrics: {
      exceptions: { candidate: { total: 10, bad: 0 }, baseline: { total: 1000, bad: 3 } },
      'server-errors': { candidate: { total: 10, bad: 1 }, baseline: { total: 1000, bad: 7 } },
      'slow-p95': { candidate: { total: 10, bad: 1 }, baseline: { total: 1000, bad: 40 } },
    } })
    expect(asked.map(({ url, ...rest }) => ({ ...rest, url: url.href }))).toEqual([{ url: `https://tail.example.com/counts?script=shop&from=${interval.fromMs}&to=${interval.toMs}`, authorization: `Bearer ${token}`, redirect: 'manual' }])
  })

  it('leaves out what it cannot tell: a threshold that is no edge, times that nobody knows', async () => {
    expect(await metricsOf({ edgesMs: [10, 99, 1000] })).toEqual(['exceptions', 'server-errors'])
    expect(await metricsOf({ versions: { [A]: version, [B]: { ...version, untimed: 1 } } })).toEqual(['exceptions', 'server-errors'])
  })

  it.each([
    ['it began to count later', { countedSinceMs: interval.fromMs + 1 }, 'later than the interval began'],
    ['it has never counted', { countedSinceMs: null, versions: {} }, 'never counted'],
    ['the counts are deleted', { keptFromMs: nowMs - 60_000 }, 'deleted'],
    ['too many carry no version', { unattributed: 60 }, '60 of 1070 requests carry no version'],
    ['the answer is stale', { nowMs: nowMs - 61_000 }, 'stale'],
    ['the answer is from the future', { nowMs: nowMs + 61_000 }, 'clocks differ'],
    ['it is about an earlier interval', { fromMs: interval.fromMs - 60_000 }, 'another interval'],
    ['it is about a shorter interval', { toMs: interval.toMs - 10_000 }, 'another interval'],
    ['it is about a longer interval', { toMs: interval.toMs + 1 }, 'another interval'],
    ['it is about another script', { script: 'other' }, 'shape'],
    ['it is of another schema', { schemaVersion: 2 }, 'shape'],
    ['a count is negative', { unattributed: -1 }, 'shape'],
    ['a count is a text', { unattributed: '0' }, 'shape'],
    ['more are bad than there are', { versions: { [A]: version, [B]: { ...version, exceptions: 1001 } } }, 'shape'],
    ['more are slower than a longer time', { versions: { [A]: version, [B]: { ...version, slower: [5, 6, 0] } } }, 'shape'],
    ['the edges are not counted', { versions: { [A]: version, [B]: { ...version, slower: [5, 4] } } }, 'shape'],
    ['the edges are in no order', { edgesMs: [10, 10, 20] }, 'shape'],
  ])('is unknown when %s', async (_, changes, message) => {
    expect(await counting(changes)).toEqual({ kind: 'unknown', message: expect.stringContaining(message) })
  })

  it.each([
    ['the end has not been passed', { closedMs: interval.toMs - 5000 }, 'complete in 5 s'],
    ['the candidate was not asked', { versions: { [A]: version } }, 'no request of the candidate was counted'],
    ['the baseline was not asked', { versions: { [B]: version } }, 'no request of the baseline was counted'],
    ['a version has none', { versions: { [A]: version, [B]: { requests: 0, exceptions: 0, serverErrors: 0, slower: [0, 0, 0], untimed: 0 } } }, 'no request of the candidate'],
    ['there is no traffic', { versions: {} }, 'no request of the candidate or the baseline'],
  ])('is silent, and neither health nor failure, when %s', async (_, changes, message) => {
    expect(await counting(changes)).toEqual({ kind: 'silent', message: expect.stringContaining(message) })
  })

  it('needs no baseline where the candidate serves everybody', async () => {
    const { source } = sourceOf(json({ ...bodyFor(interval), versions: { [B]: version } }))
    expect(await source.count({ ...question, isAlone: true })).toMatchObject({ kind: 'ok', metrics: { exceptions: { candidate: { total: 1000, bad: 3 }, baseline: { total: 0 } } } })
  })

  it.each([
    ['401', json({}, 401), 'token is refused', 1],
    ['403', json({}, 403), 'token is refused', 1],
    ['404', json({ error: token }, 404), 'HTTP 404', 1],
    ['429', json({}, 429), 'HTTP 429', 3],
    ['500', json({}, 500), 'HTTP 500', 3],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: 'https://elsewhere.example.com' } }), 'HTTP 302', 1],
    ['a page', () => new Response(`<html>${token}</html>`), 'not as the Tail Worker answers', 1],
    ['nothing', () => Promise.reject(new Error(`Bearer ${token}`)), 'the connection failed', 3],
    ['an empty document', json({}), 'shape', 1],
    ['null', json(null), 'shape', 1],
    ['a text that repeats the token', json({ ...bodyFor(interval), script: token }), 'shape', 1],
  ])('is unknown after %s, and never tells the token', async (_, reply, message, tries) => {
    const { source, asked } = sourceOf(reply)
    const counted = await source.count(question)
    expect(counted).toEqual({ kind: 'unknown', message: expect.stringContaining(message) })
    expect(JSON.stringify(counted)).not.toContain(token)
    expect(asked).toHaveLength(tries)
  })

  it('goes on after an answer that says nothing', async () => {
    const { source } = sourceOf(json({}, 503), json(bodyFor(interval)))
    expect(await source.count(question)).toMatchObject({ kind: 'ok' })
  })

  it('is not unsettled by a few requests without a version', async () => {
    expect(await counting({ unattributed: 50 })).toMatchObject({ kind: 'ok', metrics: { exceptions: { baseline: { total: 1000 } } } })
  })

  it('never sends a token that no header can carry', async () => {
    const spec = { ...tailSource.parse({ kind: 'tail', url: 'https://tail.example.com', token }), token: 'two\nlines' }
    let sent = 0
    const source = guarded(connectTail(spec, { api: settings(), clock: { now: () => nowMs, sleep: () => Promise.resolve() }, fetch: () => Promise.resolve(new Response(String((sent += 1)))) }))
    expect(await source.count(question)).toEqual({ kind: 'unknown', message: 'Tail Worker: the token is empty, or holds a space or a line break' })
    expect(sent).toBe(0)
  })
})

describe('preparing', () => {
  it('takes what is usual from the last hour, and freezes edges above its quantiles', async () => {
    const { source, asked } = sourceOf(json(bodyFor(lastHour)))
    const answer = await source.prepare({ script: 'shop', baseline: A, nowMs })
    const errors = { kind: 'errors', margin: 1, tolerance: 2, acts: true }
    expect(answer).toMatchObject({ kind: 'ok', thresholds: { 'slow-p95': 100, 'slow-p99': 1000 }, metrics: [
      { ...errors, name: 'exceptions', weight: 1, usual: { total: 1000, bad: 3 } },
      { ...errors, name: 'server-errors', usual: { total: 1000, bad: 7 } },
      { name: 'slow-p95', kind: 'latency', margin: 1.25, weight: 1, usual: { total: 1000, bad: 40 } },
      { name: 'slow-p99', kind: 'latency', margin: 1.25, weight: 1, usual: { total: 1000, bad: 5 } },
    ] })
    expect(Object.fromEntries(asked[0]?.url.searchParams ?? [])).toEqual({ script: 'shop', from: String(lastHour.fromMs), to: String(lastHour.toMs) })
  })

  it('judges no quantile that too few requests lie above, none twice, and none without times', async () => {
    expect(await thresholdsOf({ requests: 999 })).toEqual({ 'slow-p95': 100 })
    expect(await thresholdsOf({ requests: 199, exceptions: 0, slower: [0, 0, 0] })).toEqual({})
    expect(await thresholdsOf({ slower: [10, 9, 8] })).toEqual({ 'slow-p95': 10 })
    expect(await thresholdsOf({ slower: [1000, 1000, 51] })).toEqual({})
    expect(await thresholdsOf({ untimed: 1 })).toEqual({})
  })

  it('calls nothing usual while the baseline has served nobody', async () => {
    const answer = await prepared({ versions: {} })
    expect(answer).toMatchObject({ kind: 'ok', thresholds: {}, metrics: [{ name: 'exceptions' }, { name: 'server-errors' }] })
    expect(JSON.stringify(answer)).not.toContain('usual')
  })

  it.each([
    ['the token is refused', [json({}, 401)], 'token is refused', 'secret put TAIL_TOKEN'],
    ['somebody else answers', [() => new Response('<html>')], 'not as the Tail Worker answers', 'node install.mjs'],
    ['nobody answers', [() => Promise.reject(new Error('down'))], 'the connection failed', 'answers at this address'],
    ['it fails', [json({}, 500)], 'HTTP 500', 'answers at this address'],
    ['it has never counted this Worker', [json({ ...bodyFor(lastHour), countedSinceMs: null, versions: {} })], 'never counted a request of shop', 'Send shop a request'],
    ['no request carries a version', [json({ ...bodyFor(lastHour), versions: {}, unattributed: 5 })], 'carry no version', 'another source'],
    ['the answer is stale', [json({ ...bodyFor(lastHour), nowMs: nowMs - 3_600_000 })], 'stale', 'answers at this address'],
  ])('refuses with a remedy when %s', async (_, replies, problem, remedy) => {
    const answer = await preparing(...replies)
    expect(answer).toEqual({ kind: 'refused', problem: expect.stringContaining(problem), remedy: expect.stringContaining(remedy) })
    expect(JSON.stringify(answer)).not.toContain(token)
  })
})

const quiet = (api: TailPorts['api'], changes: Readonly<Record<string, unknown>> = {}) => sourceWith(api, {}, json({ ...bodyFor(lastHour), versions: {}, ...changes })).source.prepare({ script: 'shop', baseline: A, nowMs })

describe('preparing on a Worker that was quiet for an hour', () => {
  it('asks who is told of its requests, and goes on where somebody is', async () => {
    expect(await quiet(settings())).toMatchObject({ kind: 'ok', thresholds: {} })
  })

  it.each([
    ['nobody is told any more, whatever was counted once', settings({ tail_consumers: [] }), 'has no tail consumer', 'Add "tail_consumers"'],
    ['nobody has ever been told', settings({}), 'has no tail consumer', 'deploy it once without steps'],
    ['the token may not read the settings', settings({ success: false, errors: [{ code: 10_000, message: 'no' }], messages: [], result: null }, 403), 'settings of shop cannot be read', 'Workers Scripts'],
    ['the settings cannot be read', settings('<html>', 502), 'could not be read', 'Run the deploy again'],
  ])('refuses where %s', async (_, api, problem, remedy) => {
    expect(await quiet(api)).toEqual({ kind: 'refused', problem: expect.stringContaining(problem), remedy: expect.stringContaining(remedy) })
  })

  it('reads no settings while requests are counted', async () => {
    const never = { read: () => Promise.reject(new Error('read')), told: String }
    expect(await sourceWith(never, {}, json(bodyFor(lastHour))).source.prepare({ script: 'shop', baseline: A, nowMs })).toMatchObject({ kind: 'ok' })
  })
})

const user = (total: number, bad: number) => ({ exceptions: { total, bad }, serverErrors: { total, bad: 0 } })
const byUser = (about: typeof interval, changes: Readonly<Record<string, unknown>>) => sourceWith(settings(), { unit: 'user' }, json({ ...bodyFor(about), ...changes }))
const countUsers = (changes: Readonly<Record<string, unknown>>) => byUser(interval, changes).source.count(question)
const prepareUsers = (changes: Readonly<Record<string, unknown>>) => byUser(lastHour, changes).source.prepare({ script: 'shop', baseline: A, nowMs })

describe('users', () => {
  it('are counted in place of requests, since the step began', async () => {
    const { source, asked } = byUser(interval, { users: { [A]: user(300, 2), [B]: user(4, 1) } })
    expect(await source.count(question)).toEqual({ kind: 'ok', metrics: { exceptions: { candidate: { total: 4, bad: 1 }, baseline: { total: 300, bad: 2 } }, 'server-errors': { candidate: { total: 4, bad: 0 }, baseline: { total: 300, bad: 0 } } } })
    expect(asked[0]?.url.searchParams.get('since')).toBe(String(question.sinceMs))
  })

  it.each([
    ['silent', 'nobody of the candidate named himself', { users: { [A]: user(300, 2) } }, 'no request of the candidate'],
    ['unknown', 'it does not count them', { users: null }, 'does not count users'],
    ['unknown', 'it is of an earlier version', {}, 'does not count users'],
    ['unknown', 'more are bad than there are', { users: { [A]: user(3, 4) } }, 'shape'],
    ['unknown', 'many requests carry no version', { users: { [A]: user(300, 2), [B]: user(4, 1) }, unattributed: 60 }, 'carry no version'],
  ])('are %s where %s', async (kind, _, changes, message) => {
    expect(await countUsers(changes)).toEqual({ kind, message: expect.stringContaining(message) })
  })

  it('are unknown where the step is longer than the Tail Worker remembers', async () => {
    const users = { [A]: user(300, 2), [B]: user(4, 1) }
    expect(await byUser(interval, { users }).source.count({ ...question, sinceMs: nowMs - 7_300_000 })).toEqual({ kind: 'unknown', message: 'Tail Worker: who was bad since the step began has been deleted' })
  })

  it('are a unit of their own, and nothing of them is called usual', async () => {
    const answer = await prepareUsers({ users: { [A]: user(300, 2) } })
    expect(answer).toMatchObject({ kind: 'ok', thresholds: {}, metrics: [{ name: 'exceptions', unit: 'user' }, { name: 'server-errors', unit: 'user' }] })
    expect(JSON.stringify(answer)).not.toContain('usual')
  })

  it.each([
    ['nobody counts them', { users: null }, 'COUNT_USERS'],
    ['no request names one', { users: {} }, 'Cloudflare-Workers-Version-Key'],
  ])('refuse the deploy where %s', async (_, changes, remedy) => {
    expect(await prepareUsers(changes)).toMatchObject({ kind: 'refused', remedy: expect.stringContaining(remedy) })
  })
})

describe('its part of sleepwell.yml', () => {
  it('needs an address and a token, and has a default for the rest', () => {
    expect(tailSource.parse({ kind: 'tail', url: 'https://tail.example.com', token })).toEqual({
      kind: 'tail', name: 'tail', url: 'https://tail.example.com', token, acts: true, margin: 1, tolerance: 2, lagSeconds: 15, unit: 'request', slow: ['p95', 'p99'], slowMargin: 1.25,
    })
  })

  it.each([
    ['no token', { token: undefined }],
    ['a token of two words', { token: 'two words' }],
    ['an address that is not encrypted', { url: 'http://tail.example.com' }],
    ['a password in the address', { url: 'https://me:secret@tail.example.com' }],
    ['a tolerance below the margin', { margin: 3 }],
    ['a quantile twice', { slow: ['p95', 'p95'] }],
    ['an unknown field', { colour: 'red' }],
  ])('refuses %s', (_, changes) => {
    expect(tailSource.safeParse({ kind: 'tail', url: 'https://tail.example.com', token, ...changes }).success).toBe(false)
  })
})
