import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { noEdge, startCloudflare, type Cloudflare } from '../../sandbox/cloudflare/control-plane.ts'
import type { LiveScript } from '../../sandbox/cloudflare/types.ts'
import { createWorld } from '../../sandbox/world.ts'

// The judge is the real wrangler: one world, one story in order, as a user would type it.

const world = createWorld()
const folder = mkdtempSync(join(tmpdir(), 'cloudflare-wrangler-'))
const applied: LiveScript[] = []
let cloudflare: Cloudflare

const ferry = 'ferry-api'

beforeAll(async () => {
  const edge = { ...noEdge, apply: async (live: LiveScript) => void applied.push(live) }
  cloudflare = await startCloudflare(world, {
    edge,
    accountId: 'a'.repeat(32),
    token: 'sandbox-token',
  })
  write('ferry/index.js', ferryCode('one'))
  write('ferry/wrangler.json', JSON.stringify(ferryConfig))
})

afterAll(async () => {
  await cloudflare[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const ferryConfig = {
  name: ferry,
  main: 'index.js',
  compatibility_date: '2026-01-01',
  compatibility_flags: ['nodejs_compat'],
  workers_dev: true,
  vars: { COLOUR: 'blue' },
  kv_namespaces: [{ binding: 'CACHE' }],
  r2_buckets: [{ binding: 'FILES', bucket_name: 'ferry-files' }],
  durable_objects: { bindings: [{ name: 'COUNTER', class_name: 'Counter' }] },
  migrations: [{ tag: 'v1', new_sqlite_classes: ['Counter'] }],
  version_metadata: { binding: 'VERSION' },
}

function ferryCode(answer: string): string {
  return `import { DurableObject } from 'cloudflare:workers'
import { Buffer } from 'node:buffer'
export class Counter extends DurableObject {}
export class Gauge extends DurableObject {}
export default { fetch: () => new Response(Buffer.from('${answer}').toString()) }
`
}

function write(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), content)
}

interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** The entries of WRANGLER_OUTPUT_FILE_PATH but the session's. */
  readonly entries: readonly Readonly<Record<string, unknown>>[]
}

async function wrangler(project: string, args: readonly string[], input = ''): Promise<Run> {
  const output = join(folder, 'output.ndjson')
  rmSync(output, { force: true })
  const child = spawn(join(import.meta.dirname, '../../node_modules/.bin/wrangler'), args, {
    cwd: join(folder, project),
    env: {
      PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
      HOME: folder,
      TMPDIR: folder,
      CI: 'true',
      CLOUDFLARE_API_BASE_URL: cloudflare.apiBaseUrl,
      CLOUDFLARE_API_TOKEN: cloudflare.token,
      CLOUDFLARE_ACCOUNT_ID: cloudflare.accountId,
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_HIDE_BANNER: 'true',
      WRANGLER_LOG_PATH: join(folder, 'logs'),
      XDG_CONFIG_HOME: join(folder, 'config'),
      WRANGLER_OUTPUT_FILE_PATH: output,
    },
  })
  const exit = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)))
  child.stdin.end(input)
  const [code, stdout, stderr] = await Promise.all([exit, text(child.stdout), text(child.stderr)])
  return { code, stdout, stderr, entries: entriesOf(output) }
}

function entriesOf(output: string) {
  const lines = readFileSync(output, 'utf8').trim().split('\n')
  return lines
    .map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)))
    .filter((entry) => entry['type'] !== 'wrangler-session')
}

async function succeeds(project: string, args: readonly string[], input = ''): Promise<Run> {
  const run = await wrangler(project, args, input)
  expect(run, run.stdout + run.stderr).toMatchObject({ code: 0 })
  expect(world.violations).toEqual([])
  return run
}

async function upload(answer: string, ...more: string[]): Promise<string> {
  write('ferry/index.js', ferryCode(answer))
  const { entries } = await succeeds('ferry', ['versions', 'upload', '--tag', answer, '--message', `say ${answer}`, ...more])
  return z.string().parse(entries.find((entry) => entry['type'] === 'version-upload')?.['version_id'])
}

const split = (name = ferry) =>
  (cloudflare.model.live(name)?.versions ?? []).map((share) => [share.versionId, share.percentage])
const ids: Record<string, string> = {}

describe('the real wrangler', () => {
  it('is refused a version of a Worker that does not exist', async () => {
    const run = await wrangler('ferry', ['versions', 'upload'])
    expect(run.code).toBe(1)
    expect(run.stdout + run.stderr).toContain('You cannot upload a new version of a Worker that does not yet exist')
  })

  it('deploys it for the first time, with resources and a migration', async () => {
    const { entries } = await succeeds('ferry', ['deploy'])
    ids['first'] = z.string().parse(entries.find((entry) => entry['type'] === 'deploy')?.['version_id'])
    expect(split()).toEqual([[ids['first'], 100]])
    expect(cloudflare.model.live(ferry)).toMatchObject({ source: 'wrangler' })
    expect(cloudflare.model.live(ferry)?.annotations).toMatchObject({ 'workers/triggered_by': 'upload' })
    const live = applied.at(-1)
    expect(live?.durableObjectClasses).toEqual({ Counter: 'sql' })
    expect(live?.versions[0]?.modules.map((file) => file.name)).toEqual(['index.js'])
    const types = live?.versions[0]?.bindings.map((binding) => binding.type).toSorted()
    expect(types).toEqual([
      'durable_object_namespace',
      'kv_namespace',
      'plain_text',
      'r2_bucket',
      'version_metadata',
    ])
  })

  it('puts a secret, lists it, and edits several at once, each deployed at once', async () => {
    await succeeds('ferry', ['secret', 'put', 'API_KEY'], 'first key')
    write('ferry/secrets.json', JSON.stringify({ PASSWORD: 'p', EXTRA: 'e' }))
    await succeeds('ferry', ['secret', 'bulk', 'secrets.json'])
    const list = await succeeds('ferry', ['secret', 'list'])
    expect(list.stdout).toContain('API_KEY')
    expect(list.stdout).toContain('EXTRA')
    expect(cloudflare.model.versions(ferry)).toHaveLength(3)
    expect(cloudflare.model.live(ferry)?.annotations).toMatchObject({ 'workers/triggered_by': 'secret' })
    ids['A'] = cloudflare.model.versions(ferry)[0]?.id ?? ''
    expect(split()).toEqual([[ids['A'], 100]])
  })

  it('uploads a version that inherits the secrets and serves nobody', async () => {
    const before = split()
    ids['B'] = await upload('two')
    expect(split()).toEqual(before)
    const [newest] = cloudflare.model.versions(ferry)
    expect(newest).toMatchObject({ id: ids['B'], number: 4, tag: 'two', message: 'say two', migrationTag: 'v1' })
    const secrets = newest?.bindings.filter((binding) => binding.type === 'secret_text')
    expect(secrets).toContainEqual({ type: 'secret_text', name: 'API_KEY', text: 'first key' })
  })

  it('is refused a secret while the newest version is not deployed', async () => {
    const run = await wrangler('ferry', ['secret', 'put', 'API_KEY'], 'other')
    expect(run.code).toBe(1)
    expect(run.stdout + run.stderr).toContain("the latest version of your Worker isn't currently deployed")
  })

  it('stages the version at 0 %, and the edge is told both', async () => {
    await succeeds('ferry', ['versions', 'deploy', `${ids['A']}@100`, `${ids['B']}@0`, '--yes', '--message', 'stage'])
    expect(split()).toEqual([
      [ids['A'], 100],
      [ids['B'], 0],
    ])
    expect(applied.at(-1)?.versions.map((version) => version.id)).toEqual([ids['A'], ids['B']])
    expect(cloudflare.model.live(ferry)).toMatchObject({
      annotations: { 'workers/message': 'stage' },
      codeUpdateStrategy: { mode: 'deferred', maxDelaySeconds: 300 },
    })
  })

  it('refuses by itself percentages that do not total 100', async () => {
    const run = await wrangler('ferry', ['versions', 'deploy', `${ids['A']}@30`, `${ids['B']}@20`, '--yes'])
    expect(run.code).toBe(1)
    expect(run.stdout + run.stderr).toContain('must total exactly 100%')
  })

  it('reads versions and deployments back', async () => {
    const versions = await succeeds('ferry', ['versions', 'list', '--json'])
    const listed = z.array(z.object({ id: z.string() })).parse(JSON.parse(versions.stdout))
    expect(listed.at(-1)?.id).toBe(ids['B'])
    const view = await succeeds('ferry', ['versions', 'view', ids['B'] ?? '', '--json'])
    expect(JSON.parse(view.stdout)).toMatchObject({ id: ids['B'], number: 4, annotations: { 'workers/tag': 'two' } })
    expect(view.stdout).not.toContain('first key')
    const status = await succeeds('ferry', ['deployments', 'status', '--json'])
    expect(JSON.parse(status.stdout)).toMatchObject({ id: cloudflare.model.live(ferry)?.id })
    const list = await succeeds('ferry', ['deployments', 'list', '--json'])
    const all = z.array(z.object({ id: z.string() })).parse(JSON.parse(list.stdout))
    expect(all.map((one) => one.id)).toEqual(cloudflare.model.deployments(ferry).map((one) => one.id).toReversed())
  })

  it('promotes it, and rolls back to the version that was stable before', async () => {
    await succeeds('ferry', ['versions', 'deploy', `${ids['B']}@100`, '--yes'])
    expect(split()).toEqual([[ids['B'], 100]])
    await succeeds('ferry', ['rollback', '--yes', '--message', 'back'])
    expect(split()).toEqual([[ids['A'], 100]])
    expect(cloudflare.model.live(ferry)?.annotations).toEqual({
      'workers/message': 'back',
      'workers/triggered_by': 'rollback',
    })
  })

  it('changes a secret in a new version without deploying it', async () => {
    await succeeds('ferry', ['versions', 'secret', 'put', 'API_KEY', '--message', 'rotate'], 'second key')
    const [newest] = cloudflare.model.versions(ferry)
    expect(newest).toMatchObject({ triggeredBy: 'secret', message: 'rotate' })
    expect(split()).toEqual([[ids['A'], 100]])
    ids['C'] = newest?.id ?? ''
    await succeeds('ferry', ['versions', 'deploy', `${ids['C']}@100`, '--yes'])
  })

  it('rolls back past changed secrets by force, once the API has named them', async () => {
    const run = await succeeds('ferry', ['rollback', ids['A'] ?? '', '--yes'])
    expect(run.stdout + run.stderr).toContain('* API_KEY')
    const posts = world.requests.filter((request) => request.method === 'POST' && request.path.endsWith('/deployments'))
    expect(posts.slice(-2).map((request) => [request.status, request.query])).toEqual([
      [400, ''],
      [200, '?force=true'],
    ])
    expect(split()).toEqual([[ids['A'], 100]])
  })

  it('sees a pending migration before it uploads, and deploys it; no way leads back across it', async () => {
    const migrations = [...ferryConfig.migrations, { tag: 'v2', new_sqlite_classes: ['Gauge'] }]
    write('ferry/wrangler.json', JSON.stringify({ ...ferryConfig, migrations }))
    const pending = await wrangler('ferry', ['versions', 'upload'])
    expect(pending.code).toBe(1)
    expect(pending.stdout + pending.stderr).toContain('pending Durable Object migration')
    await succeeds('ferry', ['deploy'])
    expect(applied.at(-1)?.durableObjectClasses).toEqual({ Counter: 'sql', Gauge: 'sql' })
    const back = await wrangler('ferry', ['rollback', ids['A'] ?? '', '--yes'])
    expect(back.code).toBe(1)
    expect(back.stdout + back.stderr).toContain('Durable Object migration')
  })

  it('applies triggers', async () => {
    write('ferry/cron.json', JSON.stringify({ ...ferryConfig, triggers: { crons: ['*/5 * * * *'] } }))
    await succeeds('ferry', ['triggers', 'deploy', '--config', 'cron.json'])
    expect(cloudflare.model.script(ferry)).toMatchObject({
      schedules: [{ cron: '*/5 * * * *' }],
      subdomain: { enabled: true },
    })
  })

  it('deploys over a secret that someone set in the dashboard', async () => {
    await cloudflare.model.setSecretByHand(ferry, 'API_KEY', 'third key')
    expect(cloudflare.model.live(ferry)).toMatchObject({ source: 'dash' })
    write('ferry/wrangler.json', JSON.stringify({ ...ferryConfig, migrations: [{ tag: 'v2', new_sqlite_classes: [] }] }))
    await upload('three')
    const secrets = cloudflare.model.versions(ferry)[0]?.bindings.filter((binding) => binding.name === 'API_KEY')
    expect(secrets).toEqual([{ type: 'secret_text', name: 'API_KEY', text: 'third key' }])
  })

  it('uploads static assets, and on the next upload only what changed', async () => {
    const config = { name: 'site', main: 'index.js', compatibility_date: '2026-01-01', assets: { directory: 'public' } }
    write('site/wrangler.json', JSON.stringify(config))
    write('site/index.js', 'export default { fetch: () => new Response("site") }')
    write('site/public/index.html', '<h1>one</h1>')
    write('site/public/app.css', 'h1 { color: blue }')
    await succeeds('site', ['deploy'])
    write('site/public/index.html', '<h1>two</h1>')
    await succeeds('site', ['versions', 'upload'])
    const [newest] = cloudflare.model.versions('site')
    const files = newest?.assets?.files.map((file) => [file.path, file.content.toString()])
    expect(Object.fromEntries(files ?? [])).toEqual({
      '/index.html': '<h1>two</h1>',
      '/app.css': 'h1 { color: blue }',
    })
    const sent = world.requests.filter((request) => request.path.endsWith('/assets/upload')).at(-1)
    expect(sent?.body.match(/filename=/g)).toHaveLength(1)
    expect(sent?.status).toBe(201)
  })

  it('deploys a Worker with neighbours: queue, route, custom domain, tail consumer and container', async () => {
    const config = {
      name: 'crowd',
      main: 'index.js',
      compatibility_date: '2026-01-01',
      durable_objects: { bindings: [{ name: 'BOX', class_name: 'Box' }] },
      exports: { Box: { type: 'durable-object', storage: 'sqlite' } },
      containers: [{ class_name: 'Box', image: 'docker.io/library/busybox:1.37', max_instances: 1 }],
      queues: { producers: [{ binding: 'JOBS', queue: 'jobs' }], consumers: [{ queue: 'jobs' }] },
      routes: [
        { pattern: 'example.com/*', zone_id: 'c'.repeat(32) },
        { pattern: 'crowd.example.com', custom_domain: true },
      ],
      tail_consumers: [{ service: 'tail' }],
    }
    const code = ferryCode('crowd').replace('Counter', 'Box').replace("import { Buffer } from 'node:buffer'", '')
    write('crowd/wrangler.json', JSON.stringify(config))
    write('crowd/index.js', code.replace("Buffer.from('crowd').toString()", "'crowd'"))
    await succeeds('crowd', ['deploy'])
    expect(cloudflare.model.script('crowd')).toMatchObject({
      routes: [{ pattern: 'example.com/*' }],
      domains: [{ hostname: 'crowd.example.com' }],
      settings: { tail_consumers: [{ service: 'tail' }] },
    })
    expect(applied.at(-1)).toMatchObject({ name: 'crowd', durableObjectClasses: { Box: 'sql' } })
    expect(cloudflare.model.versions('crowd')[0]?.containers).toEqual([{ name: 'crowd-box', class_name: 'Box' }])
    await succeeds('crowd', ['delete', '--force'])
    expect(cloudflare.model.scripts.has('crowd')).toBe(false)
  })

  it('is refused code that does not start', async () => {
    write('site/index.js', "const key = globalThis.missing.key\nexport default { fetch: () => new Response(key) }")
    const run = await wrangler('site', ['versions', 'upload'])
    expect(run.code).toBe(1)
    expect(run.stdout + run.stderr).toContain("Cannot read properties of undefined (reading 'key')")
    expect(run.entries.find((entry) => entry['type'] === 'command-failed')).toMatchObject({ code: 10_021 })
  })

  it('answers who the token is', async () => {
    const run = await succeeds('ferry', ['whoami', '--json'])
    expect(JSON.parse(run.stdout)).toMatchObject({ loggedIn: true, email: 'deploys@example.com' })
  })

  it('waits as long as a rate limit says, then uploads', async () => {
    cloudflare.model.rateLimit({ method: 'POST', path: /\/versions$/, retryAfterSeconds: 1 })
    const before = cloudflare.model.versions(ferry).length
    await upload('four')
    expect(cloudflare.model.versions(ferry)).toHaveLength(before + 1)
  })
})
