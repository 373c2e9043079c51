import type { Binding, Version } from '../types.ts'
import { versionMetadata } from './miniflare-options.ts'
import { loadedModules, type LoadedModule } from './modules.ts'

/** A version as the object host's Worker Loader takes it (docs "Dynamic Workers, Worker Loader"). */
export interface LoadableCode {
  readonly compatibilityDate: string
  readonly compatibilityFlags: readonly string[]
  readonly mainModule: string
  readonly modules: readonly LoadedModule[]
  readonly env: Readonly<Record<string, unknown>>
}

export function loadableCode(version: Version): LoadableCode {
  return {
    compatibilityDate: version.compatibilityDate,
    compatibilityFlags: version.compatibilityFlags,
    mainModule: version.mainModule,
    modules: loadedModules(version),
    env: Object.fromEntries(version.bindings.flatMap((binding) => plainEntry(binding, version))),
  }
}

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
