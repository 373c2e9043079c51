import type { Version } from '../types.ts'
import { startVersion, type RuntimeContext, type VersionRuntime } from './runtime.ts'

/** The versions that have a process, each one of its own: starting one leaves the others alone. */
export interface VersionPool extends AsyncDisposable {
  /** Starts what does not run yet, and keeps it at least until `release`. */
  start(versions: readonly Version[], context: RuntimeContext): Promise<void>
  release(versions: readonly Version[]): void
  running(): readonly VersionRuntime[]
  runtimeOf(versionId: string): VersionRuntime | undefined
  /** Ends the processes of versions that nobody needs and that have no open connection. */
  retire(): void
}

export function createVersionPool(isNeeded: (versionId: string) => boolean): VersionPool {
  const runtimes = new Map<string, VersionRuntime>()
  const starting = new Map<string, Promise<VersionRuntime>>()
  const ending = new Set<Promise<void>>()
  const held: string[] = []
  const start = async (version: Version, context: RuntimeContext) => {
    const runtime = await startVersion(version, context)
    runtimes.set(version.id, runtime)
    return runtime
  }
  const startOnce = async (version: Version, context: RuntimeContext) => {
    if (runtimes.has(version.id)) return
    const pending = starting.get(version.id) ?? start(version, context).finally(() => starting.delete(version.id))
    starting.set(version.id, pending)
    await pending
  }
  const end = (runtime: VersionRuntime) => {
    runtimes.delete(runtime.version.id)
    const done = Promise.resolve(runtime[Symbol.asyncDispose]()).finally(() => ending.delete(done))
    ending.add(done)
  }
  return {
    async start(versions, context) {
      held.push(...versions.map((version) => version.id))
      await Promise.all(versions.map((version) => startOnce(version, context)))
    },
    release(versions) {
      for (const { id } of versions) held.splice(held.indexOf(id), 1)
    },
    running: () => [...runtimes.values()],
    runtimeOf: (versionId) => runtimes.get(versionId),
    retire() {
      for (const runtime of runtimes.values()) {
        const { id } = runtime.version
        if (runtime.openConnections === 0 && !held.includes(id) && !isNeeded(id)) end(runtime)
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(starting.values())
      for (const runtime of runtimes.values()) end(runtime)
      await Promise.allSettled(ending)
    },
  }
}
