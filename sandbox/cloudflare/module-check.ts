import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { invalidScript } from './errors.ts'
import type { Upload } from './uploads.ts'

const inspectionSchema = z.union([z.object({ exports: z.array(z.string()) }), z.object({ error: z.string() })])

type Inspection = z.infer<typeof inspectionSchema>

/** The same code is inspected once: a campaign uploads it many times. */
const inspections = new Map<string, Promise<Inspection>>()

/**
 * The names that the main module exports. Refuses with 10021 what V8 cannot parse or link. The global
 * scope is not run: an exception there, which Cloudflare also refuses, shows only when the edge starts
 * the version.
 */
export async function exportedNames(upload: Upload): Promise<readonly string[]> {
  // Service workers and Python have no exports that could be read here.
  const main = upload.modules.find((file) => file.name === upload.mainModule)
  if (main?.contentType !== 'application/javascript+module') return []
  const code = JSON.stringify({
    mainModule: upload.mainModule,
    modules: upload.modules.map((file) => ({ ...file, content: undefined, source: file.content.toString('utf8') })),
  })
  const key = createHash('sha256').update(code).digest('hex')
  const pending = inspections.get(key) ?? inspect(code)
  inspections.set(key, pending)
  const inspection = await pending
  if ('error' in inspection) throw invalidScript(inspection.error)
  return inspection.exports
}

async function inspect(code: string): Promise<Inspection> {
  const inspector = fileURLToPath(new URL('module-inspector.ts', import.meta.url))
  const child = spawn(process.execPath, ['--experimental-vm-modules', '--no-warnings', inspector])
  child.stdin.end(code)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  if (stdout === '') throw new Error(`the module inspector failed: ${stderr}`)
  return inspectionSchema.parse(JSON.parse(stdout))
}
