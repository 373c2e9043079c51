import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { noEdge, startCloudflare } from '../../sandbox/cloudflare/control-plane.ts'
import { createWorld, type World } from '../../sandbox/world.ts'
import type { KvCheckSpec, R2CheckSpec } from '../../src/core/checks/storage.ts'
import { systemClock } from '../../src/shell/clock.ts'
import { attemptStorage } from '../../src/shell/checks/storage.ts'
import { connectCloudflare } from '../../src/shell/cloudflare.ts'

const basics = { name: 'storage', proof: { kind: 'none' }, timeoutSeconds: 10, deadlineSeconds: 60 } as const
const r2 = (bucket: string): R2CheckSpec => ({ kind: 'r2', ...basics, bucket })
const kv = (namespaceId: string): KvCheckSpec => ({ kind: 'kv', ...basics, namespaceId })

interface Storage {
  readonly cloudflare: ReturnType<typeof connectCloudflare>
  readonly world: World
  readonly namespace: string
}

async function withStorage(run: (storage: Storage) => Promise<void>, permissions: readonly ('workers-r2:read' | 'workers-kv:read')[] = ['workers-r2:read', 'workers-kv:read']): Promise<void> {
  const world = createWorld()
  await using plane = await startCloudflare(world, { edge: noEdge, accountId: 'a'.repeat(32), token: 'the-owner' })
  plane.model.addToken('the-checker', { permissions })
  const create = async (path: string, body: object) => {
    const headers = { authorization: 'Bearer the-owner', 'content-type': 'application/json' }
    const made = await fetch(`${plane.apiBaseUrl}/accounts/${plane.accountId}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return z.object({ result: z.object({ id: z.string().default('') }) }).parse(await made.json()).result.id
  }
  await create('r2/buckets', { name: 'files' })
  const namespace = await create('storage/kv/namespaces', { title: 'sessions' })
  const cloudflare = connectCloudflare({ apiBaseUrl: plane.apiBaseUrl, accountId: plane.accountId, token: 'the-checker', clock: systemClock, tries: 1 })
  await run({ cloudflare, world, namespace })
  expect(world.violations).toEqual([])
}

describe('a check of storage by Cloudflare’s API', () => {
  it('is good, but proves no version, when the bucket and the namespace list', async () => {
    await withStorage(async ({ cloudflare, namespace }) => {
      expect(await attemptStorage(r2('files'), cloudflare, 5000)).toEqual({ kind: 'unproven', about: 'surroundings' })
      expect(await attemptStorage(kv(namespace), cloudflare, 5000)).toEqual({ kind: 'unproven', about: 'surroundings' })
    })
  })

  it.each([r2('gone'), kv('f'.repeat(32))])('fails when the $kind is not there', async (spec) => {
    await withStorage(async ({ cloudflare }) => {
      expect(await attemptStorage(spec, cloudflare, 5000)).toMatchObject({ kind: 'failed', seen: 'Cloudflare knows no such thing in this account' })
    })
  })

  it('names the permission that the token lacks', async () => {
    await withStorage(async ({ cloudflare, namespace }) => {
      expect(await attemptStorage(r2('files'), cloudflare, 5000)).toMatchObject({ kind: 'failed', isDefinite: true, expectation: expect.stringContaining('Workers R2 Storage: Read') })
      expect(await attemptStorage(kv(namespace), cloudflare, 5000)).toMatchObject({ kind: 'failed', isDefinite: true, expectation: expect.stringContaining('Workers KV Storage: Read') })
    }, [])
  })

  it('says nothing of the version while Cloudflare is silent', async () => {
    await withStorage(async ({ cloudflare, world }) => {
      world.faults.push({ service: 'cloudflare', fault: { kind: 'dropped' } })
      expect(await attemptStorage(r2('files'), cloudflare, 5000)).toMatchObject({ kind: 'unreachable' })
    })
  })

  it('ends at its own limit', async () => {
    const never = { listBucket: () => new Promise<never>(() => undefined), listNamespace: () => new Promise<never>(() => undefined) }
    expect(await attemptStorage(r2('files'), never, 20)).toEqual({ kind: 'unreachable', seen: 'no answer within 0.02 s' })
  })

  it('says which inputs it needs', async () => {
    expect(await attemptStorage(r2('files'), undefined, 5000)).toMatchObject({ kind: 'failed', expectation: 'inputs cloudflare-account-id and cloudflare-api-token' })
  })
})
