import { SandboxGap } from './gap.ts'
import type { Binding, ModuleFile } from './types.ts'

/** What is started: code, and the bindings whose values the global scope may read. */
export interface Candidate {
  readonly mainModule: string
  readonly modules: readonly ModuleFile[]
  readonly bindings: readonly Binding[]
  readonly compatibilityDate: string
  readonly compatibilityFlags: readonly string[]
  /** Durable Object classes that have a namespace: the code must export them. */
  readonly classNames: readonly string[]
}

/** A file beside workerd's configuration, which embeds it by its name. */
export interface Embedded {
  readonly file: string
  readonly content: Buffer | string
}

/** The files of one start, or `undefined` for what workerd cannot start from files. */
export function embeddedFiles(candidate: Candidate): readonly Embedded[] | undefined {
  if (candidate.modules.some((file) => file.contentType.startsWith('text/x-python'))) return undefined
  const modules = candidate.modules.map((file, index) => ({ file: `module-${index}`, content: file.content }))
  const values = plainValues(candidate).map(({ value }, index) => ({ file: `value-${index}`, content: value }))
  return [...modules, ...values]
}

/** workerd's configuration: one service that nothing reaches (`workerd.capnp` of workerd). */
export function configOf(candidate: Candidate): string {
  const code =
    candidate.modules.find((file) => file.name === candidate.mainModule)?.contentType === 'application/javascript'
      ? 'serviceWorkerScript = embed "module-0"'
      : `modules = [${candidate.modules.map(moduleEntry).join(', ')}]`
  const values = plainValues(candidate).map(
    ({ name, kind }, index) => `(name = ${quoted(name)}, ${kind} = embed "value-${index}")`,
  )
  const classes = candidate.classNames.map(
    (name) => `(className = ${quoted(name)}, uniqueKey = ${quoted(name)}, enableSql = true)`,
  )
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = .candidate)], sockets = []);
const candidate :Workerd.Worker = (
  ${code},
  compatibilityDate = ${quoted(candidate.compatibilityDate)},
  compatibilityFlags = [${candidate.compatibilityFlags.map(quoted).join(', ')}],
  bindings = [${values.join(', ')}],
  durableObjectNamespaces = [${classes.join(', ')}],
  durableObjectStorage = (inMemory = void),
);
`
}

function moduleEntry(file: ModuleFile, index: number): string {
  const kinds: Readonly<Record<string, string>> = {
    'application/javascript+module': 'esModule',
    'application/javascript': 'commonJsModule',
    'application/wasm': 'wasm',
    'application/octet-stream': 'data',
    'application/json': 'json',
    'text/plain': 'text',
  }
  const kind = kinds[file.contentType]
  if (kind === undefined) throw new SandboxGap(`the module ${file.name} is of the unknown type ${file.contentType}`)
  return `(name = ${JSON.stringify(file.name)}, ${kind} = embed "module-${index}")`
}

function plainValues({ bindings }: Candidate) {
  return bindings.flatMap((binding) => {
    switch (binding.type) {
      case 'plain_text':
      case 'secret_text':
        return { name: binding.name, kind: 'text', value: String(binding['text']) }
      case 'json':
        return { name: binding.name, kind: 'json', value: JSON.stringify(binding['json']) }
    }
    return []
  })
}

function quoted(text: string): string {
  return JSON.stringify(text)
}
