import { parse as parseJsonc } from 'jsonc-parser'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'

/** A lockfile beside or above the Worker. */
export interface Lockfile {
  readonly name: string
  readonly text: string
  /** Path of the Worker's folder from the lockfile's; empty when they are the same. */
  readonly workerPath: string
  /** What the Worker's package.json asks for, e.g. `^4.100.0`; tells two locked versions apart. */
  readonly wanted?: string
}

const EXACT = /^\d+\.\d+\.\d+(?:-[\w.-]+)?$/

/** Names that `readLockedVersion` knows. */
export const LOCKFILES = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock'] as const

/** Finds the exact version of wrangler that a lockfile gives the Worker; `undefined` if there is none. */
export function readLockedVersion(lockfile: Lockfile): string | undefined {
  const version = readerOf(lockfile)?.(lockfile)
  return version !== undefined && EXACT.test(version) ? version : undefined
}

function readerOf({ name }: Lockfile): ((lockfile: Lockfile) => string | undefined) | undefined {
  if (name === 'package-lock.json' || name === 'npm-shrinkwrap.json') return fromNpm
  if (name === 'pnpm-lock.yaml') return fromPnpm
  if (name === 'yarn.lock') return fromYarn
  return name === 'bun.lock' ? fromBun : undefined
}

const versioned = z.looseObject({ version: z.string().optional() })

const npmSchema = z.looseObject({
  /** lockfileVersion 2 and 3 (docs "package-lock.json"). */
  packages: z.record(z.string(), versioned).optional(),
  /** lockfileVersion 1. */
  dependencies: z.record(z.string(), versioned).optional(),
})

/** Looks where Node would: in the folder's own `node_modules`, then in each one above. */
function fromNpm({ text, workerPath }: Lockfile): string | undefined {
  const lock = npmSchema.safeParse(parseJsonc(text)).data
  const folders = workerPath === '' ? [] : workerPath.split('/')
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    const place = [...folders.slice(0, depth), 'node_modules/wrangler'].join('/')
    const found = lock?.packages?.[place]?.version
    if (found !== undefined) return found
  }
  return lock?.dependencies?.['wrangler']?.version
}

const pnpmDependencies = z.record(z.string(), z.union([z.string(), z.looseObject({ version: z.string() })])).optional()
const pnpmImporter = z.looseObject({
  dependencies: pnpmDependencies,
  devDependencies: pnpmDependencies,
  optionalDependencies: pnpmDependencies,
})
const pnpmSchema = pnpmImporter.extend({ importers: z.record(z.string(), pnpmImporter).optional() })

/** The Worker's own importer, else the workspace's root, whose binaries pnpm also puts on the path. */
function fromPnpm({ text, workerPath }: Lockfile): string | undefined {
  const lock = pnpmSchema.safeParse(parseOrNothing(text)).data
  const importers = [lock?.importers?.[workerPath === '' ? '.' : workerPath], lock?.importers?.['.'], lock]
  for (const importer of importers) {
    const found = importer?.devDependencies?.['wrangler'] ?? importer?.dependencies?.['wrangler'] ?? importer?.optionalDependencies?.['wrangler']
    // "4.164.0(@cloudflare/workers-types@4.2…)": the peers that it was resolved with follow.
    if (found !== undefined) return (typeof found === 'string' ? found : found.version).replace(/[(_].*$/, '')
  }
  return undefined
}

/** Both forms of yarn.lock: `wrangler@^4.0.0:` / `  version "4.1.0"`, and `"wrangler@npm:^4.0.0":` / `  version: 4.1.0`. */
function fromYarn({ text, wanted }: Lockfile): string | undefined {
  const entries = [...text.matchAll(/^"?((?:wrangler@[^\n"]+)(?:"?, "?wrangler@[^\n"]+)*)"?:\n(?: {2}.*\n)*? {2}version:? "?([^"\n]+)"?$/gm)]
  const found = entries.map(([, header = '', version = '']) => ({ ranges: header.split(/"?, "?/).map(rangeOf), version }))
  const asked = found.find((entry) => wanted !== undefined && entry.ranges.includes(wanted))
  if (asked !== undefined) return asked.version
  const versions = new Set(found.map((entry) => entry.version))
  return versions.size === 1 ? found[0]?.version : undefined
}

/** A range of another protocol (`patch:`, `git+…`) stays as it is, and equals none that npm could install. */
function rangeOf(descriptor: string): string {
  return descriptor.replace(/^wrangler@(?:npm:)?/, '')
}

const bunSchema = z.looseObject({
  workspaces: z.record(z.string(), z.looseObject({ name: z.string().optional() })).optional(),
  packages: z.record(z.string(), z.array(z.unknown())).optional(),
})

/** `packages` maps a name, or `workspace/name` where it is not hoisted, to `["wrangler@4.1.0", …]`. */
function fromBun({ text, workerPath }: Lockfile): string | undefined {
  const lock = bunSchema.safeParse(parseJsonc(text)).data
  const workspace = lock?.workspaces?.[workerPath]?.name
  const entry = (workspace === undefined ? undefined : lock?.packages?.[`${workspace}/wrangler`]) ?? lock?.packages?.['wrangler']
  const [resolved] = entry ?? []
  return typeof resolved === 'string' ? resolved.replace(/^wrangler@/, '') : undefined
}

function parseOrNothing(text: string): unknown {
  try {
    return parseYaml(text)
  } catch {
    return undefined
  }
}
