import type { Request, Response, WorkerOptions } from 'miniflare'
import { z } from 'zod'
import type { Binding, Version } from '../types.ts'
import { manifestOf } from './modules.ts'
import { doorWorker, type ObjectClass } from './object-doors.ts'
import { spanWorker, type TracedSpan } from './span-door.ts'

type Config = WorkerOptions['config']
export type Env = NonNullable<Config['env']>
type EnvEntry = Env[string]

/** What a version needs beside its own content. */
export interface Surroundings {
  readonly scriptName: string
  /** Where its static assets lie on disk, when it has any. */
  readonly assetsDirectory: string | undefined
  /** Reaches another Worker of the account through its own split. */
  readonly callWorker: (scriptName: string, request: Request) => Promise<Response>
  /** A version has called a bucket. */
  readonly onSpans: (versionId: string, spans: readonly TracedSpan[]) => void
}

/** The names of a version's own Worker and of its door to Durable Objects in its workerd process. */
export function workerNames(versionId: string): { readonly own: string; readonly doors: string; readonly spans: string } {
  return { own: `version-${versionId}`, doors: `doors-${versionId}`, spans: `spans-${versionId}` }
}

/** The Workers of one version's workerd process: the version itself, and its door to objects and stores. */
export function versionWorkers(version: Version, surroundings: Surroundings): WorkerOptions[] {
  const { own, doors, spans } = workerNames(version.id)
  const isTraced = version.bindings.some(({ type }) => type === 'r2_bucket')
  const objectClasses = objectClassesOf(version, surroundings.scriptName)
  const context = { ...surroundings, version, doors, objectClasses }
  const env = version.bindings.map((binding) => [binding.name, envEntry(binding, context)] as const)
  const worker: WorkerOptions = {
    config: {
      name: own,
      compatibilityDate: version.compatibilityDate,
      compatibilityFlags: [...version.compatibilityFlags],
      manifest: manifestOf(version),
      env: Object.fromEntries(env),
      ...assetsConfig(version, surroundings.assetsDirectory),
      ...(isTraced ? { experimental: { streamingTailConsumers: [{ worker: spans }] } } : {}),
    },
    dev: directSocket,
  }
  const listener = isTraced ? [spanWorker(spans, (seen) => surroundings.onSpans(version.id, seen))] : []
  return [worker, doorWorker({ name: doors, objectClasses, stores: storesOf(version) }), ...listener]
}

/** Straight to the Worker, past Miniflare's own entry: a port that the system picks. */
export const directSocket = { unsafeRegisterWorker: false, unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }] }

interface BindingContext extends Surroundings {
  readonly version: Version
  readonly doors: string
  readonly objectClasses: readonly ObjectClass[]
}

/** Docs "Multipart upload metadata, Bindings"; a type that is not here is refused by name. */
function envEntry(binding: Binding, context: BindingContext): EnvEntry {
  switch (binding.type) {
    case 'plain_text':
    case 'secret_text':
      return { type: 'text', value: z.string().parse(binding['text']) }
    case 'json':
      return { type: 'json', value: z.json().parse(binding['json']) }
    case 'version_metadata':
      return { type: 'json', value: versionMetadata(context.version) }
    case 'kv_namespace':
      return { type: 'kv', id: z.string().parse(binding['namespace_id']) }
    case 'r2_bucket':
      return { type: 'r2', name: z.string().parse(binding['bucket_name']) }
    case 'assets':
      return { type: 'assets' }
    case 'durable_object_namespace':
      return { type: 'durable-object', worker: context.doors, exportName: doorName(binding, context) }
    case 'service':
      return serviceEntry(binding, context)
  }
  throw new Error(`the sandbox's edge cannot bind ${binding.name}, which is of type ${binding.type}`)
}

/** Docs "Version metadata": what `env.CF_VERSION_METADATA` holds. */
export function versionMetadata(version: Version): { id: string; tag: string; timestamp: string } {
  return { id: version.id, tag: version.tag ?? '', timestamp: version.createdOn.toISOString() }
}

/** Fetch only: a call goes through the other Worker's split as from anywhere, RPC does not. */
function serviceEntry(binding: Binding, context: BindingContext): EnvEntry {
  const target = z.string().parse(binding['service'])
  if (binding['entrypoint'] !== undefined) {
    throw new Error(`the sandbox's edge cannot bind ${binding.name} to an entrypoint`)
  }
  return { type: 'fetcher', handler: (request) => context.callWorker(target, request) }
}

/** The classes that a version binds, its own script's or another's, each once. */
function objectClassesOf(version: Version, scriptName: string): readonly ObjectClass[] {
  const classes = version.bindings
    .filter((binding) => binding.type === 'durable_object_namespace')
    .map((binding) => objectClass(binding, scriptName))
  return [...new Map(classes.map((one) => [`${one.scriptName}/${one.className}`, one])).values()]
}

function objectClass(binding: Binding, ownScript: string): ObjectClass {
  const scriptName = z.string().optional().parse(binding['script_name']) ?? ownScript
  return { scriptName, className: z.string().parse(binding['class_name']) }
}

function doorName(binding: Binding, context: BindingContext): string {
  const { scriptName, className } = objectClass(binding, context.scriptName)
  const index = context.objectClasses.findIndex((one) => one.scriptName === scriptName && one.className === className)
  return `Door${index}`
}

/** The stores that a version binds, by the names under which its door opens them. */
function storesOf(version: Version): Env {
  const stores: Env = {}
  for (const binding of version.bindings) {
    const id = String(binding['namespace_id'])
    const name = String(binding['bucket_name'])
    if (binding.type === 'kv_namespace') stores[`kv/${id}`] = { type: 'kv', id }
    if (binding.type === 'r2_bucket') stores[`r2/${name}`] = { type: 'r2', name }
  }
  return stores
}

const assetsSettings = z.looseObject({
  html_handling: z.enum(['auto-trailing-slash', 'drop-trailing-slash', 'force-trailing-slash', 'none']).optional(),
  not_found_handling: z.enum(['none', 'single-page-application', '404-page']).optional(),
  run_worker_first: z.union([z.array(z.string()), z.boolean()]).optional(),
})

/** Docs "Static assets, Configuration and bindings". */
function assetsConfig(version: Version, directory: string | undefined): Pick<Config, 'assets'> {
  if (directory === undefined) return {}
  const settings = assetsSettings.parse(version.assets?.config ?? {})
  return {
    assets: {
      directory,
      // Without it the asset router has no Worker to fall back on.
      hasUserWorker: true,
      ...(settings.html_handling === undefined ? {} : { htmlHandling: settings.html_handling }),
      ...(settings.not_found_handling === undefined ? {} : { notFoundHandling: settings.not_found_handling }),
      ...(settings.run_worker_first === undefined ? {} : { runWorkerFirst: settings.run_worker_first }),
    },
  }
}
