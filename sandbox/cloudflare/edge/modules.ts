import type { WorkerOptions } from 'miniflare'
import type { ModuleFile, Version } from '../types.ts'

type Manifest = NonNullable<WorkerOptions['config']['manifest']>
type ModuleType = Manifest['modules'][string]['type']

const moduleTypes: Readonly<Record<string, ModuleType>> = {
  'application/javascript+module': 'esm',
  'application/javascript': 'cjs',
  'application/wasm': 'wasm',
  'application/octet-stream': 'data',
  'application/json': 'json',
  'text/plain': 'text',
}

/** The type of a module in workerd, by the content type of its part in the upload (docs "Multipart upload metadata"). */
function moduleType(file: ModuleFile): ModuleType {
  const type = moduleTypes[file.contentType.split(';')[0] ?? '']
  if (type === undefined) throw new Error(`the sandbox cannot run module ${file.name} of type ${file.contentType}`)
  return type
}

/** A version's code as Miniflare takes it. */
export function manifestOf(version: Version): Manifest {
  const modules = version.modules.map((file) => [file.name, manifestModule(file)] as const)
  if (version.modules.find((file) => file.name === version.mainModule)?.contentType === 'application/javascript') {
    throw new Error(`the sandbox runs ES modules only; ${version.mainModule} is a service worker script`)
  }
  return { mainModule: version.mainModule, modules: Object.fromEntries(modules) }
}

function manifestModule(file: ModuleFile): Manifest['modules'][string] {
  const type = moduleType(file)
  const binary = type === 'wasm' || type === 'data'
  return { type, contents: binary ? new Uint8Array(file.content) : file.content.toString('utf8') }
}

/** One module of a dynamically loaded Worker; bytes travel as base64. */
export type LoadedModule = { readonly name: string; readonly type: ModuleType } & (
  | { readonly text: string }
  | { readonly base64: string }
)

/** A version's code as the object host loads it (docs "Dynamic Workers, Worker Loader"). */
export function loadedModules(version: Version): readonly LoadedModule[] {
  return version.modules.map((file) => {
    const type = moduleType(file)
    if (type === 'wasm' || type === 'data') return { name: file.name, type, base64: file.content.toString('base64') }
    return { name: file.name, type, text: file.content.toString('utf8') }
  })
}
