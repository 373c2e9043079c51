import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEdge, type SandboxEdge } from '../../sandbox/cloudflare/edge.ts'
import type { Binding, Version } from '../../sandbox/cloudflare/types.ts'
import { createWorld } from '../../sandbox/world.ts'
import { counterBinding, live, override, storeBindings, version } from './edge-shop.ts'

const variables: readonly Binding[] = [
  { type: 'plain_text', name: 'COLOR', text: 'blue' },
  { type: 'json', name: 'LIMITS', json: { items: 3 } },
  { type: 'secret_text', name: 'API_KEY', text: 'hunter2' },
  { type: 'service', name: 'NEIGHBOUR', service: 'neighbour' },
]

const page = { path: '/page.html', contentType: 'text/html', content: Buffer.from('<h1>shop</h1>') }
const assets = { config: { run_worker_first: ['/rpc'], _redirects: '/old /page 302' }, files: [page] }
const a = version('a', [...variables, ...storeBindings, counterBinding, { type: 'assets', name: 'ASSETS' }], { tag: 'sha-a', assets })
const b = version('b', [...storeBindings, counterBinding])
let edge: SandboxEdge
let shop: string

beforeAll(async () => {
  edge = await startEdge(createWorld())
  shop = await edge.urlFor('shop')
  await edge.apply(live([[a, 100], [b, 0]]))
})

afterAll(() => edge[Symbol.asyncDispose]())

async function ask(path: string, one: Version): Promise<unknown> {
  const response = await fetch(`${shop}${path}`, { headers: override(one) })
  const text = await response.text()
  return response.headers.get('content-type')?.includes('json') === true ? JSON.parse(text) : text
}

test('binds variables, JSON, secrets and the version itself', async () => {
  expect(await ask('/variables', a)).toEqual({
    text: 'blue',
    json: { items: 3 },
    secret: 'hunter2',
    version: { id: a.id, tag: 'sha-a', timestamp: '2026-11-23T10:00:00.000Z' },
  })
  expect(await ask('/variables', b)).toEqual({ version: { id: b.id, tag: '', timestamp: '2026-11-23T10:00:00.000Z' } })
})

test('shares KV and R2 among all versions', async () => {
  await ask('/kv-write', a)
  await ask('/r2-write', b)
  expect([await ask('/kv', a), await ask('/kv', b)]).toEqual([a.id, a.id])
  expect([await ask('/r2', a), await ask('/r2', b)]).toEqual([b.id, b.id])
})

test('gives Durable Objects the same stores', async () => {
  expect(await ask('/object-stores?text=from%20object', a)).toEqual({
    value: 'from object',
    metadata: { by: 'object' },
    file: 'from object',
    custom: { by: 'object' },
    keys: ['from-object'],
    absent: null,
  })
})

test('serves static assets past the Worker and through its binding', async () => {
  const response = await fetch(`${shop}/page`)
  expect(await response.text()).toBe('<h1>shop</h1>')
  expect(response.headers.get('content-type')).toContain('text/html')
  expect((await fetch(`${shop}/old`, { redirect: 'manual' })).headers.get('location')).toBe('/page')
})

test('calls another Worker by its own split', async () => {
  const neighbour = version('neighbour', [{ type: 'plain_text', name: 'SCRIPT', text: 'neighbour' }])
  await edge.apply(live([[neighbour, 100]], { name: 'neighbour' }))
  expect(await ask('/neighbour', a)).toEqual({ url: 'http://inside/echo?x=1', body: 'over there', script: 'neighbour' })
  expect(edge.counts('neighbour')).toMatchObject([{ versionId: neighbour.id, requests: 1 }])
})

test('keeps stores and objects over a restart when it is given a path', async () => {
  const { mkdtemp, rm } = await import('node:fs/promises')
  const persistPath = await mkdtemp('/tmp/sandbox-edge-test-')
  const values: unknown[] = []
  for (const run of [1, 2]) {
    await using again = await startEdge(createWorld(run), { persistPath })
    await again.apply(live([[b, 100]]))
    const response = await fetch(`${again.url}/rpc`)
    values.push(await response.json())
  }
  await rm(persistPath, { recursive: true })
  expect(values).toMatchObject([{ value: 1 }, { value: 2 }])
})
