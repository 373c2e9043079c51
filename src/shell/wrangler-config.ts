import { readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { z } from 'zod'
import { resolveWorker, type ConfigProblem, type Worker } from '../core/wrangler-config.ts'
import { deployableConfig, type BuiltParts } from '../core/wrangler-config/deployable.ts'
import type { RawConfig } from '../core/wrangler-config/raw-config.ts'
import { parseConfigText, type ParsedText } from './wrangler-config/parse-text.ts'

export interface ConfigQuery {
  /** Folder of the Worker; absolute. */
  readonly workingDirectory: string
  /** The repository's root: nothing above it is looked at; absolute. */
  readonly root: string
  /** Names the file, from the working directory; otherwise it is found by wrangler's rules. */
  readonly file?: string
  /** Wrangler's environment: the input's, else `CLOUDFLARE_ENV`. */
  readonly environment?: string
}

export interface FoundConfig {
  readonly path: string
  /** A build tool made the file, and `.wrangler/deploy/config.json` leads to it. */
  readonly isGenerated: boolean
}

export interface WorkerConfig extends FoundConfig {
  readonly worker: Worker
  readonly raw: RawConfig
}

/** Problems are sentences that begin with their place: `wrangler.jsonc:3:7: …`. */
export type ReadConfig =
  | { readonly kind: 'ok'; readonly config: WorkerConfig }
  | { readonly kind: 'problems'; readonly problems: readonly string[] }

/** Finds, reads and resolves a Worker's configuration, by the rules of wrangler 4.164.0. */
export async function readWorkerConfig(query: ConfigQuery): Promise<ReadConfig> {
  const found = await findConfig(query)
  if ('problem' in found) return { kind: 'problems', problems: [found.problem] }
  const shown = relative(query.root, found.path)
  const text = await readText(found.path)
  if (text === undefined) return { kind: 'problems', problems: [`${shown}: there is no such file`] }
  const parsed = parseConfigText(found.path, text)
  if (parsed.kind === 'broken') return { kind: 'problems', problems: parsed.problems.map((one) => `${shown}:${one}`) }
  const resolved = resolveWorker(parsed.value, { environment: query.environment, isGenerated: found.isGenerated })
  if (resolved.kind === 'problems') return { kind: 'problems', problems: resolved.problems.map((one) => placed(shown, parsed, one)) }
  return { kind: 'ok', config: { ...found, worker: resolved.worker, raw: resolved.raw } }
}

/** Writes the configuration that uploads a finished build; the result is for wrangler's `--config`. */
export async function writeDeployableConfig(config: WorkerConfig, parts: BuiltParts, directory: string): Promise<string> {
  const path = join(directory, 'wrangler.json')
  await writeFile(path, JSON.stringify(deployableConfig(config.raw, parts, dirname(config.path))))
  return path
}

type Found = FoundConfig | { readonly problem: string }

const REDIRECT = '.wrangler/deploy/config.json'

/** Each name is looked for up to the root before the next one is: `wrangler.json` above beats `wrangler.toml` here. */
async function findConfig({ workingDirectory, root, file }: ConfigQuery): Promise<Found> {
  if (file !== undefined && file !== '') {
    const path = resolve(workingDirectory, file)
    return isWithin(root, path) ? { path, isGenerated: false } : { problem: `${file}: the file lies outside the repository` }
  }
  const folders = foldersUpTo(root, workingDirectory)
  const own = (await firstFile(folders, 'wrangler.json')) ?? (await firstFile(folders, 'wrangler.jsonc')) ?? (await firstFile(folders, 'wrangler.toml'))
  const redirect = await firstFile(folders, REDIRECT)
  if (redirect !== undefined) return followRedirect(redirect, own, root)
  if (own === undefined) return { problem: `${relative(root, workingDirectory) || '.'}: no wrangler.json, wrangler.jsonc or wrangler.toml here or in a folder above` }
  return { path: own, isGenerated: false }
}

const redirectSchema = z.object({ configPath: z.string().min(1) })

async function followRedirect(redirect: string, own: string | undefined, root: string): Promise<Found> {
  const shown = relative(root, redirect)
  if (own !== undefined && join(dirname(own), REDIRECT) !== redirect) {
    return { problem: `${shown}: it does not lie beside ${relative(root, own)}, so it is not clear which of the two counts; delete it if it is left over from a build` }
  }
  const parsed = parseConfigText(redirect, (await readText(redirect)) ?? '')
  if (parsed.kind === 'broken') return { problem: `${shown}:${parsed.problems[0] ?? '1:1'}` }
  const decoded = redirectSchema.safeParse(parsed.value)
  if (!decoded.success) return { problem: `${shown}: \`configPath\` is missing` }
  const path = resolve(dirname(redirect), decoded.data.configPath)
  if (!isWithin(root, path)) return { problem: `${shown}: \`configPath\` leads outside the repository` }
  if (!(await isFile(path))) return { problem: `${shown}: \`configPath\` leads to ${relative(root, path)}, which does not exist` }
  return { path, isGenerated: true }
}

function foldersUpTo(root: string, from: string): readonly string[] {
  const folders = [from]
  for (let folder = from; folder !== root && isWithin(root, folder); folder = dirname(folder)) folders.push(dirname(folder))
  return folders
}

async function firstFile(folders: readonly string[], name: string): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, name)
    if (await isFile(path)) return path
  }
  return undefined
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found?.isFile() === true
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined)
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '..' && !way.startsWith('../') && !isAbsolute(way)
}

function placed(file: string, parsed: Extract<ParsedText, { kind: 'ok' }>, { path, message }: ConfigProblem): string {
  const place = parsed.placeOf(path)
  const field = path.length === 0 ? '' : ` \`${path.join('.')}\`:`
  return `${file}${place === undefined ? '' : `:${place}`}:${field} ${message}`
}
