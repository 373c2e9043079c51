import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readLockedVersion } from '../../src/shell/wrangler/locked-version.ts'
import { lockedVersion, PINNED_WRANGLER, provideWrangler, type WranglerQuery } from '../../src/shell/wrangler/provide.ts'

describe('the locked version', () => {
  const npm = JSON.stringify({
    lockfileVersion: 3,
    packages: {
      '': { devDependencies: { wrangler: '^4.0.0' } },
      'node_modules/wrangler': { version: '4.164.0', resolved: 'https://registry.example/wrangler/-/wrangler-4.164.0.tgz' },
      'apps/b/node_modules/wrangler': { version: '4.120.1' },
      'node_modules/b': { resolved: 'apps/b', link: true },
    },
  })
  const pnpm = `lockfileVersion: '9.0'
importers:
  .:
    devDependencies:
      wrangler:
        specifier: ^4.100.0
        version: 4.100.0(@cloudflare/workers-types@4.20260101.0)
  apps/b:
    dependencies:
      wrangler:
        specifier: 4.120.1
        version: 4.120.1
  apps/c:
    dependencies: {}
packages:
  wrangler@4.100.0:
    resolution: {integrity: sha512-x}
`
  const pnpmWithoutImporters = `lockfileVersion: 5.4
specifiers:
  wrangler: ^4.0.0
devDependencies:
  wrangler: 4.90.0_abc
`
  const yarnClassic = `# yarn lockfile v1


wrangler-cli@^1.0.0:
  version "1.0.0"

wrangler@4.90.0, wrangler@^4.80.0:
  version "4.90.0"
  resolved "https://registry.yarnpkg.com/wrangler/-/wrangler-4.90.0.tgz#abc"
  dependencies:
    esbuild "0.25.0"

"wrangler@>=4.100.0 <5":
  version "4.164.0"
`
  const yarnBerry = `__metadata:
  version: 8

"wrangler@npm:^4.100.0, wrangler@npm:^4.90.0":
  version: 4.164.0
  resolution: "wrangler@npm:4.164.0"
  dependencies:
    esbuild: "npm:0.25.0"
`
  const yarnPatched = `"wrangler@patch:wrangler@npm%3A4.164.0#./fix.patch":
  version: 4.164.0
  resolution: "wrangler@patch:wrangler@npm%3A4.164.0#./fix.patch::version=4.164.0"

"wrangler@npm:4.164.0":
  version: 4.164.0
`
  const bun = `{
  "lockfileVersion": 1,
  "workspaces": {
    "": { "name": "root", "devDependencies": { "wrangler": "^4.100.0" } },
    "apps/b": { "name": "b", "devDependencies": { "wrangler": "4.120.1", }, },
  },
  "packages": {
    "wrangler": ["wrangler@4.164.0", "", { "bin": {} }, "sha512-x=="],
    "b/wrangler": ["wrangler@4.120.1", "", {}, "sha512-y=="],
  },
}`

  it.each([
    ['npm', 'package-lock.json', npm, '', undefined, '4.164.0'],
    ['npm, in a workspace of its own version', 'package-lock.json', npm, 'apps/b', undefined, '4.120.1'],
    ['npm, in a workspace that shares it', 'package-lock.json', npm, 'apps/c/deep', undefined, '4.164.0'],
    ['npm before 7', 'package-lock.json', '{"lockfileVersion":1,"dependencies":{"wrangler":{"version":"4.70.0"}}}', '', undefined, '4.70.0'],
    ['npm, from git', 'package-lock.json', '{"dependencies":{"wrangler":{"version":"git+ssh://git@github.com/x/wrangler.git#abc"}}}', '', undefined, undefined],
    ['pnpm', 'pnpm-lock.yaml', pnpm, '', undefined, '4.100.0'],
    ['pnpm, in a workspace of its own version', 'pnpm-lock.yaml', pnpm, 'apps/b', undefined, '4.120.1'],
    ['pnpm, in a workspace without it', 'pnpm-lock.yaml', pnpm, 'apps/c', undefined, '4.100.0'],
    ['pnpm, from a folder', 'pnpm-lock.yaml', pnpm.replace('version: 4.120.1', 'version: link:../wrangler'), 'apps/b', undefined, undefined],
    ['pnpm without importers', 'pnpm-lock.yaml', pnpmWithoutImporters, '', undefined, '4.90.0'],
    ['yarn 1', 'yarn.lock', yarnClassic, '', '^4.80.0', '4.90.0'],
    ['yarn 1, with a quoted range', 'yarn.lock', yarnClassic, '', '>=4.100.0 <5', '4.164.0'],
    ['yarn 1, when two are locked and none is asked for', 'yarn.lock', yarnClassic, '', undefined, undefined],
    ['yarn 4', 'yarn.lock', yarnBerry, '', '^4.90.0', '4.164.0'],
    ['yarn 4, without a range', 'yarn.lock', yarnBerry, '', undefined, '4.164.0'],
    ['yarn 4, patched: the unpatched one', 'yarn.lock', yarnPatched, '', '4.164.0', '4.164.0'],
    ['bun', 'bun.lock', bun, '', undefined, '4.164.0'],
    ['bun, in a workspace of its own version', 'bun.lock', bun, 'apps/b', undefined, '4.120.1'],
    ['a lockfile without it', 'pnpm-lock.yaml', 'lockfileVersion: 9', '', undefined, undefined],
    ['a broken lockfile', 'package-lock.json', '{{{', '', undefined, undefined],
    ['another broken lockfile', 'pnpm-lock.yaml', 'a: [', '', undefined, undefined],
    ['an unknown lockfile', 'bun.lockb', '\0', '', undefined, undefined],
  ])('is read from %s', (_name, name, text, workerPath, wanted, expected) => {
    expect(readLockedVersion({ name, text, workerPath, ...(wanted === undefined ? {} : { wanted }) })).toBe(expected)
  })
})

let folder: string
let lines: string[]
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'wrangler-provide-')))
  lines = []
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(path: string, content: string): string {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), content)
  return join(folder, path)
}

function query(changes: Partial<WranglerQuery> = {}): WranglerQuery {
  // A stand-in for npm that says how it was called, and "installs" a package of the version it was asked for.
  const npm = write('npm.mjs', `
    import { mkdirSync, writeFileSync } from 'node:fs'
    const args = process.argv.slice(2)
    writeFileSync(${JSON.stringify(join(folder, 'called.json'))}, JSON.stringify({ args, env: process.env, cwd: process.cwd() }))
    const target = args[args.indexOf('--prefix') + 1] + '/node_modules/wrangler'
    mkdirSync(target, { recursive: true })
    writeFileSync(target + '/package.json', JSON.stringify({ name: 'wrangler', version: args.at(-1).split('@')[1], bin: { wrangler: './bin/wrangler.js' } }))`)
  mkdirSync(join(folder, 'repo/app'), { recursive: true })
  return {
    workingDirectory: join(folder, 'repo/app'),
    root: join(folder, 'repo'),
    directory: join(folder, 'private'),
    npm: [process.execPath, npm],
    variables: {},
    log: (line) => void lines.push(line),
    stop: new AbortController().signal,
    ...changes,
  }
}

const callSchema = z.object({ args: z.array(z.string()), env: z.record(z.string(), z.string()), cwd: z.string() })
const called = () => callSchema.parse(JSON.parse(readFileSync(join(folder, 'called.json'), 'utf8')))

const lock = (version: string) => JSON.stringify({ packages: { 'node_modules/wrangler': { version } } })

describe('wrangler', () => {
  it('is the locked one of the nearest lockfile that names it', async () => {
    query()
    write('repo/package-lock.json', lock('4.100.0'))
    write('repo/app/package-lock.json', '{}')
    expect(await lockedVersion(join(folder, 'repo/app'), join(folder, 'repo'))).toBe('4.100.0')
    write('repo/app/package-lock.json', lock('4.101.0'))
    expect(await lockedVersion(join(folder, 'repo/app'), join(folder, 'repo'))).toBe('4.101.0')
  })

  it('is not looked for above the repository', async () => {
    query()
    write('package-lock.json', lock('4.100.0'))
    expect(await lockedVersion(join(folder, 'repo/app'), join(folder, 'repo'))).toBeUndefined()
  })

  it('is installed anew, without scripts and without our environment, whatever lies in node_modules', async () => {
    const variables = { PATH: '/somewhere', GITHUB_TOKEN: 'x', NODE_OPTIONS: '-r x', INPUT_TOKEN: 'x', NPM_CONFIG_REGISTRY: 'http://mirror' }
    const asked = query({ variables })
    write('repo/package-lock.json', lock('4.100.0'))
    write('repo/node_modules/wrangler/package.json', JSON.stringify({ name: 'wrangler', version: '4.100.0', bin: { wrangler: './evil.js' } }))
    const provided = await provideWrangler(asked)
    expect(provided).toEqual({ kind: 'ok', version: '4.100.0', from: 'lockfile', executable: join(folder, 'private/node_modules/wrangler/bin/wrangler.js') })
    const { args, env, cwd } = called()
    expect(args).toContain('--ignore-scripts')
    expect(args.at(-1)).toBe('wrangler@4.100.0')
    expect(Object.keys(env).toSorted()).toEqual(['CI', 'FORCE_COLOR', 'HOME', 'NO_COLOR', 'NPM_CONFIG_REGISTRY', 'PATH', 'TMPDIR', 'XDG_CONFIG_HOME'])
    expect(cwd).toBe(join(folder, 'private'))
  })

  it('is the pinned one, the same that we test with, when nobody locked another', async () => {
    expect(await provideWrangler(query())).toMatchObject({ kind: 'ok', version: PINNED_WRANGLER, from: 'pinned' })
    const ours = z.object({ version: z.string() }).parse(JSON.parse(readFileSync('node_modules/wrangler/package.json', 'utf8')))
    expect(PINNED_WRANGLER).toBe(ours.version)
  })

  it('is the given package, and then nothing is installed', async () => {
    const given = join(import.meta.dirname, '../../node_modules/wrangler')
    const provided = await provideWrangler(query({ packageDirectory: given }))
    expect(provided).toEqual({ kind: 'ok', version: PINNED_WRANGLER, from: 'given', executable: join(given, 'bin/wrangler.js') })
    expect(called).toThrow('ENOENT')
  })

  it.each([
    ['a folder that is none', {}, 'wrangler-not-installed', 'holds no wrangler package'],
    ['another package', { name: 'other', version: '4.164.0', bin: { wrangler: 'x' } }, 'wrangler-not-installed', 'holds no wrangler package'],
    ['one that is too old', { name: 'wrangler', version: '4.65.9', bin: { wrangler: 'x' } }, 'wrangler-too-old', 'wrangler 4.65.9 is too old: lock 4.66.0 or newer'],
  ])('is refused as %s', async (_name, manifest, code, message) => {
    write('given/package.json', JSON.stringify(manifest))
    const provided = await provideWrangler(query({ packageDirectory: join(folder, 'given') }))
    expect(provided).toMatchObject({ kind: 'failed', code, message: expect.stringContaining(message) })
  })

  it('is refused before it is installed when the locked one is too old', async () => {
    const asked = query()
    write('repo/package-lock.json', lock('3.114.0'))
    expect(await provideWrangler(asked)).toMatchObject({ kind: 'failed', code: 'wrangler-too-old' })
    expect(called).toThrow('ENOENT')
  })

  it.each([
    ['npm fails', [process.execPath, '-e', 'console.error("no such version"); process.exit(1)'], 'no such version'],
    ['there is no npm', ['/nowhere/npm'], 'ENOENT'],
  ] as const)('cannot be had when %s', async (_name, npm, reason) => {
    expect(await provideWrangler(query({ npm }))).toEqual({ kind: 'failed', code: 'wrangler-not-installed', message: expect.stringContaining(reason) })
  })
})
