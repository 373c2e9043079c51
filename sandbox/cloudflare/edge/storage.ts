import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Log, LogLevel, type MiniflareOptions } from 'miniflare'

/** Where the account's KV, R2 and Durable Objects live, shared by the processes of all its versions. */
export interface Storage extends AsyncDisposable {
  /** A folder of its own for what one part of the edge must not share. */
  folder(name: string): Promise<string>
  /** Options that make one more process use the shared KV and R2. */
  options(ownFolder: string): Omit<MiniflareOptions, 'workers'>
}

/** Opens the storage at a path that outlives the edge, or in a temporary folder that goes with it. */
export async function openStorage(persistPath: string | undefined): Promise<Storage> {
  const root = persistPath ?? (await mkdtemp(join(tmpdir(), 'sandbox-edge-')))
  const registry = await mkdtemp(join(tmpdir(), 'sandbox-registry-'))
  return {
    async folder(name) {
      const path = join(root, name)
      await mkdir(path, { recursive: true })
      return path
    },
    options: (ownFolder) => ({
      resourcePersistencePath: join(root, 'stores'),
      isolatedResourcePersistencePath: ownFolder,
      unsafeEnableSharedStorage: true,
      enableDevRegistry: true,
      unsafeDevRegistryPath: registry,
      cf: false,
      logRequests: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.NONE),
    }),
    async [Symbol.asyncDispose]() {
      await rm(registry, { recursive: true, force: true })
      if (persistPath === undefined) await rm(root, { recursive: true, force: true })
    },
  }
}
