import { readFileSync } from 'node:fs'
import type { WorkerOptions } from 'miniflare'
import type { Env } from './miniflare-options.ts'

/** A Durable Object class: of which script, under which exported name. */
export interface ObjectClass {
  readonly scriptName: string
  readonly className: string
}

/** Compatibility date of the sandbox's own Workers. */
export const ownCompatibilityDate = '2026-11-01'

/** The Worker that holds all objects; every door leads to it (its name in the dev registry). */
export const objectHostName = 'objects'
export const objectHostClass = 'ObjectHost'

export function workerSource(file: string): string {
  return readFileSync(new URL(`./workers/${file}`, import.meta.url), 'utf8')
}

/**
 * The Worker beside each version to which its Durable Object bindings lead: it makes the ids, and passes
 * each call on to the process that holds the objects. It also opens the version's KV and R2 to objects.
 */
export function doorWorker(door: {
  readonly name: string
  readonly objectClasses: readonly ObjectClass[]
  readonly stores: Env
}): WorkerOptions {
  const exported = door.objectClasses.map((one, index) => `export const Door${index} = door(${JSON.stringify(one)})`)
  const main = [`import { door } from './object-door.js'`, `export { default } from './store-door.js'`, ...exported]
  const objects = door.objectClasses.map((one, index) => [`Door${index}`, objectExport(one)] as const)
  return {
    config: {
      name: door.name,
      compatibilityDate: ownCompatibilityDate,
      manifest: {
        mainModule: 'index.js',
        modules: {
          'index.js': { type: 'esm', contents: main.join('\n') },
          'object-door.js': { type: 'esm', contents: workerSource('object-door.js') },
          'store-door.js': { type: 'esm', contents: workerSource('store-door.js') },
        },
      },
      env: {
        ...door.stores,
        OBJECT_HOST: { type: 'durable-object', worker: objectHostName, exportName: objectHostClass },
      },
      exports: Object.fromEntries(objects),
    },
    dev: {
      unsafeRegisterWorker: false,
      unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
      // A door keeps nothing: what is stored is stored where the objects are.
      unsafeEphemeralDurableObjects: true,
    },
  }
}

/** The same key for all versions of a script: the same name gives the same id. */
function objectExport({ scriptName, className }: ObjectClass) {
  return { type: 'durable-object', storage: 'sqlite', unsafeUniqueKey: `${scriptName}-${className}` } as const
}
