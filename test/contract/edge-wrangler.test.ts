import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { startCloudflare, type Cloudflare } from '../../sandbox/cloudflare/control-plane.ts'
import { startEdge, type SandboxEdge } from '../../sandbox/cloudflare/edge.ts'
import { runProgram } from '../../sandbox/run-program.ts'
import { createWorld } from '../../sandbox/world.ts'

// What wrangler deploys is what users get: one story in order, from the command line to the answer.

const wranglerProgram = join(import.meta.dirname, '../../node_modules/.bin/wrangler')
const folder = mkdtempSync(join(tmpdir(), 'edge-wrangler-'))
let edge: SandboxEdge
let cloudflare: Cloudflare
let ferry: string
let first: string
let second: string

beforeAll(async () => {
  const world = createWorld(3)
  edge = await startEdge(world)
  cloudflare = await startCloudflare(world, { edge, accountId: 'c'.repeat(32), token: 'sandbox-token' })
  ferry = await edge.urlFor('ferry')
  write('public/about.html', '<h1>about the ferry</h1>')
  write('wrangler.json', JSON.stringify(config))
})

afterAll(async () => {
  await cloudflare[Symbol.asyncDispose]()
  await edge[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const config = {
  name: 'ferry',
  main: 'index.js',
  compatibility_date: '2026-01-01',
  workers_dev: true,
  vars: { COLOUR: 'blue' },
  assets: { directory: 'public' },
  kv_namespaces: [{ binding: 'CACHE' }],
  r2_buckets: [{ binding: 'FILES', bucket_name: 'ferry-files' }],
  durable_objects: { bindings: [{ name: 'COUNTER', class_name: 'Counter' }] },
  migrations: [{ tag: 'v1', new_sqlite_classes: ['Counter'] }],
  version_metadata: { binding: 'VERSION' },
}

function code(name: string): string {
  return `import { DurableObject } from 'cloudflare:workers'
import note from './note.txt'
export class Counter extends DurableObject {
  async next() {
    const value = ((await this.ctx.storage.get('value')) ?? 0) + 1
    await this.ctx.storage.put('value', value)
    return value
  }
}
export default {
  async fetch(request, env) {
    const base = { release: '${name}', note: note.trim(), version: env.VERSION.id, tag: env.VERSION.tag, colour: env.COLOUR, secret: env.API_KEY ?? null }
    if (new URL(request.url).pathname !== '/stores') return Response.json(base)
    await env.CACHE.put('by-${name}', 'kv')
    await env.FILES.put('by-${name}', 'r2')
    const keys = (await env.CACHE.list()).keys.map((key) => key.name)
    const files = (await env.FILES.list()).objects.map((object) => object.key)
    return Response.json({ ...base, count: await env.COUNTER.getByName('only').next(), keys, files })
  },
}
`
}

function write(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), content)
}

function release(name: string): void {
  write('index.js', code(name))
  write('note.txt', `note of ${name}\n`)
}

const entry = z.looseObject({ version_id: z.string().nullish() })

/** Runs wrangler as a user would type it; resolves to the version that its output file names, if it names one. */
async function wrangler(args: readonly string[], input = ''): Promise<string | undefined> {
  const outputFile = join(folder, 'output.ndjson')
  rmSync(outputFile, { force: true })
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    HOME: folder,
    CI: 'true',
    CLOUDFLARE_API_BASE_URL: cloudflare.apiBaseUrl,
    CLOUDFLARE_API_TOKEN: cloudflare.token,
    CLOUDFLARE_ACCOUNT_ID: cloudflare.accountId,
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_LOG_PATH: join(folder, 'logs'),
    WRANGLER_OUTPUT_FILE_PATH: outputFile,
  }
  const { code: exitCode, output } = await runProgram(wranglerProgram, args, { cwd: folder, env, input })
  expect(exitCode, output).toBe(0)
  const lines = readFileSync(outputFile, 'utf8').trim().split('\n')
  return lines.map((line) => entry.parse(JSON.parse(line)).version_id ?? undefined).findLast((id) => id !== undefined)
}

async function ask(path = '/', headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const response = await fetch(`${ferry}${path}`, { headers })
  return response.json()
}

function askFor(versionId: string, path = '/'): Promise<unknown> {
  return ask(path, { 'Cloudflare-Workers-Version-Overrides': `ferry="${versionId}"` })
}

test('users get what wrangler deploy and secret put made', async () => {
  release('one')
  const deployed = await wrangler(['deploy'])
  expect(await ask()).toEqual({ release: 'one', note: 'note of one', version: deployed, tag: '', colour: 'blue', secret: null })
  await wrangler(['secret', 'put', 'API_KEY'], 'hunter2')
  const answer = z.object({ version: z.string(), secret: z.string().nullable() }).parse(await ask())
  expect(answer.secret).toBe('hunter2')
  expect(answer.version).not.toBe(deployed)
  first = answer.version
  expect(await ask('/stores')).toMatchObject({ count: 1, keys: ['by-one'], files: ['by-one'] })
  expect(await (await fetch(`${ferry}/about`)).text()).toBe('<h1>about the ferry</h1>')
})

test('an uploaded version serves nobody, staged at 0 % it serves its override only', async () => {
  release('two')
  second = z.string().parse(await wrangler(['versions', 'upload', '--tag', 'sha-two']))
  expect(await askFor(second)).toMatchObject({ release: 'one', version: first })
  await wrangler(['versions', 'deploy', `${first}@100`, `${second}@0`, '--yes'])
  edge.resetCounts()
  for (let request = 0; request < 50; request += 1) await ask()
  expect(await askFor(second)).toEqual({ release: 'two', note: 'note of two', version: second, tag: 'sha-two', colour: 'blue', secret: 'hunter2' })
  expect(edge.counts('ferry')).toMatchObject([{ versionId: first, requests: 50, statuses: { 200: 50 } }])
  expect(edge.counts('ferry', 'overrides')).toMatchObject([{ versionId: second, requests: 1 }])
})

test('both versions of a split share their stores and objects', async () => {
  await wrangler(['versions', 'deploy', `${first}@50`, `${second}@50`, '--yes'])
  edge.resetCounts()
  for (let request = 0; request < 100; request += 1) await ask()
  expect(edge.counts('ferry').map((one) => one.versionId).toSorted()).toEqual([first, second].toSorted())
  expect(await askFor(second, '/stores')).toMatchObject({ release: 'two', count: 2, keys: ['by-one', 'by-two'] })
  expect(await askFor(first, '/stores')).toMatchObject({ release: 'one', count: 3, files: ['by-one', 'by-two'] })
})

test('after wrangler rollback users get the old version and the object its count', async () => {
  await wrangler(['versions', 'deploy', `${second}@100`, '--yes'])
  expect(await ask()).toMatchObject({ release: 'two' })
  await wrangler(['rollback', first, '--yes', '--message', 'two is broken'])
  expect(await askFor(second, '/stores')).toMatchObject({ release: 'one', version: first, count: 4 })
  await expect.poll(() => edge.runningVersions()).toEqual([first])
})
