// Run by module-check.ts as a process of its own, with --experimental-vm-modules. Reads one upload as
// JSON from standard input; links its main module without running it, and prints what that exports.
import { text } from 'node:stream/consumers'
import { SourceTextModule, SyntheticModule, type Module } from 'node:vm'
import { z } from 'zod'

const uploadSchema = z.object({
  mainModule: z.string(),
  modules: z.array(z.object({ name: z.string(), contentType: z.string(), source: z.string() })),
})

type Upload = z.infer<typeof uploadSchema>

/** Names that stand-ins must export; V8 tells them one at a time, and linking starts anew with each. */
const wanted = new Map<string, Set<string>>()

const upload = uploadSchema.parse(JSON.parse(await text(process.stdin)))
console.log(JSON.stringify(await exportsOf(upload)))

async function exportsOf(code: Upload): Promise<{ exports: string[] } | { error: string }> {
  try {
    const linked = await link(code)
    return { exports: Object.keys(linked.namespace) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const missing = /The requested module '(.+)' does not provide an export named '(.+)'/.exec(message)
    const [, specifier, name] = missing ?? []
    const isOurs = code.modules.some((file) => specifier !== undefined && sameModule(file.name, specifier))
    if (specifier === undefined || name === undefined || isOurs) {
      return { error: `Uncaught ${error instanceof Error ? error.name : 'Error'}: ${message}` }
    }
    const names = wanted.get(specifier) ?? new Set()
    if (names.has(name)) return { error: message }
    wanted.set(specifier, names.add(name))
    return exportsOf(code)
  }
}

async function link(code: Upload): Promise<Module> {
  const parsed = new Map<string, Module>()
  const main = parse(code.mainModule)
  await main.link((specifier: string) => parse(specifier))
  return main

  function parse(specifier: string): Module {
    const file = code.modules.find((candidate) => sameModule(candidate.name, specifier))
    const key = file?.name ?? specifier
    const known = parsed.get(key)
    if (known !== undefined) return known
    const isScript = file?.contentType.startsWith('application/javascript') === true
    const made = isScript ? new SourceTextModule(file.source, { identifier: key }) : standIn(specifier)
    parsed.set(key, made)
    return made
  }
}

/** For what the runtime provides (`cloudflare:workers`, `node:*`) and for text, data and wasm modules. */
function standIn(specifier: string): Module {
  return new SyntheticModule(['default', ...(wanted.get(specifier) ?? [])], () => undefined, { identifier: specifier })
}

function sameModule(name: string, specifier: string): boolean {
  return name === specifier || specifier.endsWith(`/${name}`)
}
