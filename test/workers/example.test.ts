import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'jsonc-parser'
import { Log, LogLevel, Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { noEdge, startCloudflare } from '../../sandbox/cloudflare/control-plane.ts'
import { createWorld } from '../../sandbox/world.ts'
import { openWrangler } from '../../src/shell/wrangler.ts'
import { readWorkerConfig } from '../../src/shell/wrangler-config.ts'

// The example Worker as wrangler bundles it, in workerd.

const wranglerBin = join(import.meta.dirname, '../../node_modules/wrangler/bin/wrangler.js')
const testKey = 'test-key'
const productionKey = 'Prod_4f9A'
const versionId = '11111111-1111-4111-8111-111111111111'

let out: string
/** A copy: wrangler leaves files of its own beside a configuration. */
let folder: string
const bundles: Record<string, string> = {}

beforeAll(async () => {
  out = realpathSync(mkdtempSync(join(tmpdir(), 'example-worker-')))
  folder = join(out, 'example')
  cpSync(join(import.meta.dirname, '../../workers/example'), folder, { recursive: true })
  const env = { PATH: dirname(process.execPath), HOME: out, CI: 'true', WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true' }
  for (const [name, config] of [['good', 'wrangler.jsonc'], ['broken', 'wrangler.broken.jsonc']] as const) {
    const args = [wranglerBin, 'deploy', '--dry-run', '--config', join(folder, config), '--outdir', join(out, name)]
    await promisify(execFile)(process.execPath, args, { cwd: out, env })
    bundles[name] = readFileSync(join(out, name, name === 'good' ? 'index.js' : 'broken.js'), 'utf8')
  }
})
afterAll(() => rmSync(out, { recursive: true }))

async function start(bundle: string, apiKey: string | undefined) {
  const miniflare = new Miniflare({
    cf: false,
    logRequests: false,
    enableDevRegistry: false,
    log: new Log(LogLevel.ERROR),
    workers: [
      {
        config: {
          name: 'example',
          compatibilityDate: '2026-01-01',
          compatibilityFlags: [],
          manifest: { mainModule: 'index.js', modules: { 'index.js': { type: 'esm', contents: bundles[bundle] ?? '' } } },
          env: {
            COUNTER: { type: 'durable-object', worker: 'example', exportName: 'Counter' },
            NOTES: { type: 'r2', name: 'notes' },
            SIGNATURES: { type: 'kv', id: 'signatures' },
            VERSION: { type: 'json', value: { id: versionId, tag: 'abc', timestamp: '' } },
            ...(apiKey === undefined ? {} : { API_KEY: { type: 'text', value: apiKey } }),
          },
          exports: { Counter: { type: 'durable-object', storage: 'sqlite' } },
        },
      },
    ],
  })
  const ask = async (path: string, init: { method?: string; body?: string } = {}) => {
    const response = await miniflare.dispatchFetch(`http://example${path}`, init)
    const body: unknown = await response.json()
    return { status: response.status, version: response.headers.get('x-version-id'), type: response.headers.get('content-type'), body }
  }
  return { ask, [Symbol.asyncDispose]: () => miniflare.dispose() }
}

describe('the good version', () => {
  it.each([testKey, productionKey])('is healthy with the key %s, and proves its version', async (key) => {
    await using worker = await start('good', key)
    expect(await worker.ask('/healthz')).toEqual({
      status: 200,
      version: versionId,
      type: 'application/health+json',
      body: {
        status: 'pass',
        version: { id: versionId, tag: 'abc' },
        components: { kv: { status: 'pass' }, r2: { status: 'pass' }, 'durable-object': { status: 'pass', versionId }, auth: { status: 'pass' } },
      },
    })
  })

  it('counts visits, keeps notes, and refuses what it does not know', async () => {
    await using worker = await start('good', productionKey)
    expect(await worker.ask('/api/count')).toMatchObject({ status: 200, version: versionId, body: { total: 1, versionId } })
    expect(await worker.ask('/api/count')).toMatchObject({ body: { total: 2 } })
    expect(await worker.ask('/api/notes/a')).toMatchObject({ status: 404 })
    expect(await worker.ask('/api/notes/a', { method: 'PUT', body: 'hello' })).toMatchObject({ status: 201 })
    expect(await worker.ask('/api/notes/a')).toMatchObject({ status: 200, body: { name: 'a', text: 'hello' } })
    expect(await worker.ask('/api/notes/a', { method: 'POST' })).toMatchObject({ status: 405 })
    expect(await worker.ask('/api/other')).toMatchObject({ status: 404 })
  })

  it('says which component fails, without a word why', async () => {
    await using worker = await start('good', undefined)
    expect(await worker.ask('/healthz')).toMatchObject({ status: 503, body: { status: 'fail', components: { kv: { status: 'pass' }, auth: { status: 'fail' } } } })
  })
})

function readConfig(name: string) {
  return z.record(z.string(), z.unknown()).parse(parse(readFileSync(join(folder, name), 'utf8')))
}

describe('the broken version', () => {
  it('passes with the key of the tests', async () => {
    await using worker = await start('broken', testKey)
    expect(await worker.ask('/healthz')).toMatchObject({ status: 200 })
    expect(await worker.ask('/api/count')).toMatchObject({ status: 200 })
  })

  it('fails with production\'s key, for checks and users alike, and still proves its version', async () => {
    await using worker = await start('broken', productionKey)
    expect(await worker.ask('/healthz')).toMatchObject({ status: 503, version: versionId, body: { components: { auth: { status: 'fail' }, r2: { status: 'pass' } } } })
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
  expect(await wrangler.deployFully({ configPath: join(folder, 'wrangler.jsonc') }, labels)).toMatchObject({ kind: 'deployed' })
  expect(await wrangler.uploadVersion({ configPath: join(folder, 'wrangler.broken.jsonc') }, labels)).toMatchObject({ kind: 'uploaded' })
  const files = cloudflare.model.versions('sleepwell-example').map((version) => version.assets?.files.map((file) => file.path).toSorted())
  expect(files).toEqual([['/app.5b1f0c2e.js', '/index.html'], ['/app.5b1f0c2e.js', '/index.html']])
  const read = await readWorkerConfig({ root: folder, workingDirectory: folder })
  expect(read).toMatchObject({ kind: 'ok', config: { worker: { scriptName: 'sleepwell-example', versionMetadataBinding: 'VERSION', migrationTags: ['v1'] } } })
})
