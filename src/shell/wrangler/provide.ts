import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { z } from 'zod'
import { runChild } from '../child.ts'
import { LOCKFILES, readLockedVersion } from './locked-version.ts'
import { bareVariables, type Variables } from './variables.ts'

/** For callers that have no wrangler of their own. */
export const PINNED_WRANGLER = '4.164.0'
/** The first one whose `deploy` takes `--tag` and `--message` (workers-sdk 12445). */
const OLDEST_WRANGLER = [4, 66] as const

export interface WranglerQuery {
  /** Folder of the Worker; absolute. */
  readonly workingDirectory: string
  /** The repository's root; absolute. */
  readonly root: string
  /** An existing wrangler package, where no registry can be asked; used as it is. */
  readonly packageDirectory?: string
  /** Private folder to install into. */
  readonly directory: string
  /** The package manager; `npm` by default. */
  readonly npm?: readonly [command: string, ...args: string[]]
  readonly variables: Variables
  log(line: string): void
  readonly stop: AbortSignal
}

export type ProvidedWrangler =
  | { readonly kind: 'ok'; readonly executable: string; readonly version: string; readonly from: 'given' | 'lockfile' | 'pinned' }
  | { readonly kind: 'failed'; readonly code: 'wrangler-too-old' | 'wrangler-not-installed'; readonly message: string }

/**
 * Provides the caller's locked version of wrangler, or the pinned one, installed anew and without scripts.
 * Nothing out of the caller's `node_modules` is ever run: an install script may have replaced it.
 */
export async function provideWrangler(query: WranglerQuery): Promise<ProvidedWrangler> {
  if (query.packageDirectory !== undefined && query.packageDirectory !== '') return inspect(query.packageDirectory, 'given')
  const locked = await lockedVersion(query.workingDirectory, query.root)
  const version = locked ?? PINNED_WRANGLER
  if (isTooOld(version)) return tooOld(version)
  query.log(`wrangler ${version} ${locked === undefined ? '(no lockfile names one)' : '(as locked)'}: installing it without scripts`)
  const problem = await install(version, query)
  if (problem !== undefined) return { kind: 'failed', code: 'wrangler-not-installed', message: problem }
  return inspect(join(query.directory, 'node_modules/wrangler'), locked === undefined ? 'pinned' : 'lockfile')
}

/** The nearest lockfile that names a version decides. */
export async function lockedVersion(workingDirectory: string, root: string): Promise<string | undefined> {
  const wanted = await wantedRange(workingDirectory)
  for (let folder = workingDirectory; ; folder = dirname(folder)) {
    for (const name of LOCKFILES) {
      const text = await readFile(join(folder, name), 'utf8').catch(() => undefined)
      if (text === undefined) continue
      const found = readLockedVersion({ name, text, workerPath: relative(folder, workingDirectory), ...(wanted === undefined ? {} : { wanted }) })
      if (found !== undefined) return found
    }
    if (folder === root || folder === dirname(folder)) return undefined
  }
}

const ranges = z.record(z.string(), z.string()).optional()
const manifestSchema = z.looseObject({ dependencies: ranges, devDependencies: ranges })

async function wantedRange(directory: string): Promise<string | undefined> {
  const manifest = manifestSchema.safeParse(await readJson(join(directory, 'package.json'))).data
  return manifest?.devDependencies?.['wrangler'] ?? manifest?.dependencies?.['wrangler']
}

async function install(version: string, query: WranglerQuery): Promise<string | undefined> {
  const [command, ...args] = query.npm ?? ['npm']
  const { directory, variables } = query
  await mkdir(directory, { recursive: true })
  const lines: string[] = []
  const end = await runChild({
    command,
    args: [...args, 'install', '--ignore-scripts', '--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--prefix', directory, `wrangler@${version}`],
    directory,
    variables: { ...bareVariables(variables, directory), ...npmVariables(variables) },
    onLine(line) {
      lines.push(line)
      query.log(line)
    },
    stop: query.stop,
    limitSeconds: 300,
  })
  if (end.kind === 'exited' && end.code === 0) return undefined
  const reason = end.kind === 'not-started' ? end.message : lines.slice(-10).join('\n')
  return `wrangler ${version} could not be installed: ${reason || end.kind}`
}

/** npm lies where the runner's PATH says; a mirror of the registry is named by a variable, never by a file of the repository. */
function npmVariables(here: Variables): Readonly<Record<string, string>> {
  const names = ['PATH', 'npm_config_registry', 'NPM_CONFIG_REGISTRY']
  return Object.fromEntries(names.flatMap((name): [string, string][] => (here[name] === undefined ? [] : [[name, here[name]]])))
}

const packageSchema = z.looseObject({
  name: z.literal('wrangler'),
  version: z.string(),
  bin: z.looseObject({ wrangler: z.string() }),
})

async function inspect(directory: string, from: 'given' | 'lockfile' | 'pinned'): Promise<ProvidedWrangler> {
  const decoded = packageSchema.safeParse(await readJson(join(directory, 'package.json')))
  if (!decoded.success) return { kind: 'failed', code: 'wrangler-not-installed', message: `${directory} holds no wrangler package` }
  const { version, bin } = decoded.data
  return isTooOld(version) ? tooOld(version) : { kind: 'ok', executable: join(directory, bin.wrangler), version, from }
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor, oldestMinor] = OLDEST_WRANGLER
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor)
}

function tooOld(version: string): ProvidedWrangler {
  const oldest = `${OLDEST_WRANGLER.join('.')}.0`
  return { kind: 'failed', code: 'wrangler-too-old', message: `wrangler ${version} is too old: lock ${oldest} or newer` }
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch {
    return undefined
  }
}
