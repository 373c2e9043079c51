import { execFile } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Log, LogLevel, Miniflare, type MiniflareOptions } from 'miniflare'
import { Pool } from 'undici'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { portOf } from '../../sandbox/world.ts'
import { isVersionId, type VersionId } from '../../src/core/ids.ts'
import { tailSource } from '../../src/inputs/metrics/tail.ts'
import { connectTail } from '../../src/shell/metrics/tail.ts'

// The Tail Worker in workerd, behind two versions of a Worker whose requests really reach it as trace items. What
// workerd does not tell here, or what takes minutes, is fed in.

const root = join(import.meta.dirname, '../..')
const token = 'tail-token-0123456789'
const secret = `whsec_${Buffer.from('a secret of the receiver').toString('base64')}`
const A = versionOf('aaaaaaaa-0000-4000-8000-000000000000')
const B = versionOf('bbbbbbbb-0000-4000-8000-000000000000')

function versionOf(text: string): VersionId {
  if (!isVersionId(text)) throw new Error(text)
  return text
}

const esm = (path: string) => ({ type: 'esm' as const, contents: readFileSync(join(root, path), 'utf8') })
const sources = Object.fromEntries(readdirSync(join(root, 'workers/tail/src')).map((name) => [name, esm(`workers/tail/src/${name}`)]))
const text = (value: string) => ({ type: 'text' as const, value })
const dev = { unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }] }

function tailWorker(name: string, vars: Readonly<Record<string, string>>) {
  const env = { COUNTS: { type: 'durable-object' as const, worker: name, exportName: 'Counts' }, ...Object.fromEntries(Object.entries(vars).map(([key, value]) => [key, text(value)])) }
  const manifest = { mainModule: 'tail-feed.js', modules: { ...sources, 'tail-feed.js': esm('test/workers/tail-feed.js') } }
  return { config: { name, compatibilityDate: '2026-01-01', compatibilityFlags: [], manifest, env, exports: { Counts: { type: 'durable-object' as const, storage: 'sqlite' as const } } }, dev }
}

function producer(versionId: string) {
  const manifest = { mainModule: 'index.js', modules: { 'index.js': esm('test/workers/tail-producer.js') } }
  const env = { ROOM: { type: 'durable-object' as const, worker: versionId, exportName: 'Room' } }
  const exports = { Room: { type: 'durable-object' as const, storage: 'sqlite' as const } }
  return { config: { name: versionId, compatibilityDate: '2026-01-01', compatibilityFlags: [], manifest, env, exports, tailConsumers: [{ worker: 'tail', props: { scriptName: 'shop', versionId } }] }, dev }
}

interface Alert { readonly id: string; readonly isSigned: boolean; readonly data: Readonly<Record<string, unknown>> }
const alertBody = z.object({ type: z.literal('errors.spiked'), timestamp: z.iso.datetime(), data: z.record(z.string(), z.unknown()) })
const alerts: Alert[] = []
let folder: string
let receiver: Server
let miniflare: Miniflare
let options: MiniflareOptions
let readFromMs = 0

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tail-worker-')))
  receiver = createServer((request, response) => {
    let body = ''
    request.on('data', (part: Buffer) => void (body += part.toString()))
    request.on('end', () => {
      const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = request.headers
      const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
      const expected = `v1,${createHmac('sha256', key).update(`${String(id)}.${String(timestamp)}.${body}`).digest('base64')}`
      const { data } = alertBody.parse(JSON.parse(body))
      alerts.push({ id: String(id), isSigned: signature === expected, data })
      const isRefused = data['script'] === 'refused' && alertsOf('refused').length === 1
      response.writeHead(isRefused ? 503 : 204).end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const alerting = { ALERT_URL: `http://127.0.0.1:${portOf(receiver)}/alerts`, ALERT_SECRET: secret }
  options = {
    cf: false, logRequests: false, enableDevRegistry: false, log: new Log(LogLevel.NONE), handleStructuredLogs: () => undefined,
    resourcePersistencePath: folder,
    workers: [
      tailWorker('tail', { TAIL_TOKEN: token, COUNT_USERS: 'true', ...alerting }),
      tailWorker('forgetful', { TAIL_TOKEN: token, KEEP_SECONDS: '1', SCRIPT_NAME: 'named-by-variable', VERSION_ID: A }),
      tailWorker('without-token', {}),
      producer(A), producer(B),
    ],
  }
  miniflare = new Miniflare(options)
  await feedForTheSource()
})
afterAll(async () => {
  await miniflare.dispose()
  receiver.closeAllConnections()
  await new Promise((resolve) => receiver.close(resolve))
  rmSync(folder, { recursive: true })
})

const alertsOf = (script: string) => alerts.filter(({ data }) => data['script'] === script)
const address = async (worker: string, path: string) => new URL(path, await miniflare.unsafeGetDirectURL(worker)).href

function ask(path: string, { worker = 'tail', bearer = `Bearer ${token}`, method = 'GET' } = {}): Promise<Response> {
  return address(worker, path).then((url) => fetch(url, { method, headers: bearer === '' ? {} : { authorization: bearer } }))
}

const shape = z.looseObject({ nowMs: z.number(), closedMs: z.number(), unattributed: z.number(), edgesMs: z.array(z.number()), countedSinceMs: z.number().nullable(),
  versions: z.record(z.string(), z.object({ requests: z.number(), exceptions: z.number(), serverErrors: z.number(), slower: z.array(z.number()), untimed: z.number() })) })

async function countsOf(script: string, worker = 'tail') {
  const now = Date.now()
  const response = await ask(`/counts?script=${script}&from=${now - 3_600_000}&to=${now + 1000}`, { worker })
  expect(response.status).toBe(200)
  return shape.parse(await response.json())
}

interface Item { readonly script?: string | null; readonly version?: string; readonly status?: number; readonly outcome?: string; readonly wallTime?: number; readonly agoMs?: number; readonly more?: object; readonly event?: object }

/** As docs "Tail Workers, Tail handler" has it. */
function item({ script = 'shop', version, status = 200, outcome = 'ok', wallTime = 5, agoMs = 0, more = {}, event }: Item) {
  const request = { url: 'https://shop.example.com/', method: 'GET', headers: {} }
  const scriptVersion = version === undefined ? {} : { scriptVersion: { id: version } }
  const fetched = outcome === 'exception' ? { request } : { request, response: { status } }
  return { scriptName: script, ...scriptVersion, outcome, wallTime, cpuTime: 1, executionModel: 'stateless', eventTimestamp: Date.now() - agoMs, logs: [], exceptions: [], event: event ?? fetched, ...more }
}

async function feed(items: readonly object[], worker = 'tail'): Promise<void> {
  const response = await fetch(await address(worker, '/feed'), { method: 'POST', body: JSON.stringify(items) })
  expect(response.status).toBe(204)
}

const many = (count: number, one: Item) => Array.from({ length: count }, () => item(one))

/** Early, since a second closes only ten seconds later. The first request begins the counting, the rest come in a later second. */
async function feedForTheSource(): Promise<void> {
  await feed([item({ script: 'read', version: A })])
  readFromMs = Math.ceil(((await countsOf('read')).countedSinceMs ?? 0) / 1000) * 1000
  await sleep(Math.max(0, readFromMs - Date.now()) + 1)
  await feed([...many(1200, { script: 'read', version: A, wallTime: 8 }), ...many(9, { script: 'read', version: A, outcome: 'exception' }), ...many(60, { script: 'read', version: A, wallTime: 450 }), ...many(4, { script: 'read', version: B, status: 503 })])
}

/** Each through workerd, to a version and from there to the Tail Worker as a trace item. */
const REQUESTS = 10_000

describe('10,000 requests of two versions', () => {
  it('are counted exactly, and after a restart too', { timeout: 180_000 }, async () => {
    const truth: Record<string, { requests: number; exceptions: number; serverErrors: number }> = { [A]: { requests: 0, exceptions: 0, serverErrors: 0 }, [B]: { requests: 0, exceptions: 0, serverErrors: 0 } }
    const pools = { [A]: new Pool(new URL(await address(A, '/')).origin, { connections: 12 }), [B]: new Pool(new URL(await address(B, '/')).origin, { connections: 4 }) }
    let sent = 0
    const note = (version: VersionId, isException: boolean, isServerError: boolean) => {
      const { requests = 0, exceptions = 0, serverErrors = 0 } = truth[version] ?? {}
      truth[version] = { requests: requests + 1, exceptions: exceptions + Number(isException), serverErrors: serverErrors + Number(isServerError) }
    }
    const load = async (version: VersionId, most: number) => {
      for (let own = 0; own < most; own += 1) {
        sent += 1
        const path = sent % 97 === 0 ? '/throws' : sent % 41 === 0 ? '/unavailable' : sent % 53 === 0 ? '/room' : '/'
        const answer = await pools[version]?.request({ path, method: 'GET' })
        await answer?.body.dump()
        note(version, answer?.statusCode === 500, answer?.statusCode === 503)
      }
    }
    // A quarter of them go to B.
    await Promise.all(Array.from({ length: 16 }, (_, index) => load(index % 4 === 0 ? B : A, REQUESTS / 16)))
    for (const pool of Object.values(pools)) await pool.close()
    expect([truth[A]?.requests, truth[B]?.requests]).toEqual([7500, 2500])

    await vi.waitFor(async () => expect(await countsOf('shop')).toMatchObject({ unattributed: 0, versions: truth }), { timeout: 20_000, interval: 100 })
    const before = await countsOf('shop')
    await miniflare.setOptions(options)
    const after = await countsOf('shop')
    expect(after.versions).toEqual(before.versions)
    expect(after.countedSinceMs).toBe(before.countedSinceMs)
    await feed([item({ version: B })])
    expect((await countsOf('shop')).versions[B]?.requests).toBe(2501)
  })

  it('are counted once each when the runtime ends under them, if it has said that it counted them', { timeout: 60_000 }, async () => {
    const [over, tens] = [new AbortController(), many(10, { script: 'restarted', version: A })]
    let [sent, counted] = [0, 0]
    const load = async () => {
      while (!over.signal.aborted) {
        sent += 10
        const isCounted = await feed(tens).then(() => true, () => false)
        if (isCounted) counted += 10
        else await sleep(20)
      }
    }
    const loads = Promise.all([load(), load(), load(), load()])
    await vi.waitFor(() => expect(counted).toBeGreaterThan(300), { timeout: 20_000, interval: 5 })
    await miniflare.setOptions(options)
    const before = counted
    await vi.waitFor(() => expect(counted).toBeGreaterThan(before + 300), { timeout: 20_000, interval: 5 })
    over.abort()
    await loads
    const { requests = 0 } = (await countsOf('restarted')).versions[A] ?? {}
    expect(requests).toBeGreaterThanOrEqual(counted)
    expect(requests).toBeLessThanOrEqual(sent)
  })
})

describe('the endpoint', () => {
  it('tells nothing without the token', async () => {
    const others = Array.from({ length: 50 }, (_, index) => `Bearer ${token.slice(0, -1)}${String.fromCodePoint(65 + index)}`)
    for (const bearer of [...others, '', 'Bearer', 'Bearer wrong', `Bearer ${token}x`, `Bearer ${token.slice(0, -1)}`, token, `Basic ${token}`]) {
      for (const path of ['/counts?script=shop&from=0&to=1', '/']) {
        const response = await ask(path, { bearer })
        expect([bearer, path, response.status, await response.text()]).toEqual([bearer, path, 401, ''])
      }
    }
    expect((await ask('/counts', { method: 'POST', bearer: '' })).status).toBe(401)
  })

  it('is shut for everybody while there is no token', async () => {
    for (const bearer of ['', 'Bearer ', 'Bearer undefined', 'Bearer null']) expect((await ask('/counts', { worker: 'without-token', bearer })).status).toBe(401)
  })

  it('says what is wrong with a question', async () => {
    const asked = ['/other', '/counts?from=0&to=1000', '/counts?script=shop&from=x&to=1000', '/counts?script=shop&from=5&to=5', '/counts?script=shop&from=0&to=86400001']
    expect(await Promise.all(asked.map((path) => ask(path).then(({ status }) => status)))).toEqual([404, 400, 400, 400, 400])
    expect((await ask('/counts', { method: 'DELETE' })).status).toBe(405)
  })

  it('must not be cached, and knows of no other script', async () => {
    const response = await ask('/counts?script=nobody&from=1000&to=2000')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toMatchObject({ script: 'nobody', fromMs: 1000, toMs: 2000, countedSinceMs: null, versions: {}, unattributed: 0 })
  })
})

const lateWithin = async (fromMs: number, toMs: number) => shape.parse(await ask(`/counts?script=late&from=${fromMs}&to=${toMs}`).then((response) => response.json()))

describe('what is counted', () => {
  it('is what the item itself says of its script and version, as on the platform', async () => {
    await feed([
      ...many(3, { script: 'mixed', version: A }),
      item({ script: 'mixed', version: A, status: 500 }),
      item({ script: 'mixed', version: A, status: 499 }),
      item({ script: 'mixed', version: B, outcome: 'exception' }),
      item({ script: 'mixed', version: B, outcome: 'exceededCpu' }),
      item({ script: 'mixed', version: B, outcome: 'canceled' }),
      item({ script: 'mixed' }),
      item({ script: 'another', version: A }),
    ])
    expect(await countsOf('mixed')).toMatchObject({ unattributed: 1, versions: { [A]: { requests: 5, exceptions: 0, serverErrors: 1 }, [B]: { requests: 3, exceptions: 3, serverErrors: 0 } } })
    expect((await countsOf('another')).versions[A]?.requests).toBe(1)
  })

  it('is named by variables where neither item nor props say it', async () => {
    await feed([item({ script: null }), item({ script: 'named-by-itself', version: B })], 'forgetful')
    expect((await countsOf('named-by-variable', 'forgetful')).versions).toMatchObject({ [A]: { requests: 1 } })
    expect((await countsOf('named-by-itself', 'forgetful')).versions).toMatchObject({ [B]: { requests: 1 } })
  })

  it('are requests of users alone', async () => {
    const headers = { 'cloudflare-workers-version-overrides': `quiet="${B}"` }
    await feed([
      item({ script: 'quiet', version: A }),
      item({ script: 'quiet', version: A, event: { cron: '* * * * *', scheduledTime: 0 } }),
      item({ script: 'quiet', version: A, event: { queue: 'jobs', batchSize: 1 } }),
      item({ script: 'quiet', version: A, more: { event: null } }),
      item({ script: 'quiet', version: A, more: { executionModel: 'durableObject', durableObjectId: 'f00' } }),
      item({ script: 'quiet', version: B, event: { request: { url: 'https://shop.example.com/', headers }, response: { status: 200 } } }),
      item({ script: null, version: A }),
    ])
    const { versions } = await countsOf('quiet')
    expect(Object.entries(versions).map(([version, { requests }]) => [version, requests])).toEqual([[A, 1]])
  })

  it('tells for each edge how many requests were slower', async () => {
    await feed([5, 10, 10.5, 11, 130_000, 0].map((wallTime) => item({ script: 'timed', version: A, wallTime })).concat(item({ script: 'timed', version: A, more: { wallTime: null } })))
    const { edgesMs, versions } = await countsOf('timed')
    const counts = versions[A]
    const slower = Object.fromEntries(edgesMs.map((edge, index) => [edge, counts?.slower[index]]))
    expect(counts).toMatchObject({ requests: 7, untimed: 1 })
    expect([1, 4, 5, 7, 10, 15, 120_000].map((edge) => slower[edge])).toEqual([5, 5, 4, 4, 3, 1, 1])
  })

  it('is filed under its beginning, and never under a second that is closed', async () => {
    const before = Date.now()
    const second = Math.floor(before / 1000) * 1000 - 5000
    await feed([item({ script: 'late', version: A, more: { eventTimestamp: second } }), item({ script: 'late', version: A, agoMs: 600_000 }), item({ script: 'late', version: A, agoMs: -600_000 })])
    const open = await lateWithin(before - 10_000, before + 60_000)
    expect(open.versions[A]?.requests).toBe(3)
    expect((await lateWithin(second, second + 1000)).versions[A]?.requests).toBe(1)
    expect((await lateWithin(second + 999, second + 1999)).versions[A]?.requests).toBe(1)
    expect([(await lateWithin(second - 1000, second)).versions, (await lateWithin(second + 1000, second + 2000)).versions]).toEqual([{}, {}])
    expect((await lateWithin(before - 3_600_000, before - 11_000)).versions).toEqual({})
    expect(open.closedMs).toBe(Math.floor((open.nowMs - 10_000) / 1000) * 1000)
  })
})

const key = 'cloudflare-workers-version-key'
const usersShape = z.object({ users: z.record(z.string(), z.object({ exceptions: z.unknown(), serverErrors: z.unknown() })).nullable() })
const usersOf = (script: string, query: string, worker = 'tail') => ask(`/counts?script=${script}&${query}`, { worker }).then(async (response) => usersShape.parse(await response.json()).users)

describe('users', () => {
  it('are told by the key that the platform redacts, and are bad once a step', { timeout: 30_000 }, async () => {
    const begin = Math.floor(Date.now() / 1000) * 1000
    const visit = async (user: string, path: string) => fetch(await address(A, path), { headers: { [key]: user } }).then((response) => response.text())
    await Promise.all([visit('ann', '/throws'), visit('ann', '/throws'), visit('bob', '/'), visit('bob', '/unavailable'), visit('cid', '/')])
    const whole = `from=${begin}&to=${begin + 60_000}&since=${begin}`
    await vi.waitFor(async () => expect(await usersOf('shop', whole)).toEqual({ [A]: { exceptions: { total: 3, bad: 1 }, serverErrors: { total: 3, bad: 1 } } }), { timeout: 10_000, interval: 50 })
    const middle = (Math.floor(Date.now() / 1000) + 1) * 1000
    await sleep(middle - Date.now() + 5)
    await feed([['ann', 'exception'], ['bob', 'exception'], ['dot', 'ok']].map(([name, outcome = 'ok']) => item({ version: A, outcome, event: { request: { headers: { [key]: name } } } })))
    const later = `from=${middle}&to=${middle + 60_000}`
    // Ann is no longer among those who may still turn bad, unless the step began anew.
    expect((await usersOf('shop', `${later}&since=${begin}`))?.[A]).toEqual({ exceptions: { total: 2, bad: 1 }, serverErrors: { total: 2, bad: 0 } })
    expect((await usersOf('shop', `${later}&since=${middle}`))?.[A]?.exceptions).toEqual({ total: 3, bad: 2 })
    expect(await usersOf('shop', later)).toBeNull()
    expect(await usersOf('named-by-itself', whole, 'forgetful')).toBeNull()
  })
})

const spike = (script: string, version: string, kind: 'exceptions' | 'server-errors') => feed(many(10, { script, version, ...(kind === 'exceptions' ? { outcome: 'exception' } : { status: 502 }) }))
const told = (script: string) => alertsOf(script).map(({ data }) => `${String(data['version']).slice(0, 1)} ${String(data['kind'])}`)
const C = 'cccccccc-0000-4000-8000-000000000000'

// They wait for alarms: side by side.
describe('counts that are too old', { concurrent: true }, () => {
  it('are deleted', async () => {
    await feed(many(3, { script: 'old', version: A, agoMs: 9000 }), 'forgetful')
    expect((await countsOf('old', 'forgetful')).versions[A]?.requests).toBe(3)
    // Bad ones bring the alarm forward, which deletes.
    await feed([item({ script: 'old', version: A, agoMs: 9000, outcome: 'exception' })], 'forgetful')
    await vi.waitFor(async () => expect((await countsOf('old', 'forgetful')).versions).toEqual({}), { timeout: 10_000, interval: 200 })
    expect((await countsOf('old', 'forgetful')).countedSinceMs).not.toBeNull()
  })
})

describe('the folder', { concurrent: true }, () => {
  it('is what `npx wrangler deploy` takes, with nothing else installed', async () => {
    const copy = join(folder, 'install')
    cpSync(join(root, 'workers/tail'), copy, { recursive: true })
    const env = { PATH: dirname(process.execPath), HOME: folder, CI: 'true', WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true' }
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'node_modules/wrangler/bin/wrangler.js'), 'deploy', '--dry-run', '--outdir', 'out'], { cwd: copy, env })
    expect(stdout).toMatch(/env\.COUNTS \(Counts\)/)
  })
})

describe('alerts', { concurrent: true }, () => {
  it('come once for each deploy and kind, signed, and not for what was there before', { timeout: 30_000 }, async () => {
    await feed(many(100, { script: 'spiky', version: A }))
    await spike('spiky', B, 'exceptions')
    await vi.waitFor(() => expect(told('spiky')).toEqual(['b exceptions']), { timeout: 10_000 })
    await spike('spiky', B, 'exceptions')
    await spike('spiky', A, 'exceptions')
    await spike('spiky', B, 'server-errors')
    await vi.waitFor(() => expect(told('spiky')).toEqual(['b exceptions', 'b server-errors']), { timeout: 10_000 })
    const [alert] = alertsOf('spiky')
    expect(alert).toMatchObject({ id: `spiky.${B}.exceptions`, isSigned: true, data: { version: B, bad: 10, requests: 10, usualBad: 0, usualRequests: 100 } })
    expect(alert?.data['text']).toBe(`spiky: 10 exceptions in 10 requests of version ${B}, 1 min after its first (other versions: 0 in 100).`)
    // Of the third version the first alert shows that the alarm has looked again at the others.
    await feed(many(60, { script: 'spiky', version: C, status: 500 }))
    await vi.waitFor(() => expect(told('spiky').slice(2)).toEqual(['c server-errors']), { timeout: 10_000 })
  })

  it('are sent again only when the receiver has said no', { timeout: 30_000 }, async () => {
    await feed(many(100, { script: 'refused', version: A }))
    await spike('refused', B, 'exceptions')
    await vi.waitFor(() => expect(told('refused')).toEqual(['b exceptions']), { timeout: 10_000 })
    await spike('refused', B, 'exceptions')
    await vi.waitFor(() => expect(told('refused')).toEqual(['b exceptions', 'b exceptions']), { timeout: 10_000 })
    await feed(many(60, { script: 'refused', version: C, status: 500 }))
    await vi.waitFor(() => expect(told('refused')).toEqual(['b exceptions', 'b exceptions', 'c server-errors']), { timeout: 10_000 })
  })

  it('do not come for the version that was there when counting began', { timeout: 30_000 }, async () => {
    // Requests without a version are none: they are older than every deploy.
    await feed([item({ script: 'first' })])
    await sleep(5)
    await spike('first', A, 'exceptions')
    await spike('first', B, 'server-errors')
    await vi.waitFor(() => expect(told('first')).toEqual(['b server-errors']), { timeout: 10_000 })
  })

  it('blame no version for what hits all', { timeout: 30_000 }, async () => {
    await feed([...many(80, { script: 'stormy', version: A }), ...many(20, { script: 'stormy', version: A, status: 500 })])
    await feed([...many(30, { script: 'stormy', version: B }), ...many(10, { script: 'stormy', version: B, status: 500 })])
    await feed([...many(30, { script: 'stormy', version: C, outcome: 'exception' })])
    await vi.waitFor(() => expect(told('stormy')).toEqual(['c exceptions']), { timeout: 10_000 })
  })
})

describe('the source of counts', () => {
  it('reads what the Tail Worker tells', { timeout: 30_000 }, async () => {
    const spec = tailSource.parse({ kind: 'tail', url: await address('tail', '/'), token, lagSeconds: 0.1, slow: ['p95'] })
    const source = connectTail(spec, { api: { read: () => Promise.reject(new Error('the last hour has requests')), told: String }, clock: { now: () => Date.now(), sleep: () => Promise.resolve() } })
    const prepared = await source.prepare({ script: 'read', baseline: A, nowMs: Date.now() })
    const usual = { total: 1270, bad: 9 }
    expect(prepared).toMatchObject({ kind: 'ok', thresholds: { 'slow-p95': 10 }, metrics: [{ name: 'exceptions', usual }, { name: 'server-errors', usual: { bad: 0 } }, { name: 'slow-p95', kind: 'latency', margin: 1.25, usual: { bad: 60 } }] })

    const question = { script: 'read', candidate: B, baseline: A, sinceMs: readFromMs, thresholds: { 'slow-p95': 10 } }
    expect(await source.count({ ...question, interval: { fromMs: Date.now() - 5000, toMs: Date.now() - 1000 } })).toEqual({ kind: 'silent', message: expect.stringMatching(/^Tail Worker: the interval is complete in \d+ s$/) })
    const interval = { fromMs: readFromMs, toMs: readFromMs + 2000 }
    await vi.waitFor(async () => expect(await source.count({ ...question, interval })).toEqual({ kind: 'ok', metrics: {
      exceptions: { candidate: { total: 4, bad: 0 }, baseline: { total: 1269, bad: 9 } },
      'server-errors': { candidate: { total: 4, bad: 4 }, baseline: { total: 1269, bad: 0 } },
      'slow-p95': { candidate: { total: 4, bad: 0 }, baseline: { total: 1269, bad: 60 } },
    } }), { timeout: 20_000, interval: 100 })
    expect(await source.count({ ...question, interval: { fromMs: readFromMs - 60_000, toMs: readFromMs + 2000 } })).toMatchObject({ kind: 'unknown', message: expect.stringContaining('later than the interval began') })
  })
})
