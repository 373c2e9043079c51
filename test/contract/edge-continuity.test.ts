import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEdge, type SandboxEdge } from '../../sandbox/cloudflare/edge.ts'
import { createWorld } from '../../sandbox/world.ts'
import { live, override, version, versionId } from './edge-shop.ts'
import { openSocket, say } from './edge-socket.ts'

const a = version('a')
const b = version('b')
const c = version('c')
const world = createWorld()
let edge: SandboxEdge
let shop: string

beforeAll(async () => {
  edge = await startEdge(world)
  shop = await edge.urlFor('shop')
})

afterAll(() => edge[Symbol.asyncDispose]())

test('fails no request while versions are added and the split changes', async () => {
  await edge.apply(live([[a, 100]]))
  edge.resetCounts()
  const failures: string[] = []
  const pending: Promise<void>[] = []
  const load = setInterval(() => {
    const one = fetch(shop).then(async (response) => {
      const text = await response.text()
      if (response.status !== 200) failures.push(text)
    })
    pending.push(one.catch((error: unknown) => void failures.push(String(error))))
  }, 20)
  await edge.apply(live([[a, 100], [b, 0]]))
  await edge.apply(live([[a, 50], [b, 50]]))
  await edge.apply(live([[b, 100], [c, 0]]))
  await edge.apply(live([[c, 100]]))
  await new Promise((resolve) => setTimeout(resolve, 500))
  clearInterval(load)
  await Promise.all(pending)
  expect(failures).toEqual([])
  const counts = edge.counts('shop')
  expect(counts.map((one) => one.versionId)).toEqual(expect.arrayContaining([a.id, b.id, c.id]))
  expect(counts.reduce((sum, one) => sum + one.requests, 0)).toBe(pending.length)
  expect(counts.flatMap((one) => Object.keys(one.statuses))).toEqual(counts.map(() => '200'))
})

test('passes WebSockets, and leaves them open while other versions come', async () => {
  await edge.apply(live([[a, 100]]))
  const socket = await openSocket(`${shop}/socket`)
  expect(await say(socket, 'one')).toBe(`${a.id} heard one`)
  await edge.apply(live([[a, 100], [b, 0]]))
  const other = await openSocket(`${shop}/socket`, override(b))
  expect(await say(other, 'two')).toBe(`${b.id} heard two`)
  await edge.apply(live([[b, 100]]))
  expect(await say(socket, 'three')).toBe(`${a.id} heard three`)
  expect(edge.counts('shop').find((one) => one.versionId === a.id)?.statuses[101]).toBe(1)
  socket.close()
  other.close()
})

test('ends the process of a version when it is in no split and nobody is connected to it', async () => {
  await edge.apply(live([[a, 100]]))
  const socket = await openSocket(`${shop}/socket`)
  await edge.apply(live([[b, 100]]))
  await say(socket, 'still there')
  expect(edge.runningVersions().toSorted()).toEqual([versionId('a'), versionId('b')].toSorted())
  socket.close()
  await expect.poll(() => edge.runningVersions()).toEqual([versionId('b')])
})

test('lets a request end on the version that it began on', async () => {
  await edge.apply(live([[a, 100]]))
  const slow = fetch(`${shop}/slow?ms=1500`).then((response) => response.text())
  await expect.poll(() => world.requests.some((request) => request.path === '/slow')).toBe(true)
  await edge.apply(live([[b, 100]]))
  expect(await (await fetch(shop)).text()).toBe(b.id)
  expect(await slow).toBe(a.id)
})

test('keeps a version that a slow location still sends requests to', async () => {
  await edge.apply(live([[a, 100]]))
  edge.setPropagationDelay(3000, 2)
  await edge.apply(live([[b, 100]]))
  edge.setPropagationDelay(0)
  const far = await fetch(shop, { headers: { 'cf-sandbox-location': '1' } })
  expect(await far.text()).toBe(a.id)
  await expect.poll(() => edge.runningVersions(), { timeout: 20_000 }).toEqual([b.id])
})
