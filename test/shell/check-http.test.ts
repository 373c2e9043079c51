import { createHash } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { portOf } from '../../sandbox/world.ts'
import type { HttpCheckSpec } from '../../src/core/checks/http.ts'
import { isVersionId } from '../../src/core/ids.ts'
import { attemptHttp } from '../../src/shell/checks/http.ts'
import { openProbe } from '../../src/shell/checks/probe.ts'
import { systemClock } from '../../src/shell/clock.ts'
import { httpCheck, WANTED } from '../core/check-samples.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function serve(answer: RequestListener): Promise<URL> {
  const server = createServer((request, response) => {
    response.setHeader('x-version', WANTED)
    answer(request, response)
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return new URL(`http://127.0.0.1:${portOf(server)}`)
}

async function attempt(baseUrl: URL, expectation: Partial<HttpCheckSpec['expect']>, over: Partial<HttpCheckSpec> = {}, limitMs = 5000) {
  if (!isVersionId(WANTED)) throw new Error('no version id')
  await using probe = openProbe('sleepwell/test')
  const asking = { baseUrl, subject: { versionId: WANTED, via: { kind: 'override', scriptName: 'shop' } }, limitMs, signal: new AbortController().signal } as const
  return await attemptHttp(httpCheck(expectation, { path: '/', ...over }), asking, { probe, clock: systemClock })
}

const passed = { kind: 'passed', answeredBy: WANTED }

describe('a status', () => {
  it.each([
    [204, ['2xx'], true],
    [404, ['2xx'], false],
    [299, ['200-299'], true],
    [300, ['200-299'], false],
    [404, ['2xx', 404], true],
    [500, ['5XX'], true],
  ])('%i is judged by %j: %s', async (status, wanted, isGood) => {
    const baseUrl = await serve((_, response) => response.writeHead(status).end())
    expect((await attempt(baseUrl, { status: wanted })).own.kind).toBe(isGood ? 'passed' : 'failed')
  })
})

describe('an answer', () => {
  const body = JSON.stringify({ items: [{ id: 1, name: 'tea' }] })
  const shop: RequestListener = (request, response) => response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(request.url?.includes('page=2') === true ? '{"items":[]}' : body)

  it('has its query added', async () => {
    expect((await attempt(await serve(shop), { json: [{ path: 'items[0].id', exists: false }] }, { query: { page: '2' } })).own).toEqual(passed)
  })

  it.each([
    ['a header by pattern', { headers: { 'Content-Type': { matches: '^application/json' } } }, undefined],
    ['a header that must not be there', { headers: { 'content-type': { exists: false } } }, 'no header content-type'],
    ['a header that must be there', { headers: { etag: { exists: true } } }, 'a header etag'],
    ['the size of its body', { bodyBytes: { min: 10, max: 100 } }, undefined],
    ['a body too large', { bodyBytes: { max: 3 } }, 'a body of at most 3 bytes'],
    ['a body too small', { bodyBytes: { min: 3000 } }, 'a body of at least 3000 bytes'],
    ['its digest', { sha256: createHash('sha256').update(body).digest('hex') }, undefined],
    ['another digest', { sha256: '0'.repeat(64) }, `a body with SHA-256 ${'0'.repeat(64)}`],
    ['a JSON Schema that fits', { jsonSchema: { type: 'object', required: ['items'], properties: { items: { type: 'array', minItems: 1 } } } }, undefined],
    ['a JSON Schema that does not', { jsonSchema: { properties: { items: { items: { properties: { name: { pattern: '^coffee$' } } } } } } }, 'a body that fits the JSON Schema'],
    ['a JSON Schema that is none', { jsonSchema: { type: 'objekt' } }, 'a JSON Schema that can be used'],
    ['a JSON Schema with a pattern that could hang', { jsonSchema: { properties: { items: { pattern: '(a+)+\\1' } } } }, 'a JSON Schema that can be used'],
  ] as const)('is judged by %s', async (_what, expectation, miss) => {
    const { own } = await attempt(await serve(shop), expectation)
    expect(own).toMatchObject(miss === undefined ? passed : { kind: 'failed', expectation: miss, isProven: true })
  })

  it('that comes too late for `withinMs` fails, however right it is', async () => {
    const baseUrl = await serve((_, response) => void setTimeout(() => response.end(), 60))
    expect((await attempt(baseUrl, { withinMs: 5 })).own).toMatchObject({ kind: 'failed', expectation: 'an answer within 5 ms' })
  })

  it('of bytes that are no text keeps its digest', async () => {
    const bytes = Buffer.from([0, 255, 254, 128, 10])
    const baseUrl = await serve((_, response) => response.end(bytes))
    expect((await attempt(baseUrl, { sha256: createHash('sha256').update(bytes).digest('hex') })).own).toEqual(passed)
  })

  it('without proof is nothing definite, since it may be another version\'s', async () => {
    const baseUrl = await serve((_, response) => {
      response.removeHeader('x-version')
      response.writeHead(500).end()
    })
    const { own } = await attempt(baseUrl, {}, { failAtOnce: { status: [500], headers: {}, json: [] } })
    expect(own).toEqual({ kind: 'failed', expectation: 'no answer as in `failAtOnce`', seen: 'status 500, no body', isProven: false })
  })

  it('that nests too deeply to be shown is a failure like another', async () => {
    const baseUrl = await serve((_, response) => response.end(`{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`))
    expect((await attempt(baseUrl, { json: [{ path: 'a', equals: 1 }] })).own).toMatchObject({ kind: 'failed', expectation: 'a equal to 1', seen: 'array, nested too deeply to be shown' })
  })

  it('as in `failAtOnce` has failed for good, even while it says that it is starting', async () => {
    const baseUrl = await serve((_, response) => response.writeHead(503, { 'retry-after': '5' }).end('migration 7 is missing'))
    const failAtOnce = { status: ['100-599'], headers: {}, json: [], text: 'migration' }
    expect((await attempt(baseUrl, {}, { failAtOnce })).own).toMatchObject({ kind: 'failed', isDefinite: true })
    expect((await attempt(baseUrl, {}, { failAtOnce: { ...failAtOnce, text: 'other' } })).own).toMatchObject({ kind: 'starting' })
  })
})

describe('redirects', () => {
  it('are the answer unless they are to be followed', async () => {
    const baseUrl = await serve((request, response) => (request.url?.startsWith('/new') === true ? response.end() : response.writeHead(302, { location: '/new' }).end()))
    expect((await attempt(baseUrl, { status: [302], headers: { location: '/new' } })).own).toEqual(passed)
    expect((await attempt(baseUrl, {}, { redirects: 'follow' })).own).toEqual(passed)
  })

  it('that go on for ever are a failure', async () => {
    let asked = 0
    const baseUrl = await serve((_, response) => {
      asked += 1
      response.writeHead(302, { location: `/${asked}` }).end()
    })
    expect((await attempt(baseUrl, {}, { redirects: 'follow' })).own).toEqual({ kind: 'failed', expectation: 'an end of the redirects', seen: 'one more than are followed, to /6', isProven: true })
    expect(asked).toBe(6)
  })

  it('take no secret to another host, and no override header', async () => {
    const seen: unknown[] = []
    const other = await serve((request, response) => {
      seen.push(request.headers['authorization'], request.headers['cloudflare-workers-version-overrides'], request.headers['cookie'])
      response.end()
    })
    const home = await serve((_, response) => response.writeHead(302, { location: `http://localhost:${other.port}/` }).end())
    const followed = await attempt(home, {}, { redirects: 'follow', headers: { authorization: 'Bearer secret', cookie: 'a=b' } })
    // Another host is followed by https only: what was not followed is the answer.
    expect(followed.own).toMatchObject({ kind: 'failed', expectation: 'status 200' })
    expect(seen).toEqual([])
  })

  it('ask by GET after a 303, and by POST again after a 307', async () => {
    const methods: unknown[] = []
    const baseUrl = await serve((request, response) => {
      methods.push(request.method)
      if (request.url?.startsWith('/done') === true) return response.end()
      return response.writeHead(request.url?.startsWith('/keep') === true ? 307 : 303, { location: '/done' }).end()
    })
    await attempt(baseUrl, {}, { redirects: 'follow', method: 'POST', body: 'x' })
    await attempt(baseUrl, {}, { redirects: 'follow', method: 'POST', body: 'x', path: '/keep' })
    expect(methods).toEqual(['POST', 'GET', 'POST', 'POST'])
  })
})

describe('redirects that are followed', () => {
  it('take together no longer than the attempt may, and count together for `withinMs`', async () => {
    const baseUrl = await serve((request, response) => {
      const to = Number(/^\/(\d)/.exec(request.url ?? '')?.[1] ?? 0)
      setTimeout(() => (to < 3 ? response.writeHead(302, { location: `/${to + 1}` }).end() : response.end()), 40)
    })
    expect((await attempt(baseUrl, { withinMs: 120 }, { redirects: 'follow' })).own).toMatchObject({ kind: 'failed', expectation: 'an answer within 120 ms' })
    expect((await attempt(baseUrl, {}, { redirects: 'follow', timeoutSeconds: 0.1 }, 100)).own).toMatchObject({ kind: 'failed', expectation: 'an answer within 0.1 s' })
  })

  it('leave the content type behind with the body', async () => {
    const seen: unknown[] = []
    const baseUrl = await serve((request, response) => {
      seen.push(request.headers['content-type'], request.headers['x-key'])
      return request.method === 'POST' ? response.writeHead(303, { location: '/done' }).end() : response.end()
    })
    await attempt(baseUrl, {}, { redirects: 'follow', method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json', 'x-key': 'k' } })
    expect(seen).toEqual(['application/json', 'k', undefined, 'k'])
  })
})

const judgedBy = async (body: string, jsonSchema: unknown) => (await attempt(await serve((_, response) => response.end(body)), { jsonSchema }, { maxBodyBytes: 1_048_576 })).own

describe('a JSON Schema', () => {
  it('of `failAtOnce` is judged by itself, not by the one that is expected', async () => {
    const failAtOnce = { status: ['100-599'], headers: {}, json: [], jsonSchema: { required: ['broken'] } }
    const baseUrl = await serve((_, response) => response.end('{"broken":1}'))
    for (const jsonSchema of [undefined, { type: 'object' }]) {
      expect((await attempt(baseUrl, { jsonSchema }, { failAtOnce })).own).toMatchObject({ kind: 'failed', isDefinite: true })
    }
    expect((await attempt(baseUrl, { jsonSchema: { type: 'array' } }, { failAtOnce: { ...failAtOnce, jsonSchema: { required: ['x'] } } })).own).toMatchObject({ expectation: 'a body that fits the JSON Schema', seen: 'body must be array' })
  })

  it('loads nothing from elsewhere', async () => {
    expect(await judgedBy('{}', { $ref: 'https://example.com/schema.json' })).toMatchObject({ expectation: 'a JSON Schema that can be used', isDefinite: true })
  })

  it('knows what is the same, whatever the order of its keys', async () => {
    expect(await judgedBy('[{"a":1,"b":[2]},{"b":[2],"a":1}]', { uniqueItems: true })).toMatchObject({ seen: 'body must NOT have duplicate items' })
    expect(await judgedBy('[{"a":1},{"a":"1"},[1],1,"1",null]', { uniqueItems: true })).toEqual(passed)
    expect(await judgedBy('[1,1]', { uniqueItems: false })).toEqual(passed)
  })

  it('does not compare each of a hundred thousand items with each other', async () => {
    expect(await judgedBy(JSON.stringify(Array.from({ length: 100_000 }, (_, index) => index)), { uniqueItems: true })).toEqual(passed)
  })

  it('ends in a failure where a body is too deep for it, or holds too much text for its patterns', async () => {
    const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`
    expect(await judgedBy(deep, { $defs: { list: { items: { $ref: '#/$defs/list' } } }, $ref: '#/$defs/list' })).toMatchObject({ kind: 'failed', seen: expect.stringContaining('nothing that can be judged') })
    expect(await judgedBy(JSON.stringify(Array.from({ length: 100 }, () => 'a'.repeat(5000))), { items: { pattern: 'a{100}$' } })).toMatchObject({ kind: 'failed', seen: expect.stringContaining('more text than the pattern') })
  })
})
