import type { IncomingRequest } from '../world.ts'
import { invalidScript } from './errors.ts'
import { decoded, SandboxGap } from './gap.ts'
import { metadataSchema, type Metadata } from './metadata.ts'
import type { ModuleFile } from './types.ts'

/** One decoded multipart upload. */
export interface Upload {
  readonly metadata: Metadata
  readonly mainModule: string
  readonly modules: readonly ModuleFile[]
}

/** Decodes the body of PUT script and POST versions: a `metadata` part in JSON, and one part a module. */
export async function decodeUpload(request: IncomingRequest): Promise<Upload> {
  const form = await multipart(request)
  const metadata = decoded('the metadata part', metadataSchema.safeParse(await metadataOf(form)))
  const modules: ModuleFile[] = []
  for (const [name, part] of form) {
    if (name === 'metadata') continue
    if (typeof part === 'string') throw new SandboxGap(`the part "${name}" is a field, not a file`)
    // wrangler sends source maps beside the modules; nothing in the sandbox reads them.
    if (part.type === 'application/source-map') continue
    modules.push({ name: withoutDot(name), contentType: part.type, content: Buffer.from(await part.arrayBuffer()) })
  }
  return { metadata, modules, mainModule: mainModuleOf(metadata, modules) }
}

export async function multipart(request: IncomingRequest): Promise<FormData> {
  const contentType = request.headers['content-type'] ?? ''
  if (!contentType.startsWith('multipart/form-data')) {
    throw new SandboxGap(`expected multipart/form-data, got "${contentType}"`)
  }
  return new Response(new Uint8Array(request.body), { headers: { 'content-type': contentType } }).formData()
}

async function metadataOf(form: FormData): Promise<unknown> {
  const part = form.get('metadata')
  if (part === null) throw new SandboxGap('the upload has no metadata part')
  return JSON.parse(typeof part === 'string' ? part : await part.text())
}

function mainModuleOf(metadata: Metadata, modules: readonly ModuleFile[]): string {
  const named = metadata.main_module ?? metadata.body_part
  if (named === undefined) {
    // Assets without a Worker are valid at Cloudflare, but have no version to prove or to split.
    if (metadata.assets !== undefined) throw new SandboxGap('a Worker of assets alone is not part of the sandbox')
    throw invalidScript('Uploaded script has neither main_module nor body_part')
  }
  const name = withoutDot(named)
  if (!modules.some((file) => file.name === name)) throw invalidScript(`No such module "${name}".`)
  return name
}

function withoutDot(name: string): string {
  return name.startsWith('./') ? name.slice(2) : name
}
