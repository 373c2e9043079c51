import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { noEdge, startCloudflare, type Cloudflare } from '../../sandbox/cloudflare/control-plane.ts'
import { createWorld, type World } from '../../sandbox/world.ts'
import { openWrangler, type WranglerOptions } from '../../src/shell/wrangler.ts'
import { readWorkerConfig, writeDeployableConfig } from '../../src/shell/wrangler-config.ts'

const realWrangler = join(import.meta.dirname, '../../node_modules/wrangler/bin/wrangler.js')
const token = 'cf-token-0123456789'
const labels = { tag: 'abc123', message: 'sleepwell/deploy/1.1 upload' }

let world: World
let cloudflare: Cloudflare
let folder: string
let lines: string[]
let stop: AbortController

beforeEach(async () => {
  world = createWorld()
  cloudflare = await startCloudflare(world, { edge: noEdge, accountId: 'd'.repeat(32), token })
  folder = mkdtempSync(join(tmpdir(), 'wrangler-port-'))
  lines = []
  stop = new AbortController()
})
afterEach(async () => {
  await cloudflare[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

function open(executable: string, changes: Partial<WranglerOptions> = {}) {
  return openWrangler({
    executable,
    accountId: cloudflare.accountId,
    token,
    apiBaseUrl: cloudflare.apiBaseUrl,
    variables: {},
    log: (line) => void lines.push(line),
    mask: (text) => text.replaceAll('worker-secret', '***'),
    stop: stop.signal,
    ...changes,
  })
}

function write(path: string, content: string): string {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), content)
  return join(folder, path)
}

function config(more: object = {}): string {
  write('index.js', 'export default { fetch: () => new Response("hello") }')
  return write('wrangler.json', JSON.stringify({ name: 'ferry', main: 'index.js', no_bundle: true, compatibility_date: '2026-01-01', ...more }))
}

describe('the real wrangler', () => {
  it('deploys fully, uploads a version that users do not see, and applies triggers', async () => {
    await using wrangler = await open(realWrangler)
    const configPath = config({ triggers: { crons: ['*/5 * * * *'] }, env: { staging: {} } })
    const first = await wrangler.deployFully({ configPath }, labels)
    const live = cloudflare.model.live('ferry')
    expect(first).toEqual({ kind: 'deployed', versionId: live?.versions[0]?.versionId, workerName: 'ferry' })
    const uploaded = await wrangler.uploadVersion({ configPath }, { ...labels, tag: 'def456' })
    const [newest] = cloudflare.model.versions('ferry')
    expect(uploaded).toMatchObject({ kind: 'uploaded', versionId: newest?.id, workerName: 'ferry' })
    expect(newest).toMatchObject({ tag: 'def456', message: labels.message })
    expect(cloudflare.model.live('ferry')?.id).toBe(live?.id)
    expect(await wrangler.applyTriggers({ configPath })).toEqual({ kind: 'applied' })
    expect(cloudflare.model.script('ferry')).toMatchObject({ schedules: [{ cron: '*/5 * * * *' }] })
    expect(lines.join('\n')).toContain('Uploaded ferry')
    expect(world.violations).toEqual([])
  })

  it('is sent to the environment that is named', async () => {
    await using wrangler = await open(realWrangler)
    const deployed = await wrangler.deployFully({ configPath: config({ env: { staging: {} } }), environment: 'staging' }, labels)
    expect(deployed).toMatchObject({ kind: 'deployed', workerName: 'ferry-staging' })
  })

  it('fails with the code of the API, and such an upload is not worth another try', async () => {
    await using wrangler = await open(realWrangler)
    const configPath = config()
    await wrangler.deployFully({ configPath }, labels)
    world.faults.push({
      service: 'cloudflare',
      method: 'POST',
      path: /\/versions$/,
      fault: { kind: 'answer', status: 400, body: { success: false, errors: [{ code: 10_021, message: 'Uncaught ReferenceError: worker-secret' }], messages: [] } },
    })
    const failed = await wrangler.uploadVersion({ configPath }, labels)
    expect(failed).toMatchObject({ kind: 'failed', code: '10021', retriable: false, message: expect.stringContaining('ReferenceError: ***') })
    expect(JSON.stringify(failed)).not.toMatch(/\\u001b|sleepwell-wrangler-/)
  })

  it('fails worth another try when the API was down for a moment', async () => {
    await using wrangler = await open(realWrangler)
    const configPath = config()
    await wrangler.deployFully({ configPath }, labels)
    world.faults.push({ service: 'cloudflare', path: /\/services\//, fault: { kind: 'answer', status: 503, body: '<html>down</html>' } })
    expect(await wrangler.uploadVersion({ configPath }, labels)).toMatchObject({ kind: 'failed', retriable: true })
    expect(await wrangler.uploadVersion({ configPath }, labels)).toMatchObject({ kind: 'uploaded' })
  })

  it('reads no .env beside the configuration, which could rename the Worker or send the token elsewhere', async () => {
    await using wrangler = await open(realWrangler)
    write('.env', 'WRANGLER_CI_OVERRIDE_NAME=elsewhere')
    expect(await wrangler.deployFully({ configPath: config() }, labels)).toMatchObject({ kind: 'deployed', workerName: 'ferry' })
  })
})

describe('a finished build', () => {
  it('is uploaded as it was bundled, with its modules and assets, and without running the caller\'s build', async () => {
    write('repo/src/index.js', 'import note from "./note.txt"\nimport lib from "./lib.wasm"\nexport default { fetch: () => new Response(note + lib) }')
    write('repo/src/note.txt', 'a note')
    writeFileSync(join(folder, 'repo/src/lib.wasm'), Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]))
    write('repo/public/index.html', '<h1>hello</h1>')
    const repository = { name: 'ferry', main: 'src/index.js', compatibility_date: '2026-01-01', assets: { directory: 'public' } }
    const built = write('repo/wrangler.json', JSON.stringify(repository))
    const variables = { PATH: dirname(process.execPath), HOME: folder, CI: 'true', WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true' }
    await promisify(execFile)(process.execPath, [realWrangler, 'deploy', '--dry-run', '--config', built, '--outdir', join(folder, 'build/bundle')], { env: variables, cwd: folder })
    write('build/assets/index.html', '<h1>hello</h1>')
    write('repo/wrangler.json', JSON.stringify({ ...repository, build: { command: `touch ${join(folder, 'ran')}` }, env: { live: { vars: { A: 'b' } } } }))

    const read = await readWorkerConfig({ root: join(folder, 'repo'), workingDirectory: join(folder, 'repo'), environment: 'live' })
    if (read.kind === 'problems') throw new Error(read.problems.join())
    const parts = { entry: join(folder, 'build/bundle/index.js'), assetsDirectory: join(folder, 'build/assets') }
    const target = { configPath: await writeDeployableConfig(read.config, parts, join(folder, 'build')), environment: 'live' }
    await using wrangler = await open(realWrangler)
    expect(await wrangler.deployFully(target, labels)).toMatchObject({ kind: 'deployed', workerName: 'ferry-live' })
    expect(await wrangler.uploadVersion(target, labels)).toMatchObject({ kind: 'uploaded' })
    const [newest] = cloudflare.model.versions('ferry-live')
    expect(newest?.modules.map((file) => file.name.replace(/^[0-9a-f]{40}/, 'hash')).toSorted()).toEqual(['hash-lib.wasm', 'hash-note.txt', 'index.js'])
    expect(newest?.assets?.files.map((file) => file.path)).toEqual(['/index.html'])
    expect(newest?.bindings).toMatchObject([{ name: 'A', text: 'b' }])
    expect(existsSync(join(folder, 'ran'))).toBe(false)
  })
})

const standIn = (code: string) => write('stand-in.mjs', code)

async function isGone(pid: number): Promise<boolean> {
  // A killed orphan may stay a zombie until somebody reaps it.
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => 'State:\tZ')
  return /^State:\s+Z/m.test(status)
}

// A stand-in for wrangler says what it was given, or misbehaves; the port is the real one.
describe('whatever wrangler does', () => {
  const target = { configPath: '/somewhere/wrangler.json' }
  const reported = z.object({ args: z.array(z.string()), env: z.record(z.string(), z.string()), cwd: z.string() })

  it('gets only the variables it needs', async () => {
    const executable = standIn(`console.log(JSON.stringify({ args: process.argv.slice(2), env: process.env, cwd: process.cwd() }))`)
    const variables = {
      GITHUB_TOKEN: 'x', GITHUB_ENV: '/x', ACTIONS_RUNTIME_TOKEN: 'x', INPUT_TOKEN: 'x', NODE_OPTIONS: '--require /x', CLOUDFLARE_API_KEY: 'x',
      CLOUDFLARE_API_BASE_URL: 'http://evil', CLOUDFLARE_ENV: 'x', WRANGLER_CI_OVERRIDE_NAME: 'x', PATH: '/evil', HOME: '/root', SECRET: 'x',
      HTTPS_PROXY: 'http://proxy:1', LANG: 'C.UTF-8',
    }
    await using wrangler = await open(executable, { variables, token: 'another', mask: (text) => text })
    await wrangler.uploadVersion({ ...target, environment: 'staging' }, labels)
    const { args, env, cwd } = reported.parse(JSON.parse(lines[0] ?? ''))
    expect(args).toEqual(['versions', 'upload', '--config', target.configPath, '--env=staging', '--tag=abc123', `--message=${labels.message}`])
    expect(Object.keys(env).toSorted()).toEqual([
      'CI', 'CLOUDFLARE_ACCOUNT_ID', 'CLOUDFLARE_API_BASE_URL', 'CLOUDFLARE_API_TOKEN', 'FORCE_COLOR', 'HOME', 'HTTPS_PROXY', 'LANG', 'NO_COLOR', 'PATH', 'TMPDIR',
      'WRANGLER_HIDE_BANNER', 'WRANGLER_LOG_PATH', 'WRANGLER_OUTPUT_FILE_PATH', 'WRANGLER_SEND_ERROR_REPORTS', 'WRANGLER_SEND_METRICS', 'XDG_CONFIG_HOME',
    ])
    expect(env).toMatchObject({ CLOUDFLARE_API_BASE_URL: cloudflare.apiBaseUrl, HOME: cwd, HTTPS_PROXY: 'http://proxy:1' })
    expect(env['PATH']).not.toContain('/evil')
    expect(cwd).not.toContain(folder)
  })

  it('is left to its own API address when that is Cloudflare\'s', async () => {
    const executable = standIn(`console.log(JSON.stringify({ args: [], env: process.env, cwd: '' }))`)
    await using wrangler = await open(executable, { apiBaseUrl: 'https://api.cloudflare.com/client/v4' })
    await wrangler.applyTriggers(target)
    expect(reported.parse(JSON.parse(lines[0] ?? '')).env).not.toHaveProperty('CLOUDFLARE_API_BASE_URL')
  })

  it('shows no secret, not even one that arrives in pieces', async () => {
    const executable = standIn(`
      const say = (stream, text) => new Promise((done) => stream.write(text, done))
      const pause = () => new Promise((done) => setTimeout(done, 30))
      await say(process.stdout, 'the worker-sec'); await pause(); await say(process.stdout, 'ret and cf-token-01'); await pause()
      await say(process.stdout, '23456789\\n'); await say(process.stderr, 'bad cf-token-0123456789'); process.exitCode = 1`)
    await using wrangler = await open(executable)
    const failed = await wrangler.uploadVersion(target, labels)
    expect(lines.toSorted()).toEqual(['bad ***', 'the *** and ***'])
    expect(failed).toEqual({ kind: 'failed', code: 'wrangler-failed', message: 'bad ***', retriable: true })
  })

  it('shows no secret with a colour in its middle', async () => {
    await using wrangler = await open(standIn(`console.error('cf-token-\\x1B[31m0123456789\\x1B[0m'); process.exitCode = 1`))
    expect(await wrangler.applyTriggers(target)).toMatchObject({ message: '***' })
    expect(lines).toEqual(['***'])
  })

  it('gives the runner no commands', async () => {
    const executable = standIn(`console.log('::set-output name=ending::promoted\\n  ::error::x\\na ##[set-env name=A]b\\nstd::vector')`)
    await using wrangler = await open(executable)
    await wrangler.applyTriggers(target)
    expect(lines).toEqual([': :set-output name=ending::promoted', '  : :error::x', 'a ## [set-env name=A]b', 'std::vector'])
  })

  it('is not believed without the entry that names the version', async () => {
    await using wrangler = await open(standIn(`console.log('Uploaded! Version ID: 11111111-1111-4111-8111-111111111111')`))
    expect(await wrangler.uploadVersion(target, labels)).toMatchObject({ kind: 'failed', code: 'wrangler-failed', message: 'wrangler ended with 0 and gave no reason' })
  })

  it('keeps to one file of results a run', async () => {
    const entry = { type: 'version-upload', version: 1, worker_name: 'ferry', version_id: '11111111-1111-4111-8111-111111111111' }
    const executable = standIn(`
      import { appendFileSync, existsSync } from 'node:fs'
      const file = process.env.WRANGLER_OUTPUT_FILE_PATH
      if (existsSync(file)) throw new Error('used before')
      if (process.argv.includes('--tag=good')) appendFileSync(file, ${JSON.stringify(`not json\n${JSON.stringify(entry)}\n`)})`)
    await using wrangler = await open(executable)
    expect(await wrangler.uploadVersion(target, { ...labels, tag: 'good' })).toMatchObject({ kind: 'uploaded', workerName: 'ferry' })
    expect(await wrangler.uploadVersion(target, { ...labels, tag: 'other' })).toMatchObject({ kind: 'failed' })
  })

  it('is ended with all its children when the rollout is cancelled', async () => {
    const executable = standIn(`
      import { spawn } from 'node:child_process'
      process.on('SIGTERM', () => {})
      const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], { stdio: 'inherit' })
      console.log(child.pid)
      setInterval(() => {}, 1000)`)
    await using wrangler = await open(executable, { log: (line) => { lines.push(line); stop.abort() } })
    expect(await wrangler.uploadVersion(target, labels)).toEqual({ kind: 'stopped' })
    expect(await isGone(Number(lines[0]))).toBe(true)
    expect(await wrangler.uploadVersion(target, labels)).toEqual({ kind: 'stopped' })
  })

  it('is ended when it takes too long', async () => {
    await using wrangler = await open(standIn('setInterval(() => {}, 1000)'), { limitSeconds: 0.2 })
    expect(await wrangler.applyTriggers(target)).toMatchObject({ kind: 'failed', code: 'timed-out', retriable: true })
  })

  it('leaves nothing behind', async () => {
    const wrangler = await open(standIn('console.log(process.cwd()); setInterval(() => {}, 1000)'), { log: (line) => { lines.push(line); void wrangler[Symbol.asyncDispose]() } })
    expect(await wrangler.applyTriggers(target)).toEqual({ kind: 'stopped' })
    await wrangler[Symbol.asyncDispose]()
    expect(lines[0]).toContain('sleepwell-wrangler-')
    expect(() => rmSync(lines[0] ?? '')).toThrow('ENOENT')
  })
})
