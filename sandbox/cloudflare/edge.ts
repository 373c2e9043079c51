import type { World } from '../world.ts'
import { openFrontDoors, type FrontDoorContext } from './edge/front-door.ts'
import { callStore, callWorker } from './edge/inner-calls.ts'
import type { Surroundings } from './edge/miniflare-options.ts'
import { startObjects } from './edge/objects.ts'
import { createRoutes } from './edge/routes.ts'
import { openStorage } from './edge/storage.ts'
import { countByVersion, type Traffic, type Visit } from './edge/tally.ts'
import { createVersionPool } from './edge/version-pool.ts'
import type { Outcome } from './telemetry/columns.ts'
import { createTelemetry, type Telemetry } from './telemetry/telemetry.ts'
import type { Edge, VersionCount } from './types.ts'

export interface EdgeOptions {
  /** Where KV, R2 and Durable Objects are kept; without it in a temporary folder that goes with the edge. */
  readonly persistPath?: string
  readonly port?: number
}

/**
 * The users' side of Cloudflare: real workerd behind a proxy that splits traffic. Each version has a
 * process of its own, so that adding one disturbs no other; Durable Objects live in one process beside
 * them. A request names its script by its port (`urlFor`), by `cf-sandbox-script`, or by the first label
 * of its host name; where only one script is deployed it needs no name.
 */
export interface SandboxEdge extends Edge, AsyncDisposable {
  /** Origin of the port that serves all scripts. */
  readonly url: string
  /** Origin of a port of the script's own, the same for as long as the edge runs, deployed or not. */
  urlFor(scriptName: string): Promise<string>
  /** Per version, in order of first visit; `users` (the default) are requests without an override header. */
  counts(scriptName: string, traffic?: Traffic): VersionCount[]
  /** Every request since the start or the last reset, in order of their ends. */
  readonly visits: readonly Visit[]
  resetCounts(): void
  /** What Cloudflare's analytics get to see of the visits, sooner or later. */
  readonly telemetry: Telemetry
  /**
   * From the next deployment on, each of so many locations goes on answering by the old split for a while,
   * the last one this long. A request comes from the location that `cf-sandbox-location` names, else from any.
   */
  setPropagationDelay(longestMilliseconds: number, locations?: number): void
  /** Ids of the versions that have a process at this moment. */
  runningVersions(): readonly string[]
  /** What Workers and workerd wrote, newest last. */
  readonly logs: readonly string[]
}

export async function startEdge(world: World, options: EdgeOptions = {}): Promise<SandboxEdge> {
  const inside = await startInside(world, options)
  const { routes, pool, objects, visits, logs, telemetry } = inside
  const doors = await openFrontDoors(inside.frontDoor, options.port ?? 0)
  const retire = () => pool.retire()
  const surroundings = { ...inside, callWorker: callWorker(doors.url) }
  return {
    url: doors.url,
    urlFor: (scriptName) => doors.urlFor(scriptName),
    async apply(live) {
      try {
        const onSpans: Surroundings['onSpans'] = (versionId, spans) => {
          for (const { atMs, attributes } of spans) telemetry.recordOperation({ scriptName: live.name, versionId, atMs, attributes })
        }
        await pool.start(live.versions, { ...surroundings, scriptName: live.name, onSpans })
        routes.publish(live.name, live.deployment.versions, retire)
        await objects.deploy(live)
      } finally {
        pool.release(live.versions)
        retire()
      }
    },
    async remove(scriptName) {
      routes.remove(scriptName)
      objects.remove(scriptName)
      retire()
    },
    counts: (scriptName, traffic = 'users') => countByVersion(visits, scriptName, traffic),
    visits,
    resetCounts: () => void visits.splice(0),
    telemetry,
    setPropagationDelay: (longest, locations) => routes.setPropagationDelay(longest, locations),
    runningVersions: () => pool.running().map(({ version }) => version.id),
    logs,
    async [Symbol.asyncDispose]() {
      await doors[Symbol.asyncDispose]()
      await inside[Symbol.asyncDispose]()
    },
  }
}

/** Everything behind the front doors. */
async function startInside(world: World, options: EdgeOptions) {
  const logs: string[] = []
  const visits: Visit[] = []
  const onLog = (line: string) => void logs.push(line)
  const telemetry = createTelemetry()
  const storage = await openStorage(options.persistPath)
  const routes = createRoutes(world.random)
  const pool = createVersionPool((versionId) => routes.isNeeded(versionId))
  const objects = await startObjects({ storage, onLog, callStore: (request) => callStore(pool.running(), request) })
  const frontDoor: FrontDoorContext = {
    world,
    route: (incoming, portScript) => {
      const { versionId, ...route } = routes.choose(incoming.headers, portScript)
      return { ...route, runtime: versionId === undefined ? undefined : pool.runtimeOf(versionId) }
    },
    onVisit(visit, outcome) {
      visits.push(visit)
      measure(telemetry, visit, outcome)
    },
    onClosed: () => pool.retire(),
  }
  const end = async () => {
    routes[Symbol.dispose]()
    await pool[Symbol.asyncDispose]()
    await objects[Symbol.asyncDispose]()
    await storage[Symbol.asyncDispose]()
  }
  return { storage, onLog, logs, visits, telemetry, routes, pool, objects, frontDoor, [Symbol.asyncDispose]: end }
}

/** A request that no version was asked about is no invocation. */
function measure(telemetry: Telemetry, { scriptName, versionId, at, durationMs, status, override }: Visit, outcome: Outcome): void {
  if (versionId === undefined) return
  telemetry.record({ scriptName, versionId, atMs: Date.parse(at), durationMs, outcome, status: status === 0 ? undefined : status, isOverridden: override })
}
