import { generateKeyPairSync, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { Log, LogLevel, Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { portOf } from '../../sandbox/world.ts'
import { judgeHealth } from '../../src/core/checks/health.ts'
import { healthDraft } from './health-draft.ts'

// The module as it is copied, not bundled, in workerd.

const token = 'health-token-0123456789'
const apiKey = 'Prod_4f9A-very-secret'
const stored = 'from-the-secrets-store'
const version = { id: '11111111-1111-4111-8111-111111111111', tag: 'abc1234', timestamp: '2026-11-23T10:00:00.000Z' }
const fitsDraft = addFormats.default(new Ajv2020({ strict: false, allErrors: true })).compile(healthDraft)

const measurement = z.strictObject({
  status: z.string(), componentId: z.string().optional(), componentType: z.string().optional(), time: z.string().optional(),
  observedValue: z.unknown().optional(), observedUnit: z.string().optional(), output: z.string().optional(),
})
const shape = z.object({ status: z.string(), version: z.string().optional(), releaseId: z.string().optional(), output: z.string().optional(), checks: z.record(z.string(), z.array(measurement)) })

function discordKeys() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex')
  return { publicKey: raw, sign: (text: string) => sign(null, Buffer.from(text), privateKey).toString('hex') }
}

const ours = discordKeys()
const vector = { timestamp: '1790000000', body: '{"type":1}', signature: ours.sign('1790000000{"type":1}') }
const read = (path: string) => ({ type: 'esm' as const, contents: readFileSync(join(import.meta.dirname, path), 'utf8') })
const text = (value: string) => ({ type: 'text' as const, value })
let upstream: Server
let miniflare: Miniflare
const asked: string[] = []

beforeAll(async () => {
  upstream = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} for ${String(request.headers['x-from'])}`)
    const status = { '/': 200, '/broken': 500, '/guarded': 401, '/moved': 302 }[request.url ?? '']
    if (status !== undefined) response.writeHead(status, status === 302 ? { location: '/broken' } : {}).end('a body')
  })
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  miniflare = new Miniflare({
    cf: false, logRequests: false, enableDevRegistry: false, log: new Log(LogLevel.ERROR),
    workers: [{
      config: {
        name: 'health', compatibilityDate: '2026-01-01', compatibilityFlags: [],
        manifest: { mainModule: 'index.js', modules: { 'index.js': read('health-worker.js'), 'healthz.js': read('../../workers/healthz/healthz.js') } },
        env: {
          COUNTER: { type: 'durable-object', worker: 'health', exportName: 'Counter' },
          FILES: { type: 'r2', name: 'files' },
          CACHE: { type: 'kv', id: 'cache' },
          ORDERS: { type: 'd1', id: 'orders' },
          VERSION: { type: 'json', value: version },
          API_KEY: text(apiKey), EMPTY: text(''), HEALTH_TOKEN: text(token),
          STORED: { type: 'secrets-store-secret', storeId: 'store', secretName: 'stored' },
          UNREADABLE: { type: 'secrets-store-secret', storeId: 'store', secretName: 'nowhere' },
          DISCORD_PUBLIC_KEY: text(ours.publicKey), OTHER_PUBLIC_KEY: text(discordKeys().publicKey),
          DISCORD_VECTOR: { type: 'json', value: vector },
          UPSTREAM: text(`http://127.0.0.1:${portOf(upstream)}`),
        },
        exports: { Counter: { type: 'durable-object', storage: 'sqlite' } },
      },
    }],
  })
  const secretsStore = await miniflare.getSecretsStoreSecretAPI('STORED')
  await secretsStore().create(stored)
})
afterAll(async () => {
  await miniflare.dispose()
  upstream.closeAllConnections()
  await new Promise((resolve) => upstream.close(resolve))
})

async function ask(scenario: string, { bearer = token, method = 'GET', headers = {} }: { bearer?: string; method?: string; headers?: Record<string, string> } = {}) {
  const authorization = bearer === '' ? {} : { authorization: `Bearer ${bearer}` }
  const response = await miniflare.dispatchFetch('http://health/healthz', { method, headers: { scenario, ...authorization, ...headers } })
  const answered = await response.text()
  const body: unknown = answered === '' ? undefined : JSON.parse(answered)
  if (body !== undefined) expect(fitsDraft(body) ? [] : fitsDraft.errors, answered).toEqual([])
  return { status: response.status, headers: Object.fromEntries(response.headers), text: answered, document: shape.optional().parse(body) }
}

async function statuses(scenario: string, options: Parameters<typeof ask>[1] = {}) {
  const { status, document } = await ask(scenario, options)
  const parts = Object.entries(document?.checks ?? {}).map(([key, [one]]) => [key, one?.status])
  return { http: status, whole: document?.status, parts: Object.fromEntries(parts) }
}

describe('a healthy Worker', () => {
  it('passes with every kind of component, each a measurement of its own', async () => {
    const { status, headers, document } = await ask('all')
    expect(status).toBe(200)
    expect(headers).toMatchObject({ 'content-type': 'application/health+json', 'cache-control': 'no-store', 'x-version-id': version.id })
    expect(headers).not.toHaveProperty('retry-after')
    expect(document).toMatchObject({ status: 'pass', releaseId: version.id, version: version.tag })
    for (const [one] of Object.values(document?.checks ?? {})) expect(one).toMatchObject({ componentId: expect.any(String), componentType: expect.any(String), time: expect.stringMatching(/^20/) })
    const milliseconds = { status: 'pass', observedValue: expect.any(Number), observedUnit: 'ms' }
    expect(document?.checks).toMatchObject({
      'counter:call': [{ status: 'pass', componentId: 'counter', componentType: 'component', observedValue: 42, observedUnit: 'visits' }],
      'counter:version': [{ status: 'pass', componentId: 'counter', observedValue: version.id }],
      'files:list': [{ ...milliseconds, componentType: 'datastore' }],
      'cache:get': [milliseconds],
      'sessions:list': [milliseconds],
      'orders:select': [milliseconds],
      'auth:check': [milliseconds],
      'secrets:present': [{ status: 'pass', observedValue: 2, observedUnit: 'secrets' }],
      'payments:request': [{ ...milliseconds, componentType: 'system' }],
      'discord:verify': [{ status: 'pass', observedValue: 'verified' }],
      'mail:check': [{ observedValue: 3, observedUnit: 'messages' }],
      'search:index': [{ componentId: 'search', observedValue: 'warm' }],
    })
    expect(Object.keys(document?.checks ?? {})).toHaveLength(12)
  })

  it('is healthy without components, and says no version when it knows none', async () => {
    const { status, headers, document } = await ask('nothing')
    expect({ status, document }).toEqual({ status: 200, document: { status: 'pass', checks: {} } })
    expect(headers).not.toHaveProperty('x-version-id')
  })

  it('answers HEAD without a body, and no other method', async () => {
    expect(await ask('all', { method: 'HEAD' })).toMatchObject({ status: 200, text: '', headers: { 'content-type': 'application/health+json', 'x-version-id': version.id } })
    expect(await ask('all', { method: 'POST' })).toMatchObject({ status: 405, text: '', headers: { allow: 'GET, HEAD', 'x-version-id': version.id } })
  })
})

describe('a Worker with broken parts', () => {
  it('fails, and each part says why', async () => {
    const { status, headers, document } = await ask('all broken')
    expect({ status, whole: document?.status }).toEqual({ status: 503, whole: 'fail' })
    expect(headers).not.toHaveProperty('retry-after')
    expect(document?.checks).toMatchObject({
      'counter:call': [{ status: 'fail', output: 'the table is gone' }],
      'files:list': [{ status: 'fail' }],
      'cache:get': [{ status: 'fail' }],
      'orders:select': [{ status: 'fail' }],
      'auth:check': [{ status: 'fail' }],
      'secrets:present': [{ status: 'fail', observedValue: 1, output: 'missing: ABSENT, EMPTY, UNREADABLE' }],
      'payments:request': [{ status: 'fail', output: 'status 500' }],
      'unreachable:request': [{ status: 'fail' }],
      'discord:verify': [{ status: 'fail', output: 'the signature does not fit the public key' }],
      'mail:check': [{ status: 'fail', output: 'relay said 550' }],
      'well:check': [{ status: 'pass' }],
    })
  })

  it('names what fails first, and what warns before what passes', async () => {
    const { document } = await ask('an optional part broken')
    expect(Object.keys(document?.checks ?? {})).toEqual(['mail:check', 'model:check', 'files:list'])
  })

  it('never hides the rest behind a slow part', async () => {
    const { status, document } = await ask('slow')
    expect(status).toBe(503)
    const tooSlow = [{ status: 'fail', output: 'no answer within 100 ms' }]
    expect(document?.checks).toMatchObject({ 'counter:call': tooSlow, 'payments:request': tooSlow, 'never:check': tooSlow, 'files:list': [{ status: 'pass' }] })
  })

  it('asks all parts at the same time', async () => {
    expect(await statuses('side by side')).toEqual({ http: 200, whole: 'pass', parts: { 'one:check': 'pass', 'other:check': 'pass' } })
  })

  it('only warns when what fails is optional', async () => {
    const { headers } = await ask('an optional part broken')
    expect(headers).not.toHaveProperty('retry-after')
    expect(await statuses('an optional part broken')).toEqual({ http: 200, whole: 'warn', parts: { 'files:list': 'pass', 'mail:check': 'fail', 'model:check': 'warn' } })
    expect(await statuses('warning')).toEqual({ http: 200, whole: 'warn', parts: { 'queue:check': 'warn' } })
  })

  it('survives whatever a part throws or returns', async () => {
    const { status, document } = await ask('hostile')
    expect(status).toBe(503)
    expect(document?.checks).toMatchObject({
      'bigint:check': [{ status: 'pass', observedValue: '1' }],
      'circular:check': [{ status: 'pass', observedValue: '[object Object]' }],
      'purple:check': [{ status: 'fail', output: 'the unknown status purple' }],
      'wordless:check': [{ status: 'fail', output: 'something that has no words' }],
      'trap:check': [{ status: 'fail', output: 'sprung' }],
      'wordy:check': [{ status: 'fail', output: 'x'.repeat(500) }],
      'absent:check': [{ status: 'fail' }],
      'not one of ours:check': [{ status: 'fail' }],
      '__proto__:check': [{ status: 'pass' }],
    })
  })

  it('tells a key of Discord from another application\'s only by a signature of Discord\'s own', async () => {
    const { document } = await ask('keys of Discord')
    expect(document?.checks).toMatchObject({
      'unverified:verify': [{ status: 'pass', observedValue: 'well-formed' }],
      'absent:verify': [{ status: 'fail' }],
      'short:verify': [{ status: 'fail', output: 'the public key is not 64 hexadecimal digits' }],
      'another:verify': [{ status: 'fail' }],
    })
  })

  it('asks an upstream as it is told to, and follows no redirect', async () => {
    asked.length = 0
    expect(await statuses('accepting')).toMatchObject({ http: 200, parts: { 'guarded:request': 'pass', 'moved:request': 'pass' } })
    expect(asked.toSorted()).toEqual(['GET /moved for undefined', 'HEAD /guarded for healthz'])
  })
})

describe('a Worker that is starting', () => {
  it('asks to come back, and says what it waits for', async () => {
    const { status, headers, document } = await ask('starting')
    expect(status).toBe(503)
    expect(headers).toMatchObject({ 'retry-after': '30', 'x-version-id': version.id })
    expect(document).toMatchObject({ status: 'fail', output: 'starting: counter:call, model:check' })
    expect(document?.checks).toMatchObject({
      'counter:call': [{ status: 'warn', output: 'starting: reads its index' }],
      'counter:version': [{ observedValue: version.id }],
      'model:check': [{ status: 'warn', output: 'starting: loads' }],
      'files:list': [{ status: 'pass' }],
    })
  })

  it('says so to anybody', async () => {
    expect(await ask('starting', { bearer: '' })).toMatchObject({ status: 503, headers: { 'retry-after': '30' }, document: { output: 'starting: counter:call, model:check' } })
  })

  it('fails at once when another part is broken: waiting would not help', async () => {
    const { headers } = await ask('starting and broken')
    expect(headers).not.toHaveProperty('retry-after')
    expect(await statuses('starting and broken')).toMatchObject({ http: 503, whole: 'fail', parts: { 'mail:check': 'fail' } })
  })
})

describe('details', () => {
  it.each([
    ['without a token', { bearer: '' }],
    ['with another token', { bearer: 'health-token-0123456788' }],
    ['with the beginning of the token', { bearer: token.slice(0, -1) }],
    ['with more than the token', { bearer: `${token}0` }],
    ['with the token in another scheme', { bearer: '', headers: { authorization: `Basic ${token}` } }],
    ['when no token is configured', { bearer: 'undefined', headers: { 'token-in': 'ABSENT' } }],
    ['when the configured token is empty', { bearer: ' ', headers: { 'token-in': 'EMPTY' } }],
  ])('are not told %s', async (_when, options) => {
    for (const scenario of ['all', 'all broken']) {
      const { document } = await ask(scenario, options)
      const told = Object.values(document?.checks ?? {}).flat()
      expect(told.length).toBeGreaterThan(10)
      for (const one of told) expect(Object.keys(one)).toEqual(['status'])
    }
  })

  it('are told whichever way "bearer" is written', async () => {
    const { document } = await ask('all', { bearer: '', headers: { authorization: `bearer ${token}` } })
    expect(document?.checks['mail:check']?.[0]?.observedValue).toBe(3)
  })

  it.each(['all', 'all broken'])('never hold a secret (%s)', async (scenario) => {
    const { text: answered } = await ask(scenario)
    for (const secret of [token, apiKey, stored, vector.signature]) expect(answered).not.toContain(secret)
  })
})

describe('the health check of a deploy', () => {
  const spec = { kind: 'health', name: 'health', path: '/healthz', headers: {}, required: ['files:list'], optional: [], objectVersions: ['counter:version'], proof: { kind: 'header', name: 'x-version-id' }, timeoutSeconds: 10, deadlineSeconds: 60 } as const
  const judge = async (scenario: string) => {
    const { status, headers, text: body } = await ask(scenario)
    return judgeHealth(spec, { kind: 'answer', status, headers, body, isBodyCut: false, durationMs: 1 }, { id: version.id, servesAll: true })
  }

  it('reads every part of it, with the version that the object runs', async () => {
    const { own, parts } = await judge('all')
    expect(own).toEqual({ kind: 'passed', answeredBy: version.id })
    expect(parts).toHaveLength(12)
    expect(parts.filter(({ attempt }) => attempt.kind !== 'passed')).toEqual([])
  })

  it('names what is broken and no other', async () => {
    const { own, parts } = await judge('slow')
    expect(own.kind).toBe('passed')
    expect(parts.filter(({ attempt }) => attempt.kind === 'failed').map(({ name }) => name)).toEqual(['counter:call', 'payments:request', 'never:check'])
  })

  it('waits for what is starting, and not for what is broken as well', async () => {
    expect(await judge('starting')).toMatchObject({ own: { kind: 'starting', hasAnswered: true, isProven: true }, parts: [] })
    expect((await judge('starting and broken')).parts.find(({ name }) => name === 'mail:check')?.attempt.kind).toBe('failed')
  })
})
