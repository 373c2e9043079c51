import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'

export interface Artifact {
  readonly id: string
  readonly name: string
  /** SHA-256 over the names and contents of its files, 64 hex digits. */
  readonly digest: string
  readonly directory: string
  readonly files: readonly string[]
}

/** The artifacts of one run. */
export interface ArtifactStore {
  readonly artifacts: readonly Artifact[]
  save(name: string, paths: readonly string[], options: { hidden: boolean; overwrite: boolean }): Artifact | undefined
  find(name: string): Artifact | undefined
  byId(id: string): Artifact | undefined
}

export function createArtifactStore(root: string): ArtifactStore {
  const artifacts: Artifact[] = []
  let nextId = 1001
  return {
    artifacts,
    find: (name) => artifacts.find((each) => each.name === name),
    byId: (id) => artifacts.find((each) => each.id === id),
    save(name, paths, { hidden, overwrite }) {
      const existing = artifacts.findIndex((each) => each.name === name)
      if (existing >= 0 && !overwrite) {
        throw new Error(`Failed to CreateArtifact: an artifact with this name already exists on the workflow run: ${name}`)
      }
      const files = paths.flatMap((path) => filesUnder(path, hidden))
      if (files.length === 0) return undefined
      const id = String(nextId)
      nextId += 1
      const directory = join(root, 'artifacts', id)
      const base = commonFolder(paths, files)
      const names = files.map((file) => relative(base, file))
      for (const [index, file] of files.entries()) copyFile(file, join(directory, names[index] ?? basename(file)))
      const artifact = { id, name, digest: digestOf(directory, names), directory, files: names }
      if (existing >= 0) artifacts.splice(existing, 1)
      artifacts.push(artifact)
      return artifact
    },
  }
}

/** The digest of an artifact as it lies there now, to be compared with the one of its upload. */
export function digestOf(directory: string, files: readonly string[]): string {
  const hash = createHash('sha256')
  for (const file of files.toSorted()) {
    const path = join(directory, file)
    hash.update(`${file}\0`).update(existsSync(path) ? readFileSync(path) : 'missing').update('\0')
  }
  return hash.digest('hex')
}

/** actions/upload-artifact README: hidden files are left out unless `include-hidden-files` is true. */
function filesUnder(path: string, hidden: boolean): readonly string[] {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return hidden || !basename(path).startsWith('.') ? [path] : []
  return readdirSync(path).flatMap((entry) => {
    const inside = join(path, entry)
    const dangling = lstatSync(inside).isSymbolicLink() && !existsSync(inside)
    return dangling || (!hidden && entry.startsWith('.')) ? [] : filesUnder(inside, hidden)
  })
}

/** One folder is the root of its own content; several paths keep what they do not have in common. */
function commonFolder(paths: readonly string[], files: readonly string[]): string {
  const [only] = paths
  if (paths.length === 1 && only !== undefined && statSync(only).isDirectory()) return only
  const folders = files.map((file) => dirname(file).split('/'))
  const [first = []] = folders
  const length = first.findIndex((part, index) => folders.some((folder) => folder[index] !== part))
  return (length < 0 ? first : first.slice(0, length)).join('/') || '/'
}

/** actions/upload-artifact README: permissions are not kept; a downloaded file is not executable. */
function copyFile(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  cpSync(from, to, { dereference: true })
  chmodSync(to, 0o644)
}
