import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Miniflare, type MiniflareOptions } from 'miniflare'
import { z } from 'zod'
import type { Version } from '../types.ts'
import { versionWorkers, workerNames, type Surroundings } from './miniflare-options.ts'
import type { Storage } from './storage.ts'

/** One version's workerd process. */
export interface VersionRuntime extends AsyncDisposable {
  readonly version: Version
  /** Where the version answers, on loopback. */
  readonly port: number
  /** Where its KV and R2 are open to Durable Objects. */
  readonly storePort: number
  /** Requests and WebSockets that have not ended. */
  openConnections: number
}

export interface RuntimeContext extends Omit<Surroundings, 'assetsDirectory'> {
  readonly storage: Storage
  /** One line that the Worker or workerd wrote. */
  readonly onLog: (line: string) => void
}

/** Starts a version; rejects with workerd's own words when it does not take the code. */
export async function startVersion(version: Version, context: RuntimeContext): Promise<VersionRuntime> {
  const assetsDirectory = await writeAssets(version, context.storage)
  const workers = versionWorkers(version, { ...context, assetsDirectory })
  const folder = await context.storage.folder(join('versions', version.id))
  const miniflare = await startMiniflare({ ...context.storage.options(folder), workers }, context.onLog)
  const { own, doors } = workerNames(version.id)
  return {
    version,
    port: Number((await miniflare.unsafeGetDirectURL(own)).port),
    storePort: Number((await miniflare.unsafeGetDirectURL(doors)).port),
    openConnections: 0,
    [Symbol.asyncDispose]: () => miniflare.dispose(),
  }
}

/** Starts workerd with these options; what it writes before it fails becomes the error. */
export async function startMiniflare(options: MiniflareOptions, onLog: (line: string) => void): Promise<Miniflare> {
  const lines: string[] = []
  let starting = true
  const miniflare = new Miniflare({
    ...options,
    handleStructuredLogs: ({ message }) => {
      if (starting) lines.push(message)
      onLog(message)
    },
  })
  try {
    await miniflare.ready
  } catch (error) {
    await miniflare.dispose().catch(() => undefined)
    throw new Error(lines.length > 0 ? lines.join('\n') : String(error), { cause: error })
  }
  starting = false
  return miniflare
}

const rules = z.looseObject({ _redirects: z.string().optional(), _headers: z.string().optional() })

/** Miniflare serves assets from a folder; redirects and headers are files in it. */
async function writeAssets({ id, assets }: Version, storage: Storage): Promise<string | undefined> {
  if (assets === undefined) return undefined
  const folder = await storage.folder(join('assets', id))
  const { _redirects: redirects, _headers: headers } = rules.parse(assets.config)
  const files: (readonly [string, Buffer | string])[] = assets.files.map(({ path, content }) => [path, content])
  if (redirects !== undefined) files.push(['_redirects', redirects])
  if (headers !== undefined) files.push(['_headers', headers])
  for (const [path, content] of files) {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
  }
  return folder
}
