import { Response, type Miniflare, type Request } from 'miniflare'
import { z } from 'zod'
import type { LiveScript, Version } from '../types.ts'
import { loadableCode, type LoadableCode } from './object-code.ts'
import { objectHostClass, objectHostName, ownCompatibilityDate, workerSource } from './object-doors.ts'
import { delayMilliseconds, objectVersion, type ObjectDeployment } from './object-version.ts'
import { startMiniflare } from './runtime.ts'
import type { Storage } from './storage.ts'

/**
 * The Durable Objects of all scripts: one process holds them, whatever versions come and go, and each
 * object runs its version's code there as a facet (docs "Dynamic Workers, Durable Object Facets").
 *
 * Unlike on the platform: `env` inside an object has values, KV and R2, and throws for other bindings, and
 * `import { env } from 'cloudflare:workers'` has only the values; a class of either storage kind is kept in
 * SQLite; a renamed class starts empty; deployments reach objects at once, whatever the propagation delay.
 */
export interface Objects extends AsyncDisposable {
  /** Takes note of a deployment; objects in memory take up its code when its strategy says. */
  deploy(live: LiveScript): Promise<void>
  remove(scriptName: string): void
}

export interface ObjectsContext {
  readonly storage: Storage
  readonly onLog: (line: string) => void
  /** Answers an object that reads or writes KV or R2. */
  readonly callStore: (request: Request) => Promise<Response>
}

const target = z.object({ scriptName: z.string(), className: z.string(), id: z.string() })
type Target = z.infer<typeof target>

interface ScriptObjects {
  /** Newest first. */
  deployments: ObjectDeployment[]
  readonly versions: Map<string, Version>
  classNames: readonly string[]
  /** By class and id: each object that has run, and the version that it was last told to run. */
  readonly told: Map<string, Target & { readonly versionId: string }>
}

/** How many deployments back an object may still run code: far more than `max_delay` lets a demo make. */
const keptDeployments = 50

/** A timer may fire a little before the clock says so. */
const timerSlackMilliseconds = 20

export async function startObjects(context: ObjectsContext): Promise<Objects> {
  const scripts = new Map<string, ScriptObjects>()
  const timers = new Set<NodeJS.Timeout>()
  const host: Miniflare = await startHost(context, (request) => answerHost({ ...context, scripts, host }, request))
  return {
    async deploy(live) {
      const script = scripts.get(live.name) ?? newScript()
      scripts.set(live.name, script)
      note(script, live)
      await refresh(host, script)
      const delay = delayMilliseconds(live.deployment.codeUpdateStrategy)
      if (delay === 0 || Object.keys(live.durableObjectClasses).length === 0) return
      const timer = setTimeout(() => {
        timers.delete(timer)
        // The script may have been removed meanwhile, with an object of it still awake.
        if (scripts.get(live.name) !== script) return
        refresh(host, script).catch((error: unknown) => context.onLog(`objects of ${live.name}: ${String(error)}`))
      }, delay + timerSlackMilliseconds)
      timers.add(timer.unref())
    },
    remove: (scriptName) => void scripts.delete(scriptName),
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearTimeout(timer)
      await host.dispose()
    },
  }
}

/** Up for as long as the edge is: it also owns the shared KV and R2, since it is the first to start. */
async function startHost(
  { storage, onLog }: ObjectsContext,
  answer: (request: Request) => Promise<Response>,
): Promise<Miniflare> {
  const worker = {
    name: objectHostName,
    compatibilityDate: ownCompatibilityDate,
    manifest: {
      mainModule: 'object-host.js',
      modules: { 'object-host.js': { type: 'esm', contents: workerSource('object-host.js') } },
    },
    env: {
      LOADER: { type: 'worker-loader' },
      EDGE: { type: 'fetcher', handler: answer },
      OBJECTS: { type: 'durable-object', worker: objectHostName, exportName: objectHostClass },
    },
    exports: {
      [objectHostClass]: { type: 'durable-object', storage: 'sqlite', unsafeUniqueKey: `${objectHostName}-${objectHostClass}` },
    },
  } as const
  const options = storage.options(await storage.folder('objects'))
  return startMiniflare({ ...options, workers: [{ config: worker }] }, onLog)
}

/** What is asked: an object's version now, a version's code, an object's alarm, KV and R2 for an object. */
async function answerHost(
  context: ObjectsContext & { readonly scripts: ReadonlyMap<string, ScriptObjects>; readonly host: Miniflare },
  request: Request,
): Promise<Response> {
  const [kind, argument = ''] = new URL(request.url).pathname.slice(1).split('/')
  if (kind === 'stores') return context.callStore(request)
  if (kind === 'code') return Response.json(codeOf(context.scripts, argument))
  if (kind === 'alarm') {
    return context.host.dispatchFetch('http://objects/alarm', { method: 'POST', body: await request.text() })
  }
  const question = target.extend({ running: z.string().optional() }).parse(await request.json())
  return Response.json(tellVersion(context.scripts, question))
}

function codeOf(scripts: ReadonlyMap<string, ScriptObjects>, versionId: string): LoadableCode {
  for (const { versions, classNames } of scripts.values()) {
    const version = versions.get(versionId)
    if (version !== undefined) return loadableCode(version, classNames)
  }
  throw new Error(`no code of version ${versionId}`)
}

/** `running` is unknown for an object that has hibernated: it takes up the newest code when it wakes. */
function tellVersion(
  scripts: ReadonlyMap<string, ScriptObjects>,
  { running, ...one }: Target & { running?: string | undefined },
): { versionId: string; restart: boolean } {
  const script = scripts.get(one.scriptName)
  if (script === undefined) throw new Error(`no Worker ${one.scriptName} is deployed for class ${one.className}`)
  const key = `${one.className}/${one.id}`
  const last = script.told.get(key)?.versionId
  const versionId = versionOf(script, one, running)
  script.told.set(key, { ...one, versionId })
  return { versionId, restart: last !== undefined && last !== versionId }
}

function versionOf({ deployments }: ScriptObjects, one: Target, running: string | undefined): string {
  const object = `${one.scriptName}/${one.className}/${one.id}`
  return objectVersion({ object, deployments, running, now: Date.now() })
}

function newScript(): ScriptObjects {
  return { deployments: [], versions: new Map(), classNames: [], told: new Map() }
}

function note(script: ScriptObjects, live: LiveScript): void {
  const { versions: shares, codeUpdateStrategy } = live.deployment
  const deployment = { deployedAt: Date.now(), shares, codeUpdateStrategy }
  script.deployments = [deployment, ...script.deployments].slice(0, keptDeployments)
  script.classNames = Object.keys(live.durableObjectClasses)
  for (const version of live.versions) script.versions.set(version.id, version)
  const kept = new Set(script.deployments.flatMap((one) => one.shares.map((share) => share.versionId)))
  for (const id of script.versions.keys()) if (!kept.has(id)) script.versions.delete(id)
}

/** Lets the objects that the newest deployment gives another version ask what they have to run by now. */
async function refresh(host: Miniflare, script: ScriptObjects): Promise<void> {
  const outdated = [...script.told.values()].filter((one) => versionOf(script, one, undefined) !== one.versionId)
  if (outdated.length === 0) return
  const body = JSON.stringify(outdated.map(({ scriptName, className, id }) => ({ scriptName, className, id })))
  const answer = await host.dispatchFetch('http://objects/refresh', { method: 'POST', body })
  if (!answer.ok) throw new Error(`the objects could not take up a deployment: ${await answer.text()}`)
}
