import { afterEach, beforeEach, expect } from 'vitest'
import { z } from 'zod'
import { startCloudflare, type Cloudflare } from '../../sandbox/cloudflare/control-plane.ts'
import type { Edge, LiveScript } from '../../sandbox/cloudflare/types.ts'
import { createWorld, type World } from '../../sandbox/world.ts'

// A client of the sandbox's Cloudflare API over plain fetch, for one Worker, new for each test.

export const accountId = 'b'.repeat(32)
export const name = 'ferry'
export const script = `/accounts/${accountId}/workers/scripts/${name}`
export const plainCode = 'export default { fetch: () => new Response("hello") }'
export const classCode = `import { DurableObject } from 'cloudflare:workers'
export class Counter extends DurableObject {}
export class Gauge extends DurableObject {}
${plainCode}`

export let world: World
export let cloudflare: Cloudflare
/** What the edge was told, in order; `edge.apply` may be replaced by a test. */
export let applied: LiveScript[]
export let removed: string[]
export let edge: Edge

/** Starts an empty account before each test of the file, and stops it after. */
export function withNewAccount(): void {
  beforeEach(async () => {
    world = createWorld()
    applied = []
    removed = []
    edge = { apply: async (live) => void applied.push(live), remove: async (gone) => void removed.push(gone) }
    cloudflare = await startCloudflare(world, { edge, accountId, token: 'all-powers' })
  })
  afterEach(() => cloudflare[Symbol.asyncDispose]())
}

const envelope = z.object({
  success: z.boolean(),
  errors: z.array(z.object({ code: z.number(), message: z.string() })),
  result: z.unknown(),
  result_info: z.record(z.string(), z.unknown()).optional(),
})

interface Sent {
  readonly body?: unknown
  readonly token?: string | null
  readonly agent?: string
}

export async function call(method: string, path: string, { body, token = 'all-powers', agent = 'test' }: Sent = {}) {
  const headers: Record<string, string> = { 'user-agent': agent }
  if (token !== null) headers['authorization'] = `Bearer ${token}`
  const sent = body === undefined || body instanceof FormData ? body : JSON.stringify(body)
  const response = await fetch(`${cloudflare.apiBaseUrl}${path}`, { method, headers, ...(sent === undefined ? {} : { body: sent }) })
  const { success, errors, result, result_info: info } = envelope.parse(await response.json())
  return { status: response.status, headers: response.headers, success, code: errors[0]?.code, text: errors[0]?.message, result, info }
}

interface Code {
  readonly code?: string
  readonly metadata?: Readonly<Record<string, unknown>>
}

export function form({ code = plainCode, metadata = {} }: Code): FormData {
  const body = new FormData()
  body.set('metadata', JSON.stringify({ main_module: 'index.js', compatibility_date: '2026-01-01', ...metadata }))
  body.set('index.js', new File([code], 'index.js', { type: 'application/javascript+module' }))
  return body
}

const identified = z.object({ id: z.string() })

export async function put(sent: Code = {}) {
  return call('PUT', `${script}?excludeScript=true&bindings_inherit=strict`, { body: form(sent) })
}

export async function upload(sent: Code = {}) {
  return call('POST', `${script}/versions?bindings_inherit=strict`, { body: form(sent) })
}

/** Uploads, and returns the new version's id. */
export async function uploaded(sent: Code = {}): Promise<string> {
  const answer = await upload(sent)
  expect(answer).toMatchObject({ status: 200 })
  return identified.parse(answer.result).id
}

/** Creates the Worker, and returns the id of the version that is live. */
export async function created(sent: Code = {}): Promise<string> {
  expect(await put(sent)).toMatchObject({ status: 200, success: true })
  return cloudflare.model.live(name)?.versions[0]?.versionId ?? ''
}

export async function deploy(shares: Readonly<Record<string, number>>, { query = '', ...more }: Readonly<Record<string, unknown>> = {}) {
  const versions = Object.entries(shares).map(([version_id, percentage]) => ({ version_id, percentage }))
  return call('POST', `${script}/deployments${String(query)}`, { body: { strategy: 'percentage', versions, ...more } })
}

export const secret = (value: string, key = 'KEY') => ({ bindings: [{ type: 'secret_text', name: key, text: value }] })
export const counter = { type: 'durable_object_namespace', name: 'COUNTER', class_name: 'Counter' }
export const migration = (tag: string, className: string, old?: string) => ({
  migrations: { ...(old === undefined ? {} : { old_tag: old }), new_tag: tag, steps: [{ new_sqlite_classes: [className] }] },
})
export const split = () => cloudflare.model.live(name)?.versions.map((share) => [share.versionId, share.percentage])
