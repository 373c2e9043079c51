import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { exec } from '@actions/exec'
import { choosePackageManager } from '../core/package-manager.ts'
import type { BuildConfig } from '../inputs/config.ts'
import { packBuild } from '../shell/build-directory.ts'
import { PINNED_WRANGLER } from '../shell/wrangler/provide.ts'
import { readWorker, type Surroundings } from './session.ts'

/** As the runner starts it: nobody's start-up files, and the first failure ends it. */
const BASH = ['--noprofile', '--norc', '-euo', 'pipefail', '-c'] as const

/** Wrangler calls nobody on its own account, unless the caller wants it to. */
const QUIET_WRANGLER = { WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true' } as const

export type Built =
  | { readonly kind: 'built'; readonly outputs: Readonly<Record<string, string>> }
  | { readonly kind: 'failed'; readonly problems: readonly string[] }

/** Installs, builds and bundles with the caller's own tools; this job has no token, and the next runs none of them. */
export async function build(config: BuildConfig, around: Surroundings): Promise<Built> {
  const read = await readWorker(config)
  if (read.kind === 'problems') return { kind: 'failed', problems: read.problems }
  const { workingDirectory } = config.place
  const env = { ...QUIET_WRANGLER, ...definedOnly(around.variables), ...config.buildSecrets }
  const run = (command: string, args: readonly string[], cwd: string) =>
    exec(command, [...args], { cwd, env, ignoreReturnCode: true }).catch(() => 127)
  const installed = await install(config, run)
  if (installed !== undefined) return { kind: 'failed', problems: [installed] }
  if (config.buildCommand !== undefined && (await run('bash', [...BASH, config.buildCommand], workingDirectory)) !== 0) {
    return { kind: 'failed', problems: [`input "build-command": ${JSON.stringify(config.buildCommand)} failed; its output is above.`] }
  }
  const area = mkdtempSync(join(config.temporaryDirectory, 'sleepwell-build-'))
  const bundle = join(area, 'bundle')
  const environment = config.place.wranglerEnvironment
  const args = ['deploy', '--dry-run', '--outdir', bundle, '--config', read.config.path, `--env=${environment ?? ''}`]
  const [command, ...before] = wranglerCommand(config)
  if ((await run(command, [...before, ...args], workingDirectory)) !== 0) return { kind: 'failed', problems: ['wrangler could not bundle the Worker; its output is above.'] }
  const entry = entryOf(bundle, read.config.worker.main)
  if (entry === undefined) return { kind: 'failed', problems: [`wrangler bundled no entry module into ${bundle}.`] }
  const { assetsDirectory } = read.config.worker
  const assets = assetsDirectory === undefined ? undefined : resolve(dirname(read.config.path), assetsDirectory)
  if (assets !== undefined && !existsSync(assets)) return { kind: 'failed', problems: [`the assets' folder ${relative(config.place.workspace, assets)} is not there after the build.`] }
  const target = join(area, 'handed-over')
  const packed = await packBuild({ bundle, entry, ...(assets === undefined ? {} : { assets }) }, target).catch((error: unknown) => ({ problem: String(error) }))
  if (typeof packed !== 'string') return { kind: 'failed', problems: [`the build cannot be handed over: ${packed.problem}`] }
  around.runner.log(`Bundled ${read.config.worker.scriptName}: digest ${packed}.`)
  return { kind: 'built', outputs: { 'build-directory': target, 'build-digest': packed } }
}

type Run = (command: string, args: readonly string[], cwd: string) => Promise<number>

async function install({ installCommand, place }: BuildConfig, run: Run): Promise<string | undefined> {
  if (installCommand !== undefined) {
    const failed = (await run('bash', [...BASH, installCommand], place.workingDirectory)) !== 0
    return failed ? `input "install-command": ${JSON.stringify(installCommand)} failed; its output is above.` : undefined
  }
  const choice = choosePackageManager(foldersUp(place.workingDirectory, place.workspace).map((path) => ({ path, files: readdirSync(path) })))
  switch (choice.kind) {
    case 'none':
      return undefined
    case 'ambiguous':
      return `${relative(place.workspace, choice.folder) || '.'} has ${choice.lockfiles.join(' and ')}: remove one, or give input "install-command".`
    case 'chosen': {
      const [command, ...args] = choice.manager.install
      // pnpm and yarn come with Node through corepack; bun does not come at all.
      const viaCorepack = choice.manager.name === 'pnpm' || choice.manager.name === 'yarn'
      const code = viaCorepack ? await run('corepack', [command, ...args], choice.folder) : await run(command, args, choice.folder)
      return code === 0 ? undefined : `${choice.manager.install.join(' ')} failed with ${code}; its output is above. Input "install-command" replaces it.`
    }
  }
}

/** The caller's own wrangler if it is installed, else the pinned one. */
function wranglerCommand({ wranglerDirectory, place }: BuildConfig): readonly [string, ...string[]] {
  const own = foldersUp(place.workingDirectory, place.workspace).map((folder) => join(folder, 'node_modules/.bin/wrangler')).find((path) => existsSync(path))
  if (own === undefined && wranglerDirectory !== undefined) return [process.execPath, join(wranglerDirectory, 'bin/wrangler.js')]
  return own === undefined ? ['npx', '--yes', `wrangler@${PINNED_WRANGLER}`] : [own]
}

function foldersUp(from: string, to: string): readonly string[] {
  return from === to || from === dirname(from) ? [from] : [from, ...foldersUp(dirname(from), to)]
}

/** Wrangler names the bundle after the entry point; a Worker of several modules has more files beside it. */
function entryOf(bundle: string, main: string | undefined): string | undefined {
  const scripts = readdirSync(bundle).filter((name) => /\.m?js$/.test(name))
  const wanted = main === undefined ? undefined : `${basename(main).replace(/\.[cm]?[jt]sx?$/, '')}.js`
  return scripts.find((name) => name === wanted) ?? (scripts.length === 1 ? scripts[0] : undefined)
}

/** What the caller's own commands may see: neither our inputs nor the runner's own tokens. */
function definedOnly(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).flatMap(([name, value]) => (value === undefined || isHidden(name) ? [] : [[name, value]])))
}

function isHidden(name: string): boolean {
  return name === 'BUILD_SECRETS' || name.startsWith('INPUT_') || name.startsWith('ACTIONS_')
}
