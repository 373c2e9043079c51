import { describe, expect, it } from 'vitest'
import { isVersionId, type VersionId } from '../../src/core/ids.ts'
import { accountId, asked, cloudflare, connect, pauses, sandbox, script, token, upload, withNewAccount, world } from './cloudflare-samples.ts'

withNewAccount()

function newest(): VersionId {
  const id = sandbox.model.versions(script)[0]?.id ?? ''
  if (!isVersionId(id)) throw new Error(`no version: ${id}`)
  return id
}

async function twoVersions(): Promise<{ readonly old: VersionId; readonly new: VersionId }> {
  await upload({ isFirst: true })
  const old = newest()
  await upload({ metadata: { annotations: { 'workers/tag': 'abc', 'workers/message': 'sleepwell/deploy/12.1 upload' } } })
  asked()
  return { old, new: newest() }
}

describe('production', () => {
  it('is absent when there is no such Worker', async () => {
    expect(await cloudflare.history(script)).toEqual({ kind: 'absent' })
    expect(await cloudflare.script(script)).toEqual({ kind: 'absent' })
  })

  it('is read newest first, with the marker of whoever signed it', async () => {
    const { old, new: candidate } = await twoVersions()
    const split = [
      { versionId: candidate, percentage: 0 },
      { versionId: old, percentage: 100 },
    ]
    const written = await cloudflare.writeSplit(script, { split, message: 'sleepwell/deploy/12.1 stage', force: false, immediate: false })
    if (written.kind !== 'accepted') throw new Error(written.message)
    expect(asked()).toEqual([`POST /workers/scripts/${script}/deployments 200`])
    const history = await cloudflare.history(script)
    expect(history).toMatchObject({
      kind: 'ok',
      value: [
        { id: written.value.deploymentId, split, message: 'sleepwell/deploy/12.1 stage', marker: { command: 'deploy', runId: 12, runAttempt: 1 } },
        { split: [{ versionId: old, percentage: 100 }], source: 'wrangler' },
      ],
    })
  })

  it('is written with force, and at once for Durable Objects, when asked', async () => {
    const { old } = await twoVersions()
    const split = [{ versionId: old, percentage: 100 }]
    await cloudflare.writeSplit(script, { split, message: 'back', force: true, immediate: true })
    expect(asked()).toEqual([`POST /workers/scripts/${script}/deployments?force=true 200`])
    expect(sandbox.model.live(script)).toMatchObject({ codeUpdateStrategy: { mode: 'immediate' } })
  })
})

describe('a version', () => {
  it('is told apart by tag, message, cause, bindings and migration', async () => {
    await upload({
      isFirst: true,
      metadata: {
        bindings: [
          { type: 'secret_text', name: 'API_KEY', text: 'hidden' },
          { type: 'durable_object_namespace', name: 'COUNTER', class_name: 'Counter' },
        ],
        migrations: { new_tag: 'v1', steps: [{ new_sqlite_classes: ['Counter'] }] },
        annotations: { 'workers/tag': 'abc' },
      },
    })
    const seen = await cloudflare.version(script, newest())
    expect(seen).toMatchObject({
      kind: 'ok',
      value: {
        id: newest(),
        number: 1,
        tag: 'abc',
        source: 'wrangler',
        migrationTag: 'v1',
        hasContainers: false,
        bindings: [
          { type: 'secret_text', name: 'API_KEY' },
          { type: 'durable_object_namespace', name: 'COUNTER' },
        ],
      },
    })
    expect(await cloudflare.script(script)).toEqual({ kind: 'ok', value: { migrationTag: 'v1', lastDeployedFrom: 'wrangler' } })
    expect(await cloudflare.secretNames(script)).toEqual({ kind: 'ok', value: ['API_KEY'] })
  })

  it('that does not exist is absent, whatever code the API gives', async () => {
    await twoVersions()
    const unknown = '00000000-0000-4000-8000-000000000000'
    if (!isVersionId(unknown)) throw new Error('not an id')
    expect(await cloudflare.version(script, unknown)).toEqual({ kind: 'absent' })
  })

  it.each([true, false])('is listed newest first (deployable only: %s)', async (deployableOnly) => {
    const { old, new: candidate } = await twoVersions()
    const listed = await cloudflare.versions(script, { deployableOnly })
    expect(listed).toMatchObject({ kind: 'ok', value: [{ id: candidate, tag: 'abc', triggeredBy: 'version_upload' }, { id: old }] })
  })
})

describe('the token', () => {
  it('is verified as a user token', async () => {
    expect(await cloudflare.verifyToken()).toEqual({ kind: 'ok', value: { status: 'active' } })
    expect(asked()).toEqual(['GET /client/v4/user/tokens/verify 200'])
  })

  it('is verified as a token of the account when it is no user token', async () => {
    sandbox.model.addToken('of-the-account', { owner: 'account' })
    const port = connect({ token: 'of-the-account' })
    expect(await port.verifyToken()).toEqual({ kind: 'ok', value: { status: 'active' } })
    expect(asked().at(-1)).toBe('GET /tokens/verify 200')
  })

  it('that Cloudflare does not know is denied after one more try', async () => {
    const answer = await connect({ token: 'mistyped' }).history(script)
    expect(answer).toMatchObject({ kind: 'denied', code: '10000' })
    expect(asked()).toHaveLength(2)
  })

  it.each(['', 'two words', 'line\nbreak'])('that no header can carry (%j) is never sent and never quoted', async (bad) => {
    const answer = await connect({ token: bad }).history(script)
    expect(answer).toMatchObject({ kind: 'denied', code: '10000' })
    expect(asked()).toEqual([])
    if (bad !== '') expect(JSON.stringify(answer)).not.toContain(bad)
  })

  it('is hidden when an answer quotes it', async () => {
    world.faults.push({ service: 'cloudflare', fault: answering(403, { success: false, errors: [{ code: 9109, message: `bad ${token}` }] }) })
    expect(await cloudflare.history(script)).toEqual({ kind: 'denied', code: '9109', message: 'bad *** (code 9109, HTTP 403)' })
  })
})

describe('settings of the whole Worker', () => {
  it('are set, and what is not named stays', async () => {
    await twoVersions()
    expect(await cloudflare.applyScriptSettings(script, { logpush: true })).toEqual({ kind: 'accepted', value: undefined })
    expect(await cloudflare.applyScriptSettings(script, { observability: { enabled: true } })).toMatchObject({ kind: 'accepted' })
    expect(sandbox.model.script(script)).toMatchObject({ settings: { logpush: true, observability: { enabled: true } } })
  })
})

function answering(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  return { kind: 'answer', status, body, headers } as const
}
function failing(status: number, code: number) {
  return answering(status, { success: false, errors: [{ code, message: 'no' }], messages: [], result: null })
}

describe('a read', () => {
  it.each([
    ['a server error', answering(500, { success: false, errors: [{ code: 10_013, message: 'unknown' }] })],
    ['a rate limit', answering(429, { success: false, errors: [{ code: 971, message: 'slow down' }] }, { 'retry-after': '7' })],
    ['a page in HTML', answering(403, '<html>blocked</html>')],
    ['an unknown error with a client status', failing(400, 10_013)],
    ['a transient 401', failing(401, 10_000)],
    ['a dropped connection', { kind: 'dropped' } as const],
    ['a lost reply', { kind: 'reply-lost' } as const],
  ])('gets over %s', async (_name, fault) => {
    await twoVersions()
    world.faults.push({ service: 'cloudflare', fault })
    expect(await cloudflare.history(script)).toMatchObject({ kind: 'ok' })
    expect(asked()).toHaveLength(2)
    expect(pauses).toEqual([_name === 'a rate limit' ? 7 : 0.25])
  })

  it('is unavailable after five tries, each pause twice as long', async () => {
    world.faults.push({ service: 'cloudflare', fault: answering(502, '<html>bad gateway</html>'), times: 9 })
    expect(await cloudflare.history(script)).toEqual({ kind: 'unavailable', message: "HTTP 502, but not from Cloudflare's API" })
    expect(pauses).toEqual([0.25, 0.5, 1, 2])
    expect(asked()).toHaveLength(5)
  })

  it('does not wait longer than a minute for a rate limit', async () => {
    world.faults.push({ service: 'cloudflare', fault: answering(429, 'later', { 'retry-after': '300' }) })
    expect(await cloudflare.history(script)).toMatchObject({ kind: 'unavailable' })
    expect(pauses).toEqual([])
  })

  it('understands a date in Retry-After', async () => {
    await twoVersions()
    world.faults.push({ service: 'cloudflare', fault: answering(503, 'later', { 'retry-after': 'Mon, 23 Nov 2026 12:00:20 GMT' }) })
    expect(await cloudflare.history(script)).toMatchObject({ kind: 'ok' })
    expect(pauses).toEqual([20])
  })

  it('gives up on a server that does not answer in time', async () => {
    world.faults.push({ service: 'cloudflare', fault: { kind: 'delay', milliseconds: 400 }, times: 9 })
    const answer = await connect({ timeoutMs: 50, tries: 2 }).history(script)
    expect(answer).toEqual({ kind: 'unavailable', message: 'no answer within 0.05 s' })
  })

  it('is denied, without another try, when the token lacks the permission', async () => {
    world.faults.push({ service: 'cloudflare', fault: failing(403, 10_000) })
    expect(await cloudflare.history(script)).toEqual({ kind: 'denied', code: '10000', message: 'no (code 10000, HTTP 403)' })
    expect(asked()).toHaveLength(1)
  })

  it('is not absent for a 404 that is not about the Worker', async () => {
    world.faults.push({ service: 'cloudflare', fault: failing(404, 7003) })
    expect(await cloudflare.history(script)).toMatchObject({ kind: 'denied', code: '7003' })
  })

  it('is unavailable when the answer has another shape, and says where', async () => {
    const odd = { success: true, errors: [], result: { deployments: [{ id: 'short', created_on: '', versions: [] }] } }
    world.faults.push({ service: 'cloudflare', fault: answering(200, odd) })
    const answer = await cloudflare.history(script)
    expect(answer).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('deployments.0.id') })
  })
})

describe('a write', () => {
  const write = { message: 'm', force: false, immediate: false }

  it.each([
    ['secrets that have changed', failing(400, 10_220), 'rejected'],
    ['an unknown version', failing(404, 99_999), 'rejected'],
    ['a permission that is missing', failing(403, 10_000), 'rejected'],
    ['no such Worker', failing(404, 10_007), 'rejected'],
    ['a concurrent deploy', failing(400, 10_013), 'unanswered'],
    ['a concurrent change', failing(412, 10_035), 'unanswered'],
    ['a version not yet readable', failing(400, 100_146), 'unanswered'],
    ['a conflict', failing(409, 99_999), 'unanswered'],
    ['a request that timed out on the server', failing(408, 99_999), 'unanswered'],
    ['a transient 401', failing(401, 10_000), 'unanswered'],
    ['a server error', failing(503, 10_001), 'unanswered'],
    ['a page in HTML', answering(403, '<html></html>'), 'unanswered'],
    ['a redirect', answering(302, '', { location: 'http://127.0.0.1:9/' }), 'unanswered'],
    ['a success without an id', answering(200, { success: true, errors: [], result: {} }), 'unanswered'],
    ['a dropped connection', { kind: 'dropped' } as const, 'unanswered'],
    ['a lost reply', { kind: 'reply-lost' } as const, 'unanswered'],
  ])('is told %s apart, and sent once', async (_name, fault, kind) => {
    const { old } = await twoVersions()
    world.faults.push({ service: 'cloudflare', fault })
    const answer = await cloudflare.writeSplit(script, { ...write, split: [{ versionId: old, percentage: 100 }] })
    expect(answer.kind).toBe(kind)
    expect(asked()).toHaveLength(1)
    expect(pauses).toEqual([])
    expect(JSON.stringify(answer)).not.toContain(token)
  })

  it('passes on how long a rate limit lasts', async () => {
    const { old } = await twoVersions()
    world.faults.push({ service: 'cloudflare', fault: answering(429, 'slow down', { 'retry-after': '12' }) })
    const answer = await cloudflare.writeSplit(script, { ...write, split: [{ versionId: old, percentage: 100 }] })
    expect(answer).toMatchObject({ kind: 'unanswered', retryAfterSeconds: 12 })
  })

  it('is unanswered when nobody listens, and the token is in no word of it', async () => {
    const { old } = await twoVersions()
    const port = connect({ apiBaseUrl: 'http://127.0.0.1:9', accountId })
    const answer = await port.writeSplit(script, { ...write, split: [{ versionId: old, percentage: 100 }] })
    expect(answer).toMatchObject({ kind: 'unanswered', message: expect.stringContaining('the connection failed') })
    expect(JSON.stringify(answer)).not.toContain(token)
  })
})
