/** How one package manager is asked to install exactly what its lockfile says. */
export interface PackageManager {
  readonly name: 'npm' | 'pnpm' | 'yarn' | 'bun'
  readonly lockfile: string
  readonly install: readonly [command: string, ...args: string[]]
}

const MANAGERS: readonly PackageManager[] = [
  { name: 'npm', lockfile: 'package-lock.json', install: ['npm', 'ci'] },
  { name: 'npm', lockfile: 'npm-shrinkwrap.json', install: ['npm', 'ci'] },
  { name: 'pnpm', lockfile: 'pnpm-lock.yaml', install: ['pnpm', 'install', '--frozen-lockfile'] },
  { name: 'yarn', lockfile: 'yarn.lock', install: ['yarn', 'install', '--immutable'] },
  { name: 'bun', lockfile: 'bun.lock', install: ['bun', 'install', '--frozen-lockfile'] },
  { name: 'bun', lockfile: 'bun.lockb', install: ['bun', 'install', '--frozen-lockfile'] },
]

export type Choice =
  | { readonly kind: 'chosen'; readonly manager: PackageManager; readonly folder: string }
  | { readonly kind: 'none' }
  /** Two managers' lockfiles beside each other: guessing would install something that nobody locked. */
  | { readonly kind: 'ambiguous'; readonly folder: string; readonly lockfiles: readonly string[] }

/** Chooses by the nearest lockfile; `folders` go from the Worker's own up to the repository's root. */
export function choosePackageManager(folders: readonly { readonly path: string; readonly files: readonly string[] }[]): Choice {
  for (const { path, files } of folders) {
    const found = MANAGERS.filter((manager) => files.includes(manager.lockfile))
    const [manager] = found
    if (manager === undefined) continue
    if (new Set(found.map((one) => one.name)).size > 1) {
      return { kind: 'ambiguous', folder: path, lockfiles: found.map((one) => one.lockfile) }
    }
    return { kind: 'chosen', manager, folder: path }
  }
  return { kind: 'none' }
}
