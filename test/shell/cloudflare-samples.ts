import { afterEach, beforeEach } from 'vitest'
import { noEdge, startCloudflare, type Cloudflare as Sandbox } from '../../sandbox/cloudflare/control-plane.ts'
import { createWorld, type World } from '../../sandbox/world.ts'
import { connectCloudflare, type Cloudflare, type CloudflareOptions } from '../../src/shell/cloudflare.ts'
import type { Clock } from '../../src/shell/clock.ts'

// The port against the sandbox's control plane: one Worker, new for each test, and a clock that only counts.

export const accountId = 'c'.repeat(32)
export const token = 'a-token-that-nobody-may-see'
export const script = 'ferry'

export let world: World
export let sandbox: Sandbox
/** Every pause that the port made, in seconds. */
export let pauses: number[]
export let cloudflare: Cloudflare

export function withNewAccount(): void {
  beforeEach(async () => {
    world = createWorld()
    sandbox = await startCloudflare(world, { edge: noEdge, accountId, token })
    pauses = []
    cloudflare = connect()
  })
  afterEach(() => sandbox[Symbol.asyncDispose]())
}

export function connect(changes: Partial<CloudflareOptions> = {}): Cloudflare {
  return connectCloudflare({ apiBaseUrl: sandbox.apiBaseUrl, accountId, token, clock: countingClock(), ...changes })
}

function countingClock(): Clock {
  return {
    now: () => Date.parse('2026-11-23T12:00:00Z'),
    async sleep(seconds) {
      pauses.push(seconds)
    },
  }
}

interface Upload {
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly isFirst?: boolean
}

/** Uploads as wrangler does: the first time the whole script, then a version. */
export async function upload({ metadata = {}, isFirst = false }: Upload = {}): Promise<void> {
  const body = new FormData()
  body.set('metadata', JSON.stringify({ main_module: 'index.js', compatibility_date: '2026-01-01', ...metadata }))
  body.set('index.js', new File([code], 'index.js', { type: 'application/javascript+module' }))
  const path = `/accounts/${accountId}/workers/scripts/${script}${isFirst ? '?excludeScript=true' : '/versions'}`
  const answer = await fetch(sandbox.apiBaseUrl + path, {
    method: isFirst ? 'PUT' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'user-agent': 'wrangler/4.164.0' },
    body,
  })
  if (!answer.ok) throw new Error(`upload: ${answer.status} ${await answer.text()}`)
}

const code = `import { DurableObject } from 'cloudflare:workers'
export class Counter extends DurableObject {}
export default { fetch: () => new Response('hello') }`

/** What was asked of the API since the last call of this function. */
export function asked(): readonly string[] {
  return world.requests
    .splice(0)
    .map((request) => `${request.method} ${request.path.replace(`/client/v4/accounts/${accountId}`, '')}${request.query} ${request.status}`)
}
