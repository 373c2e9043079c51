import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'jsonc-parser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { noEdge, startCloudflare } from '../../sandbox/cloudflare/control-plane.ts'
import { createWorld } from '../../sandbox/world.ts'
import { openWrangler } from '../../src/shell/wrangler.ts'
import { readWorkerConfig } from '../../src/shell/wrangler-config.ts'
import { bundleExample, exampleFolder, productionKey, startExample, testKey, versionId, wranglerBin, type Example } from './example-worker.ts'

let example: Example

beforeAll(async () => {
  example = await bundleExample()
})
afterAll(() => example[Symbol.dispose]())

const healthShape = z.object({ status: z.string(), checks: z.record(z.string(), z.array(z.looseObject({ status: z.string() }))) })

/** The components that do not pass. */
function failing(body: unknown): readonly string[] {
  return Object.entries(healthShape.parse(body).checks).flatMap(([key, [one]]) => (one?.status === 'pass' ? [] : [key]))
}

describe('the good version', () => {
  it.each([testKey, productionKey])('is healthy with the key %s, and proves its version', async (key) => {
    await using worker = await startExample(example, 'good', { API_KEY: key, HEALTH_TOKEN: 'token' })
    const answered = await worker.ask('/healthz', { headers: { authorization: 'Bearer token' } })
    expect(answered).toMatchObject({ status: 200, version: versionId, body: { status: 'pass', releaseId: versionId, version: 'abc' } })
    expect(answered.headers.get('content-type')).toBe('application/health+json')
    expect(answered.body).toMatchObject({ checks: { 'counter:version': [{ observedValue: versionId }] } })
    expect(Object.keys(healthShape.parse(answered.body).checks)).toEqual(['r2:list', 'kv:get', 'counter:call', 'counter:version', 'auth:check', 'secrets:present', 'admin:assets'])
    expect(failing(answered.body)).toEqual([])
  })

  it('counts visits, keeps notes, and refuses what it does not know', async () => {
    await using worker = await startExample(example, 'good', { API_KEY: productionKey })
    expect(await worker.ask('/api/count')).toMatchObject({ status: 200, version: versionId, body: { total: 1, versionId } })
    expect(await worker.ask('/api/count')).toMatchObject({ body: { total: 2 } })
    expect(await worker.ask('/api/notes/a')).toMatchObject({ status: 404 })
    expect(await worker.ask('/api/notes/a', { method: 'PUT', body: 'hello' })).toMatchObject({ status: 201 })
    expect(await worker.ask('/api/notes/a')).toMatchObject({ status: 200, body: { name: 'a', text: 'hello' } })
    expect(await worker.ask('/api/notes/a', { method: 'POST' })).toMatchObject({ status: 405 })
    expect(await worker.ask('/api/other')).toMatchObject({ status: 404 })
    expect(await worker.ask('/other')).toMatchObject({ status: 404, version: versionId })
  })

  it('says which component fails, without a word why', async () => {
    await using worker = await startExample(example, 'good', {})
    const { status, body, text } = await worker.ask('/healthz')
    expect({ status, failing: failing(body) }).toEqual({ status: 503, failing: ['auth:check', 'secrets:present'] })
    expect(text).not.toContain('API_KEY')
  })

  it('carries the health module that everybody copies', () => {
    const copied = readFileSync(join(exampleFolder, 'src/healthz.js'), 'utf8')
    expect(copied).toBe(readFileSync(join(exampleFolder, '../healthz/healthz.js'), 'utf8'))
  })
})

function readConfig(name: string) {
  return z.record(z.string(), z.unknown()).parse(parse(readFileSync(join(example.folder, name), 'utf8')))
}

describe('the broken version', () => {
  it('passes with the key of the tests', async () => {
    await using worker = await startExample(example, 'broken', { API_KEY: testKey })
    expect(await worker.ask('/healthz')).toMatchObject({ status: 200 })
    expect(await worker.ask('/api/count')).toMatchObject({ status: 200 })
  })

  it('fails with production\'s key, for checks and users alike, and still proves its version', async () => {
    await using worker = await startExample(example, 'broken', { API_KEY: productionKey })
    const health = await worker.ask('/healthz')
    expect(health).toMatchObject({ status: 503, version: versionId, body: { status: 'fail' } })
    expect(failing(health.body)).toEqual(['auth:check'])
    expect(await worker.ask('/api/count')).toMatchObject({ status: 500, version: versionId })
    expect(await worker.ask('/api/notes/a', { method: 'PUT', body: 'x' })).toMatchObject({ status: 500 })
  })

  it('differs from the good one in nothing but its entry', () => {
    expect({ ...readConfig('wrangler.broken.jsonc'), main: 'src/index.js' }).toEqual(readConfig('wrangler.jsonc'))
  })
})

it('is deployed by wrangler, and then uploaded as a version without a one-way door', async () => {
  await using cloudflare = await startCloudflare(createWorld(), { edge: noEdge, accountId: 'e'.repeat(32), token: 'token' })
  await using wrangler = await openWrangler({
    executable: wranglerBin, accountId: cloudflare.accountId, token: 'token', apiBaseUrl: cloudflare.apiBaseUrl,
    variables: {}, log: () => undefined, mask: (text) => text, stop: new AbortController().signal,
  })
  const labels = { tag: 'one', message: 'first' }
  expect(await wrangler.deployFully({ configPath: join(example.folder, 'wrangler.jsonc') }, labels)).toMatchObject({ kind: 'deployed' })
  expect(await wrangler.uploadVersion({ configPath: join(example.folder, 'wrangler.broken.jsonc') }, labels)).toMatchObject({ kind: 'uploaded' })
  const files = cloudflare.model.versions('sleepwell-example').map((version) => version.assets?.files.map((file) => file.path).toSorted())
  const admin = readdirSync(join(exampleFolder, 'public/admin')).map((name) => `/admin/${name}`)
  const expected = [...admin, '/app.5b1f0c2e.js', '/index.html'].toSorted()
  expect(files).toEqual([expected, expected])
  const read = await readWorkerConfig({ root: example.folder, workingDirectory: example.folder })
  expect(read).toMatchObject({ kind: 'ok', config: { worker: { scriptName: 'sleepwell-example', versionMetadataBinding: 'VERSION', migrationTags: ['v1'] } } })
})
