import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEdge, type SandboxEdge } from '../../sandbox/cloudflare/edge.ts'
import type { CodeUpdateStrategy, Version } from '../../sandbox/cloudflare/types.ts'
import { createWorld } from '../../sandbox/world.ts'
import { counterBinding, live, override, storeBindings, version } from './edge-shop.ts'
import { closed, openSocket, say } from './edge-socket.ts'

const a = version('a', [...storeBindings, counterBinding])
const b = version('b', [...storeBindings, counterBinding])
const immediate: { strategy: CodeUpdateStrategy } = { strategy: { mode: 'immediate' } }
const names = Array.from({ length: 30 }, (_, index) => `object-${index}`)
let edge: SandboxEdge
let shop: string

beforeAll(async () => {
  edge = await startEdge(createWorld())
  shop = await edge.urlFor('shop')
})

afterAll(() => edge[Symbol.asyncDispose]())

interface Count {
  readonly value: number
  readonly version: string
  readonly id: string
}

async function count(name: string, { through, path = '/rpc' }: { through?: Version; path?: string } = {}): Promise<Count> {
  const headers = through === undefined ? {} : override(through)
  const response = await fetch(`${shop}${path}?name=${name}`, { headers })
  const body: unknown = await response.json()
  if (typeof body !== 'object' || body === null || !('value' in body && 'version' in body && 'id' in body)) throw new Error(String(body))
  return { value: Number(body.value), version: String(body.version), id: String(body.id) }
}

function versionsOf(counts: readonly Count[]): string[] {
  return counts.map((one) => one.version)
}

test('counts each of 200 concurrent increments through two versions, by RPC and by fetch', async () => {
  await edge.apply(live([[a, 50], [b, 50]]))
  const calls = Array.from({ length: 200 }, (_, index) => ({ through: index % 2 === 0 ? a : b, path: index % 4 < 2 ? '/rpc' : '/object' }))
  const counts = await Promise.all(calls.map((call) => count('busy', call)))
  expect(counts.map((one) => one.value).toSorted((x, y) => x - y)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1))
  expect(new Set(versionsOf(counts)).size).toBe(1)
})

test('gives an object the id that its name has everywhere', async () => {
  const id = await (await fetch(`${shop}/id?name=busy`, { headers: override(b) })).text()
  expect((await count('busy')).id).toBe(id)
})

test('passes an error in an object on with its type and message', async () => {
  expect(await (await fetch(`${shop}/object-fails`)).text()).toBe('TypeError: the counter is broken')
})

test('gives each object a version by percentage, whatever version calls it', async () => {
  await edge.apply(live([[b, 30], [a, 70]], immediate))
  const throughA = await Promise.all(names.map((name) => count(name, { through: a })))
  const throughB = await Promise.all(names.map((name) => count(name, { through: b })))
  expect(versionsOf(throughB)).toEqual(versionsOf(throughA))
  expect(throughB.map((one) => one.value)).toEqual(throughA.map((one) => one.value + 1))
  expect(new Set(versionsOf(throughA))).toEqual(new Set([a.id, b.id]))
})

test('never takes an object back from the new version while its share grows, and keeps what it stored', async () => {
  const before = await Promise.all(names.map((name) => count(name)))
  await edge.apply(live([[b, 60], [a, 40]], immediate))
  const after = await Promise.all(names.map((name) => count(name)))
  expect(after.every((one, index) => before[index]?.version !== b.id || one.version === b.id)).toBe(true)
  expect(versionsOf(after)).not.toEqual(versionsOf(before))
  expect(after.map((one) => one.value)).toEqual(before.map((one) => one.value + 1))
})

test('serves no object by a version at 0 %, not even through its override', async () => {
  await edge.apply(live([[a, 100], [b, 0]], immediate))
  const counts = await Promise.all(names.map((name) => count(name, { through: b })))
  expect(new Set(versionsOf(counts))).toEqual(new Set([a.id]))
})

test('lets a running object keep its code until max_delay, and starts others on the new code', async () => {
  await edge.apply(live([[a, 100]], immediate))
  expect((await count('running')).version).toBe(a.id)
  await edge.apply(live([[b, 100]], { strategy: { mode: 'deferred', maxDelaySeconds: 5 } }))
  expect((await count('running')).version).toBe(a.id)
  expect((await count('fresh')).version).toBe(b.id)
  await expect.poll(async () => (await count('running')).version, { timeout: 20_000 }).toBe(b.id)
})

test('wakes a hibernated object on the new code, long before max_delay', async () => {
  await edge.apply(live([[a, 100]], immediate))
  await count('dozer')
  await edge.apply(live([[b, 100]]))
  expect((await count('dozer')).version).toBe(a.id)
  // Docs "Lifecycle of a Durable Object": ten seconds without a call.
  await new Promise((resolve) => setTimeout(resolve, 13_000))
  expect(await count('dozer')).toMatchObject({ version: b.id, value: 3 })
})

test('restarts a running object at once when told to, which ends its WebSockets', async () => {
  await edge.apply(live([[a, 100]], immediate))
  const socket = await openSocket(`${shop}/object?name=chat`)
  expect(await say(socket, 'hello')).toBe(`${a.id} object heard hello`)
  const end = closed(socket)
  await edge.apply(live([[b, 100]], immediate))
  await end
})

test('wakes an object by its alarm, on the version that it has by then', async () => {
  await edge.apply(live([[a, 100]], immediate))
  const at = Number(await (await fetch(`${shop}/remind?name=sleeper`)).text())
  expect(Math.abs(at - Date.now())).toBeLessThan(10_000)
  const reminded = async () => (await (await fetch(`${shop}/reminded?name=sleeper`)).text())
  await expect.poll(reminded, { timeout: 20_000 }).toBe(JSON.stringify(a.id))
})
