import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { LiveScript } from '../../sandbox/cloudflare/types.ts'
import {
  accountId,
  applied,
  call,
  cloudflare,
  created,
  deploy,
  edge,
  name,
  removed,
  script,
  secret,
  split,
  upload,
  uploaded,
  withNewAccount,
  world,
} from './cloudflare-api.ts'

withNewAccount()

describe('a request to the API', () => {
  it('without a token is refused', async () => {
    expect(await call('GET', `${script}/deployments`, { token: null })).toMatchObject({ status: 400, code: 9106 })
  })

  it('with an unknown or disabled token is not authenticated', async () => {
    cloudflare.model.addToken('off', { status: 'disabled' })
    for (const token of ['nobody', 'off']) {
      expect(await call('GET', `${script}/deployments`, { token })).toMatchObject({ status: 401, code: 10_000 })
    }
  })

  it('needs the permission of its route, and an edit permission includes the read', async () => {
    await created()
    cloudflare.model.addToken('reader', { permissions: ['workers-scripts:read'] })
    cloudflare.model.addToken('editor', { permissions: ['workers-scripts:edit'] })
    const path = `${script}/deployments`
    expect(await call('GET', path, { token: 'reader' })).toMatchObject({ status: 200 })
    expect(await call('GET', path, { token: 'editor' })).toMatchObject({ status: 200 })
    expect(await call('POST', path, { token: 'reader', body: {} })).toMatchObject({ status: 403, code: 10_000 })
    expect(await call('GET', '/user', { token: 'editor' })).toMatchObject({ status: 403, code: 10_000 })
  })

  it('verifies a token where its owner is', async () => {
    cloudflare.model.addToken('owned', { owner: 'account' })
    const account = `/accounts/${accountId}/tokens/verify`
    expect(await call('GET', '/user/tokens/verify')).toMatchObject({ status: 200, result: { status: 'active' } })
    expect(await call('GET', '/user/tokens/verify', { token: 'owned' })).toMatchObject({ status: 401, code: 1000 })
    expect(await call('GET', account, { token: 'owned' })).toMatchObject({ status: 200, result: { status: 'active' } })
    expect(await call('GET', account)).toMatchObject({ status: 401, code: 1000 })
  })

  it('to another account has no route', async () => {
    const path = `/accounts/${'c'.repeat(32)}/workers/scripts/${name}/deployments`
    expect(await call('GET', path)).toMatchObject({ status: 404, code: 7003 })
  })

  it('is told how long to wait when a rate limit was asked for, and only then', async () => {
    await created()
    cloudflare.model.rateLimit({ requests: 2, retryAfterSeconds: 7, path: /deployments$/ })
    for (const _ of [1, 2]) {
      const limited = await call('GET', `${script}/deployments`)
      expect(limited).toMatchObject({ status: 429, code: 971 })
      expect(limited.headers.get('retry-after')).toBe('7')
    }
    expect(await call('GET', `${script}/deployments`)).toMatchObject({ status: 200 })
  })

  it('that the sandbox does not know is a violation that names it', async () => {
    await created()
    const unknown = [
      await call('GET', `${script}/nonsense`),
      await call('GET', `${script}/deployments?since=1`),
      await deploy({ x: 100 }, { annotations: { 'workers/triggered_by': 'me' } }),
      await upload({ metadata: { main_modul: 'index.js' } }),
    ]
    expect(unknown.map((answer) => answer.status)).toEqual([500, 500, 500, 500])
    expect(unknown[0]?.text).toContain(`GET /client/v4${script}/nonsense`)
    expect(world.violations).toHaveLength(4)
    expect(cloudflare.model.versions(name)).toHaveLength(1)
  })
})

describe('a deployment', () => {
  it('is of one or two versions that total 100, in the order sent, and 0 is a share', async () => {
    const a = await created()
    const [b, c] = [await uploaded(), await uploaded()]
    for (const shares of [{}, { [a]: 50 }, { [a]: 60, [b]: 50 }, { [a]: 40, [b]: 30, [c]: 30 }, { [a]: 110, [b]: -10 }]) {
      expect(await deploy(shares)).toMatchObject({ status: 400, success: false })
    }
    expect(split()).toEqual([[a, 100]])
    expect(await deploy({ [b]: 0, [a]: 100 })).toMatchObject({ status: 200 })
    expect(split()).toEqual([
      [b, 0],
      [a, 100],
    ])
    expect(await deploy({ [a]: 99.5, [b]: 0.5 })).toMatchObject({ status: 200 })
    expect(applied.at(-1)?.versions.map((version) => version.id)).toEqual([a, b])
  })

  it('names versions that exist', async () => {
    await created()
    expect(await deploy({ [world.uuid()]: 100 })).toMatchObject({ status: 404 })
    expect(await call('GET', `${script}/versions/${world.uuid()}`)).toMatchObject({ status: 404 })
  })

  it('is listed newest first, each later than the one before', async () => {
    const a = await created()
    const b = await uploaded()
    await deploy({ [b]: 100 }, { annotations: { 'workers/message': 'go' } })
    await deploy({ [a]: 100 })
    const { result } = await call('GET', `${script}/deployments`)
    const listed = z.object({ deployments: z.array(z.looseObject({ created_on: z.string() })) }).parse(result).deployments
    expect(listed.map((one) => one['versions'])).toEqual([
      [{ version_id: a, percentage: 100 }],
      [{ version_id: b, percentage: 100 }],
      [{ version_id: a, percentage: 100 }],
    ])
    expect(listed[1]).toMatchObject({
      strategy: 'percentage',
      source: 'api',
      annotations: { 'workers/message': 'go' },
      author_email: 'deploys@example.com',
    })
    const times = listed.map((one) => Date.parse(one.created_on))
    expect(new Set(times).size).toBe(3)
    expect(times).toEqual(times.toSorted((x, y) => y - x))
  })

  it('says itself what triggered it', async () => {
    const a = await created()
    const b = await uploaded()
    await deploy({ [a]: 90, [b]: 10 })
    await deploy({ [b]: 100 })
    await deploy({ [a]: 100 })
    const triggers = cloudflare.model.deployments(name).map((one) => one.annotations['workers/triggered_by'])
    expect(triggers).toEqual(['rollback', 'promotion', 'deployment', 'upload'])
  })

  it('truncates its message at 1000 bytes', async () => {
    const a = await created()
    await deploy({ [a]: 100 }, { annotations: { 'workers/message': 'm'.repeat(1200) } })
    expect(cloudflare.model.live(name)?.annotations['workers/message']).toHaveLength(1000)
  })

  it('says when Durable Objects take it up', async () => {
    const a = await created()
    await deploy({ [a]: 100 }, { code_update_strategy: { mode: 'deferred', max_delay: 60 } })
    expect(applied.at(-1)?.deployment.codeUpdateStrategy).toEqual({ mode: 'deferred', maxDelaySeconds: 60 })
    await deploy({ [a]: 100 }, { code_update_strategy: { mode: 'immediate' } })
    expect(applied.at(-1)?.deployment.codeUpdateStrategy).toEqual({ mode: 'immediate' })
  })

  it('is answered only once the edge has it, and deployments reach the edge in order', async () => {
    const a = await created()
    const b = await uploaded()
    const order: string[] = []
    Object.assign(edge, {
      async apply({ deployment }: LiveScript) {
        order.push(`begin ${deployment.id}`)
        await new Promise((resolve) => setTimeout(resolve, 20))
        order.push(`end ${deployment.id}`)
      },
    })
    await Promise.all([deploy({ [b]: 100 }), deploy({ [a]: 100 })])
    const [second, first] = cloudflare.model.deployments(name).map((deployment) => deployment.id)
    expect(order).toEqual([`begin ${first}`, `end ${first}`, `begin ${second}`, `end ${second}`])
  })

  it('cannot be deleted while it is live', async () => {
    const a = await created()
    const old = cloudflare.model.live(name)?.id ?? ''
    await deploy({ [a]: 100 })
    const live = cloudflare.model.live(name)?.id ?? ''
    expect(await call('GET', `${script}/deployments/${old}`)).toMatchObject({ result: { id: old } })
    expect(await call('DELETE', `${script}/deployments/${live}`)).toMatchObject({ status: 400 })
    expect(await call('DELETE', `${script}/deployments/${old}`)).toMatchObject({ status: 200 })
    expect(await call('GET', `${script}/deployments/${old}`)).toMatchObject({ status: 404 })
    expect(cloudflare.model.deployments(name)).toHaveLength(1)
  })

  it('cannot name a version that a hundred others came after', async () => {
    const first = await created()
    for (let count = 0; count < 99; count += 1) await uploaded()
    expect(await deploy({ [first]: 100 })).toMatchObject({ status: 200 })
    await uploaded()
    const refused = await deploy({ [first]: 100 })
    expect(refused).toMatchObject({ status: 400 })
    expect(refused.text).toContain('100 most recent')
    const items = z.object({ items: z.array(z.object({ number: z.number() })) })
    const deployable = items.parse((await call('GET', `${script}/versions?deployable=true&per_page=5`)).result).items
    expect(deployable.map((item) => item.number)).toEqual(Array.from({ length: 100 }, (_, index) => 101 - index))
    const page = await call('GET', `${script}/versions?page=2&per_page=40`)
    expect(items.parse(page.result).items.map((item) => item.number)).toEqual(
      Array.from({ length: 40 }, (_, index) => 61 - index),
    )
    expect(page.info).toMatchObject({ page: 2, per_page: 40, count: 40, total_count: 101 })
    const beyond = await call('GET', `${script}/versions?page=4&per_page=40`)
    expect(items.parse(beyond.result).items).toEqual([])
  })

  it('cannot bring back a version whose bucket or namespace is gone', async () => {
    await call('POST', `/accounts/${accountId}/r2/buckets`, { body: { name: 'files' } })
    const bound = await created({ metadata: { bindings: [{ type: 'r2_bucket', name: 'FILES', bucket_name: 'files' }] } })
    const free = await uploaded()
    expect(await deploy({ [free]: 100 })).toMatchObject({ status: 200 })
    expect(await call('DELETE', `/accounts/${accountId}/r2/buckets/files`)).toMatchObject({ status: 200 })
    const answer = await deploy({ [bound]: 100 })
    expect(answer).toMatchObject({ status: 400 })
    expect(answer.text).toContain("'FILES'")
  })

  it('by someone else is told apart, and becomes live like any other', async () => {
    const a = await created()
    await uploaded()
    await cloudflare.model.deployByHand(name, a, { message: 'mine' })
    expect(cloudflare.model.live(name)).toMatchObject({ source: 'dash', authorEmail: 'someone@example.com' })
    expect(applied.at(-1)?.deployment).toBe(cloudflare.model.live(name))
  })
})

describe('a secret', () => {
  it('makes a version from the newest one, and deploys it at once', async () => {
    await created({ metadata: { bindings: [{ type: 'plain_text', name: 'COLOUR', text: 'blue' }] } })
    const body = { name: 'KEY', text: 'one', type: 'secret_text' }
    expect(await call('PUT', `${script}/secrets`, { body })).toMatchObject({
      status: 200,
      result: { name: 'KEY', type: 'secret_text' },
    })
    const [version] = cloudflare.model.versions(name)
    expect(version).toMatchObject({ number: 2, triggeredBy: 'secret' })
    expect(version?.bindings.map((binding) => binding.name)).toEqual(['COLOUR', 'KEY'])
    expect(split()).toEqual([[version?.id, 100]])
    expect(await call('GET', `${script}/secrets`)).toMatchObject({ result: [{ name: 'KEY', type: 'secret_text' }] })
    expect(await call('DELETE', `${script}/secrets/KEY?url_encoded=true`)).toMatchObject({ status: 200 })
    expect(await call('GET', `${script}/secrets`)).toMatchObject({ result: [] })
  })

  it('that is not bound cannot be deleted, nor take the name of something else', async () => {
    await created({ metadata: { bindings: [{ type: 'plain_text', name: 'COLOUR', text: 'blue' }] } })
    expect(await call('DELETE', `${script}/secrets/KEY`)).toMatchObject({ status: 404, code: 10_056 })
    const body = { name: 'COLOUR', text: 'red', type: 'secret_text' }
    expect(await call('PUT', `${script}/secrets`, { body })).toMatchObject({ code: 10_053 })
    expect(cloudflare.model.versions(name)).toHaveLength(1)
  })

  it('is refused while the newest version is not the one deployed, in a split too', async () => {
    const a = await created({ metadata: secret('one') })
    const b = await uploaded({ metadata: secret('one') })
    const body = { name: 'KEY', text: 'two', type: 'secret_text' }
    const bulk = { secrets: { KEY: body, OLD: null } }
    for (const shares of [{ [a]: 100 }, { [a]: 50, [b]: 50 }]) {
      await deploy(shares)
      expect(await call('PUT', `${script}/secrets`, { body })).toMatchObject({ status: 400, code: 10_215 })
      expect(await call('DELETE', `${script}/secrets/KEY`)).toMatchObject({ status: 400, code: 10_215 })
      expect(await call('PATCH', `${script}/secrets-bulk`, { body: bulk })).toMatchObject({ status: 400, code: 10_214 })
    }
    await deploy({ [b]: 100 })
    expect(await call('PUT', `${script}/secrets`, { body })).toMatchObject({ status: 200 })
  })

  it('can be changed in a new version that is not deployed', async () => {
    const a = await created({ metadata: secret('one') })
    const path = `/accounts/${accountId}/workers/workers/${name}/versions/latest`
    const body = { env: { KEY: null, NEW: { type: 'secret_text', text: 'n' } }, annotations: { 'workers/message': 'm' } }
    expect(await call('PATCH', path, { body })).toMatchObject({ status: 200, result: { number: 2 } })
    const [version] = cloudflare.model.versions(name)
    expect(version?.bindings).toEqual([{ type: 'secret_text', name: 'NEW', text: 'n' }])
    expect(version).toMatchObject({ message: 'm', triggeredBy: 'secret' })
    expect(split()).toEqual([[a, 100]])
  })

  it('that changed since refuses the way back, names itself, and yields to force', async () => {
    const a = await created({ metadata: { bindings: [...secret('1', 'B').bindings, ...secret('1', 'A').bindings] } })
    const b = await uploaded({ metadata: { bindings: [...secret('2', 'A').bindings, ...secret('1', 'C').bindings] } })
    await deploy({ [b]: 100 })
    const refused = await deploy({ [a]: 100 })
    expect(refused).toMatchObject({ status: 400, code: 10_220 })
    expect(refused.text?.endsWith('The following secrets have changed: A, B, C')).toBe(true)
    expect(split()).toEqual([[b, 100]])
    expect(await deploy({ [a]: 100 }, { query: '?force=true' })).toMatchObject({ status: 200 })
    expect(split()).toEqual([[a, 100]])
  })

  it('that differs does not stand in the way of a rollout, only of its restore', async () => {
    const a = await created({ metadata: secret('one') })
    const b = await uploaded({ metadata: secret('two') })
    expect(await deploy({ [a]: 100, [b]: 0 })).toMatchObject({ status: 200 })
    expect(await deploy({ [a]: 90, [b]: 10 })).toMatchObject({ status: 200 })
    expect(await deploy({ [a]: 100 })).toMatchObject({ status: 400, code: 10_220 })
    expect(await deploy({ [b]: 100 })).toMatchObject({ status: 200 })
  })

  it('set by hand deploys a version of what is live', async () => {
    const a = await created({ metadata: secret('one') })
    await uploaded({ metadata: { bindings: [{ type: 'plain_text', name: 'UNSEEN', text: 'u' }] } })
    const version = await cloudflare.model.setSecretByHand(name, 'KEY', 'two')
    expect(version).toMatchObject({ source: 'dash', triggeredBy: 'secret', number: 3 })
    expect(version.bindings).toEqual([{ type: 'secret_text', name: 'KEY', text: 'two' }])
    expect(split()).toEqual([[version.id, 100]])
    expect(await deploy({ [a]: 100 })).toMatchObject({ code: 10_220 })
    await cloudflare.model.deployByHand(name, a)
    expect(split()).toEqual([[a, 100]])
  })
})

describe('what is not versioned', () => {
  it('is patched field by field for all traffic', async () => {
    await created()
    const path = `${script}/script-settings`
    await call('PATCH', path, { body: { observability: { enabled: true }, tags: ['x'] } })
    expect(await call('PATCH', path, { body: { logpush: true } })).toMatchObject({
      result: { observability: { enabled: true }, tags: ['x'], logpush: true },
    })
    expect(cloudflare.model.versions(name)).toHaveLength(1)
    expect(await call('GET', `${script}/settings`)).toMatchObject({ result: { logpush: true, bindings: [] } })
  })

  it('ends with the script, and so does its edge', async () => {
    await created()
    await call('DELETE', `/accounts/${accountId}/workers/services/${name}?force=true`)
    expect(removed).toEqual([name])
    expect(await call('GET', `${script}/deployments`)).toMatchObject({ code: 10_007 })
  })
})
