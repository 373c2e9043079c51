import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readWorkerConfig, writeDeployableConfig, type ConfigQuery } from '../../src/shell/wrangler-config.ts'

let root: string
beforeEach(() => void (root = realpathSync(mkdtempSync(join(tmpdir(), 'wrangler-config-')))))
afterEach(() => rmSync(root, { recursive: true }))

function write(path: string, content: unknown): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content))
}

async function read(from = '.', more: Partial<ConfigQuery> = {}) {
  const answer = await readWorkerConfig({ root, workingDirectory: join(root, from), ...more })
  if (answer.kind === 'problems') return answer.problems
  const { path, isGenerated, worker } = answer.config
  return `${worker.scriptName} from ${relative(root, path)}${isGenerated ? ', generated' : ''}`
}

describe('the file', () => {
  it('is found in a folder above, and not above the repository', async () => {
    write('wrangler.jsonc', { name: 'above' })
    write('app/deep/index.js', '')
    expect(await read('app/deep')).toBe('above from wrangler.jsonc')
    expect(await read('app/deep', { root: join(root, 'app') })).toEqual([
      'deep: no wrangler.json, wrangler.jsonc or wrangler.toml here or in a folder above',
    ])
  })

  it('is chosen by name before nearness, as wrangler does', async () => {
    write('wrangler.json', { name: 'above' })
    write('app/wrangler.toml', 'name = "here"')
    expect(await read('app')).toBe('above from wrangler.json')
  })

  it('is the one that is named', async () => {
    write('wrangler.json', { name: 'default' })
    write('app/other.toml', 'name = "other"')
    expect(await read('.', { file: 'app/other.toml' })).toBe('other from app/other.toml')
    expect(await read('app', { file: '../missing.json' })).toEqual(['missing.json: there is no such file'])
    expect(await read('.', { file: '../wrangler.json' })).toEqual(['../wrangler.json: the file lies outside the repository'])
  })

  it('is the one that a build tool generated', async () => {
    write('app/wrangler.json', { name: 'written' })
    write('app/.wrangler/deploy/config.json', { configPath: '../../dist/wrangler.json' })
    write('app/dist/wrangler.json', { name: 'built', targetEnvironment: 'production' })
    expect(await read('app', { environment: 'production' })).toBe('built from app/dist/wrangler.json, generated')
  })

  it.each([
    ['beside another file', { 'wrangler.json': { name: 'a' }, 'app/.wrangler/deploy/config.json': { configPath: 'x' } }, 'it does not lie beside wrangler.json'],
    ['to nowhere', { 'app/.wrangler/deploy/config.json': { configPath: '../../gone.json' } }, '`configPath` leads to app/gone.json, which does not exist'],
    ['out of the repository', { 'app/.wrangler/deploy/config.json': { configPath: '/etc/wrangler.json' } }, '`configPath` leads outside the repository'],
    ['without a path', { 'app/.wrangler/deploy/config.json': {} }, '`configPath` is missing'],
    ['that is broken', { 'app/.wrangler/deploy/config.json': '{' }, '1:2: CloseBraceExpected'],
  ])('is refused when a build tool leads %s', async (_name, files, expected) => {
    for (const [path, content] of Object.entries(files)) write(path, content)
    write('app/index.js', '')
    expect(await read('app')).toEqual([expect.stringContaining(`app/.wrangler/deploy/config.json:`)])
    expect(await read('app')).toEqual([expect.stringContaining(expected)])
  })
})

describe('a problem names its place', () => {
  it.each([
    ['wrangler.json', '{\n  "name": "a",\n  "main" "b"\n}', 'wrangler.json:3:10: ColonExpected'],
    ['wrangler.json', '', 'wrangler.json:1:1: '],
    ['wrangler.toml', 'name = "a"\nmain = \n', 'wrangler.toml:2:8: '],
    ['wrangler.jsonc', '{\n  // ours\n  "name": "a",\n  "logpush": "yes", }', 'wrangler.jsonc:4:14: `logpush`: Invalid input: expected boolean'],
    ['wrangler.jsonc', '{ "name": "a b" }', 'wrangler.jsonc:1:11: `name`: the Worker\'s name would be "a b"'],
    ['wrangler.toml', 'name = "a"\nlogpush = "yes"', 'wrangler.toml: `logpush`: Invalid input: expected boolean'],
  ])('in %s', async (file, text, expected) => {
    write(file, text)
    expect(await read()).toEqual([expect.stringContaining(expected)])
  })
})

// The judge is wrangler itself: what it says it would deploy, without deploying.
describe('the name is the one that wrangler takes', () => {
  const common = { main: 'index.js', compatibility_date: '2026-01-01' }
  it.each([
    ['at the top level', { name: 'ferry', env: { production: {} } }, undefined],
    ['of an environment without a name', { name: 'ferry', env: { production: {} } }, 'production'],
    ['of an environment with a name', { name: 'ferry', env: { production: { name: 'ferry-live' } } }, 'production'],
    ['of an environment that nobody declared', { name: 'ferry' }, 'production'],
  ])('%s', async (_name, config, environment) => {
    write('wrangler.json', { ...common, ...config })
    write('index.js', 'export default { fetch: () => new Response() }')
    const entry = await dryRun(['--config', join(root, 'wrangler.json'), '--env', environment ?? ''])
    expect(await read('.', environment === undefined ? {} : { environment })).toBe(`${entry} from wrangler.json`)
  })

  it('and stays so in the configuration of a finished build, which runs no build command', async () => {
    write('wrangler.toml', 'name = "ferry"\nmain = "src/gone.ts"\ncompatibility_date = 2026-01-01\n[build]\ncommand = "touch ran"\n[env.production.vars]\nA = "b"')
    write('built/bundle/index.js', 'export default { fetch: () => new Response() }')
    const answer = await readWorkerConfig({ root, workingDirectory: root, environment: 'production' })
    if (answer.kind === 'problems') throw new Error(answer.problems.join())
    const path = await writeDeployableConfig(answer.config, { entry: join(root, 'built/bundle/index.js') }, join(root, 'built'))
    expect(await dryRun(['--config', path, '--env', 'production'])).toBe('ferry-production')
    expect(() => readFileSync(join(root, 'ran'))).toThrow('ENOENT')
  })
})

async function dryRun(args: readonly string[]): Promise<string> {
  const output = join(root, 'output.ndjson')
  const bin = join(import.meta.dirname, '../../node_modules/wrangler/bin/wrangler.js')
  const env = { PATH: dirname(process.execPath), HOME: root, CI: 'true', WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true', WRANGLER_OUTPUT_FILE_PATH: output }
  await new Promise<void>((resolve, reject) => {
    execFile(process.execPath, [bin, 'deploy', '--dry-run', ...args], { cwd: root, env }, (error, stdout, stderr) =>
      error === null ? resolve() : reject(new Error(stdout + stderr)),
    )
  })
  const entries = readFileSync(output, 'utf8').trim().split('\n').map((line) => z.looseObject({ type: z.string(), worker_name: z.string().optional() }).parse(JSON.parse(line)))
  return entries.find((entry) => entry.type === 'deploy')?.worker_name ?? 'no name'
}
