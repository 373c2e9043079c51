import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startEdge, type SandboxEdge } from '../../sandbox/cloudflare/edge.ts'
import { createWorld, type World } from '../../sandbox/world.ts'
import { live, override, version, versionId } from './edge-shop.ts'

const a = version('a')
const b = version('b')
const absent = version('absent')
let world: World
let edge: SandboxEdge
let shop: string

beforeAll(async () => {
  world = createWorld(7)
  edge = await startEdge(world)
  shop = await edge.urlFor('shop')
})

afterAll(() => edge[Symbol.asyncDispose]())

beforeEach(() => {
  edge.setPropagationDelay(0)
})

async function ask(path = '/', headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const response = await fetch(`${shop}${path}`, { headers })
  return response.text()
}

function askAt(location: number, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  return ask('/', { 'cf-sandbox-location': String(location), ...headers })
}

async function askMany(times: number, headers: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const answers: string[] = []
  for (let index = 0; index < times; index += 20) {
    answers.push(...(await Promise.all(Array.from({ length: 20 }, () => ask('/', headers)))))
  }
  return answers
}

test('answers 404 before anything is deployed', async () => {
  const response = await fetch(shop)
  expect(response.status).toBe(404)
  expect(await response.text()).toContain('no version of the Worker "shop" is deployed')
})

test('splits requests by percentage', async () => {
  await edge.apply(live([[a, 90], [b, 10]]))
  const answers = await askMany(600)
  const byB = answers.filter((answer) => answer === b.id).length
  expect(answers.filter((answer) => answer === a.id).length + byB).toBe(600)
  // 60 expected, standard deviation 7.3: five of them either way.
  expect(byB).toBeGreaterThan(23)
  expect(byB).toBeLessThan(97)
})

test('serves a version at 0 % to an override only', async () => {
  await edge.apply(live([[a, 100], [b, 0]]))
  expect(new Set(await askMany(100))).toEqual(new Set([a.id]))
  expect(new Set(await askMany(20, override(b)))).toEqual(new Set([b.id]))
})

test('ignores an override for a version that is not live, or for another script', async () => {
  await edge.apply(live([[a, 100], [b, 0]]))
  expect(await ask('/', override(absent))).toBe(a.id)
  expect(await ask('/', override(b, 'other'))).toBe(a.id)
  expect(await ask('/', { 'Cloudflare-Workers-Version-Overrides': `shop=${b.id}` })).toBe(a.id)
  await edge.apply(live([[a, 100]]))
  expect(await ask('/', override(b))).toBe(a.id)
})

test('keeps an affinity key on its version, and on the new one as its share grows', async () => {
  const keys = Array.from({ length: 40 }, (_, index) => `user-${index}`)
  const answersAt = async (percentage: number) => {
    await edge.apply(live([[b, percentage], [a, 100 - percentage]]))
    return Promise.all(keys.map((key) => ask('/', { 'Cloudflare-Workers-Version-Key': key })))
  }
  const first = await answersAt(20)
  expect(await answersAt(20)).toEqual(first)
  const later = await answersAt(60)
  expect(first.every((answer, index) => answer !== b.id || later[index] === b.id)).toBe(true)
  expect(later.filter((answer) => answer === b.id).length).toBeGreaterThan(first.filter((answer) => answer === b.id).length)
})

test('counts each version, and users apart from overrides', async () => {
  await edge.apply(live([[a, 100], [b, 0]]))
  edge.resetCounts()
  await askMany(20)
  await ask('/status?code=503')
  await ask('/', override(b))
  await ask('/', override(absent))
  const [users, ...none] = edge.counts('shop')
  expect(none).toEqual([])
  expect(users).toMatchObject({ versionId: a.id, requests: 21, statuses: { 200: 20, 503: 1 } })
  expect(users?.durationsMs.length).toBe(21)
  expect(edge.counts('shop', 'overrides')).toMatchObject([
    { versionId: b.id, requests: 1 },
    { versionId: a.id, requests: 1 },
  ])
  expect(edge.visits.at(-2)).toMatchObject({ versionId: b.id, path: '/', status: 200, override: true })
})

test('finds the script by port, host name or header', async () => {
  const other = version('other')
  await edge.apply(live([[other, 100]], { name: 'other' }))
  const text = async (headers: Record<string, string>) => (await fetch(edge.url, { headers })).text()
  expect(await (await fetch(await edge.urlFor('other'))).text()).toBe(other.id)
  expect(await text({ 'cf-sandbox-script': 'other' })).toBe(other.id)
  expect(await text({ 'cf-sandbox-script': 'shop' })).toBe(a.id)
  await edge.remove('other')
  expect((await fetch(await edge.urlFor('other'))).status).toBe(404)
  expect(await text({})).toBe(a.id)
})

test('keeps answering by the old split at locations that a deployment has not reached', async () => {
  await edge.apply(live([[a, 100]]))
  edge.setPropagationDelay(3000, 3)
  await edge.apply(live([[a, 0], [b, 100]]))
  expect(await askAt(2)).toBe(a.id)
  expect(await askAt(2, override(b))).toBe(a.id)
  await expect.poll(() => askAt(0), { timeout: 20_000 }).toBe(b.id)
  await expect.poll(() => askAt(2), { timeout: 20_000 }).toBe(b.id)
  expect(new Set(await askMany(40))).toEqual(new Set([b.id]))
})

test('lets faults befall users', async () => {
  await edge.apply(live([[a, 100]]))
  edge.resetCounts()
  world.faults.push({ service: 'edge', fault: { kind: 'answer', status: 403, headers: { 'cf-mitigated': 'challenge' }, body: '<html>' } })
  expect((await fetch(shop)).headers.get('cf-mitigated')).toBe('challenge')
  world.faults.push({ service: 'edge', fault: { kind: 'dropped' } })
  await expect(fetch(shop)).rejects.toThrow()
  expect(edge.counts('shop')).toEqual([])
  world.faults.push({ service: 'edge', fault: { kind: 'reply-lost' } })
  await expect(fetch(shop)).rejects.toThrow()
  expect(edge.counts('shop')).toMatchObject([{ versionId: a.id, requests: 1, statuses: { 0: 1 } }])
  expect(await ask()).toBe(a.id)
})

test('rejects a deployment whose code workerd does not take, in its words, and keeps the old one', async () => {
  await edge.apply(live([[a, 100]]))
  const content = Buffer.from('export default { fetch() { return missing( } }')
  const modules = [{ name: 'index.js', contentType: 'application/javascript+module', content }]
  await expect(edge.apply(live([[version('broken', [], { modules }), 100]]))).rejects.toThrow(/SyntaxError/)
  const throwing = [{ ...modules[0], name: 'index.js', contentType: 'application/javascript+module', content: Buffer.from('throw new Error("at start")') }]
  await expect(edge.apply(live([[version('throwing', [], { modules: throwing }), 100]]))).rejects.toThrow(/at start/)
  await expect(edge.apply(live([[version('ai', [{ type: 'ai', name: 'BRAIN' }]), 100]]))).rejects.toThrow(/BRAIN.*ai/)
  expect(await ask()).toBe(a.id)
  expect(edge.runningVersions()).toEqual([versionId('a')])
})
