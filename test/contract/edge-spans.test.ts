import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startEdge, type SandboxEdge } from '../../sandbox/cloudflare/edge.ts'
import { createWorld } from '../../sandbox/world.ts'
import { live, override, storeBindings, version } from './edge-shop.ts'

// What workerd itself says of R2 operations: the names and values by which the source of counts asks for them.

const a = version('a', storeBindings)
const b = version('b', storeBindings)
let edge: SandboxEdge

beforeAll(async () => {
  edge = await startEdge(createWorld())
  await edge.apply(live([[a, 50], [b, 50]]))
})
afterAll(() => edge[Symbol.asyncDispose]())

test('each operation is a span of the version that did it, and says whether it went well', async () => {
  const shop = await edge.urlFor('shop')
  await fetch(`${shop}/r2`, { headers: override(a) })
  await fetch(`${shop}/r2-write`, { headers: override(b) })
  await fetch(`${shop}/r2`, { headers: override(a) })
  const seen = () => edge.telemetry.seenSpans({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }).map(({ versionId, attributes }) => [versionId, attributes['cloudflare.r2.operation'], attributes['cloudflare.r2.response.success'], attributes['cloudflare.r2.error.message']])
  await vi.waitFor(() => expect(seen()).toHaveLength(3), { timeout: 10_000 })
  expect(seen()).toEqual([
    [a.id, 'GetObject', false, 'The specified key does not exist.'],
    [b.id, 'PutObject', true, undefined],
    [a.id, 'GetObject', true, undefined],
  ])
  expect(edge.telemetry.seenSpans({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER })[0]?.attributes).toMatchObject({ 'cloudflare.script_name': 'shop', 'cloudflare.script_version.id': a.id, 'cloudflare.binding.type': 'r2' })
})
