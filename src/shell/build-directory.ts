import { createHash } from 'node:crypto'
import { cp, lstat, mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import { z } from 'zod'

const MANIFEST = 'sleepwell-build.json'

const manifestSchema = z.object({
  schemaVersion: z.literal(1),
  /** Entry module, from `bundle/`. */
  entry: z.string().regex(/^[\w.-]+$/),
  hasAssets: z.boolean(),
})
export type BuildManifest = z.infer<typeof manifestSchema>

/** What the build job hands over: `bundle/` as wrangler made it, `assets/` if the Worker has some. */
export interface BuildParts {
  readonly bundle: string
  readonly assets?: string
  readonly entry: string
}

/** Copies the parts into `target` and returns the digest of all of it. */
export async function packBuild(parts: BuildParts, target: string): Promise<string> {
  await mkdir(target, { recursive: true })
  await copyOwn(parts.bundle, join(target, 'bundle'))
  if (parts.assets !== undefined) await copyOwn(parts.assets, join(target, 'assets'))
  const manifest: BuildManifest = { schemaVersion: 1, entry: parts.entry, hasAssets: parts.assets !== undefined }
  await writeFile(join(target, MANIFEST), `${JSON.stringify(manifest)}\n`)
  return digestOf(target)
}

/** Links are followed only within the folder: one that leads out could publish a file of the build job. */
async function copyOwn(from: string, to: string): Promise<void> {
  const root = await realpath(from)
  const isOwn = async (path: string) => {
    const way = relative(root, await realpath(path))
    if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) throw new Error(`${relative(from, path)} is a link that leads out of ${from}`)
    return true
  }
  await cp(from, to, { recursive: true, dereference: true, filter: isOwn })
}

export type Unpacked =
  | { readonly kind: 'ok'; readonly manifest: BuildManifest }
  | { readonly kind: 'refused'; readonly message: string }

/**
 * Checks a build that another job made with the caller's own code: nothing but plain files (a link could
 * name a file of this job), and exactly those whose digest the build job gave.
 */
export async function openBuild(directory: string, digest: string): Promise<Unpacked> {
  const odd = await firstOddEntry(directory)
  if (odd !== undefined) return { kind: 'refused', message: `the build holds ${odd}, which is neither a plain file nor a folder` }
  const seen = await digestOf(directory)
  if (seen !== digest) return { kind: 'refused', message: `the build's digest is ${seen}, but the build job gave ${digest}` }
  const manifest = manifestSchema.safeParse(parseJson(await readFile(join(directory, MANIFEST), 'utf8').catch(() => '')))
  if (!manifest.success) return { kind: 'refused', message: `the build has no readable ${MANIFEST}` }
  return { kind: 'ok', manifest: manifest.data }
}

/** SHA-256 over each file's path and content, in the order of their paths; hexadecimal. */
export async function digestOf(directory: string): Promise<string> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => relative(directory, join(entry.parentPath, entry.name)))
  const digest = createHash('sha256')
  for (const path of paths.toSorted()) {
    const content = createHash('sha256').update(await readFile(join(directory, path))).digest('hex')
    digest.update(`${path}\0${content}\n`)
  }
  return digest.digest('hex')
}

async function firstOddEntry(directory: string): Promise<string | undefined> {
  if (!(await lstat(directory)).isDirectory()) return directory
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const odd = entries.find((entry) => !entry.isFile() && !entry.isDirectory())
  return odd === undefined ? undefined : relative(directory, join(odd.parentPath, odd.name))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
