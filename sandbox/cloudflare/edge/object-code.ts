import type { Binding, Version } from '../types.ts'
import { versionMetadata } from './miniflare-options.ts'
import { loadedModules, type LoadedModule } from './modules.ts'
import { workerSource } from './object-doors.ts'

/** A version as the object host's Worker Loader takes it (docs "Dynamic Workers, Worker Loader"). */
export interface LoadableCode {
  readonly compatibilityDate: string
  readonly compatibilityFlags: readonly string[]
  readonly mainModule: string
  readonly modules: readonly LoadedModule[]
  readonly env: Readonly<Record<string, unknown>>
}

const entryModule = 'sandbox-object-entry.js'

/** A version's Durable Object classes, wrapped so that they find their stores and alarms. */
export function loadableCode(version: Version, classNames: readonly string[]): LoadableCode {
  const plain = version.bindings.flatMap((binding) => plainEntry(binding, version))
  return {
    compatibilityDate: version.compatibilityDate,
    compatibilityFlags: version.compatibilityFlags,
    mainModule: entryModule,
    modules: [
      ...loadedModules(version),
      ownModule(entryModule, entrySource(version, classNames)),
      ownModule('sandbox-object-wrap.js', workerSource('object-wrap.js')),
      ownModule('sandbox-object-stores.js', workerSource('object-stores.js')),
    ],
    env: Object.fromEntries(plain),
  }
}

function entrySource(version: Version, classNames: readonly string[]): string {
  const stores = JSON.stringify(version.bindings.flatMap(storeOf))
  const classes = classNames.map((name) => `export const ${name} = wrap(user.${name}, stores)`)
  return [
    `import * as user from ${JSON.stringify(`./${version.mainModule}`)}`,
    `import { wrap } from './sandbox-object-wrap.js'`,
    `const stores = ${stores}`,
    ...classes,
  ].join('\n')
}

/** What a loaded Worker is given as it is. */
function plainEntry(binding: Binding, version: Version): readonly (readonly [string, unknown])[] {
  switch (binding.type) {
    case 'plain_text':
    case 'secret_text':
      return [[binding.name, binding['text']]]
    case 'json':
      return [[binding.name, binding['json']]]
    case 'version_metadata':
      return [[binding.name, versionMetadata(version)]]
  }
  return []
}

/** What stands for a binding that a loaded Worker cannot be given; one of another kind throws when it is read. */
function storeOf(binding: Binding): readonly { binding: string; kind: string; name: unknown }[] {
  switch (binding.type) {
    case 'plain_text':
    case 'secret_text':
    case 'json':
    case 'version_metadata':
      return []
    case 'kv_namespace':
      return [{ binding: binding.name, kind: 'kv', name: binding['namespace_id'] }]
    case 'r2_bucket':
      return [{ binding: binding.name, kind: 'r2', name: binding['bucket_name'] }]
  }
  return [{ binding: binding.name, kind: binding.type, name: '' }]
}

function ownModule(name: string, text: string): LoadedModule {
  return { name, type: 'esm', text }
}
