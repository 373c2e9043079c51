import { createHash } from 'node:crypto'
import type { Binding, CodeUpdateStrategy, Deployment, LiveScript, Share, Version } from '../../sandbox/cloudflare/types.ts'

/** A Worker that tells which version it is and what it can reach, and a counter that does the same. */
const source = `
import { DurableObject } from 'cloudflare:workers'

export class Counter extends DurableObject {
  async increment() {
    const value = ((await this.ctx.storage.get('value')) ?? 0) + 1
    await this.ctx.storage.put('value', value)
    return { value, version: this.env.VERSION.id, id: this.ctx.id.toString() }
  }
  async store(text) {
    await this.env.CACHE.put('from-object', text, { metadata: { by: 'object' } })
    await this.env.FILES.put('from-object', text, { customMetadata: { by: 'object' } })
    const { value, metadata } = await this.env.CACHE.getWithMetadata('from-object')
    const object = await this.env.FILES.get('from-object')
    const keys = (await this.env.CACHE.list({ prefix: 'from-' })).keys.map((key) => key.name)
    return { value, metadata, file: await object.text(), custom: object.customMetadata, keys, absent: await this.env.FILES.get('absent') }
  }
  async remind(milliseconds) {
    await this.ctx.storage.setAlarm(Date.now() + milliseconds)
    return this.ctx.storage.getAlarm()
  }
  async reminded() {
    return (await this.ctx.storage.get('reminded')) ?? null
  }
  async alarm() {
    await this.ctx.storage.put('reminded', this.env.VERSION.id)
  }
  fail() {
    throw new TypeError('the counter is broken')
  }
  async fetch(request) {
    if (request.headers.get('upgrade') !== 'websocket') return Response.json(await this.increment())
    const [client, server] = Object.values(new WebSocketPair())
    this.ctx.acceptWebSocket(server)
    return new Response(null, { status: 101, webSocket: client })
  }
  webSocketMessage(socket, message) {
    socket.send(this.env.VERSION.id + ' object heard ' + message)
  }
}

async function answer(request, env) {
  const url = new URL(request.url)
  const counter = env.COUNTER?.getByName(url.searchParams.get('name') ?? 'a')
  switch (url.pathname) {
    case '/rpc': return Response.json(await counter.increment())
    case '/object': return counter.fetch(request)
    case '/object-stores': return Response.json(await counter.store(url.searchParams.get('text')))
    case '/remind': return Response.json(await counter.remind(200))
    case '/reminded': return Response.json(await counter.reminded())
    case '/object-fails': return Response.json(await counter.fail())
    case '/id': return new Response(env.COUNTER.idFromName(url.searchParams.get('name')).toString())
    case '/kv': return new Response(await env.CACHE.get('key'))
    case '/kv-write': await env.CACHE.put('key', env.VERSION.id); return new Response('written')
    case '/r2': return new Response((await env.FILES.get('key')).body)
    case '/r2-write': await env.FILES.put('key', env.VERSION.id); return new Response('written')
    case '/variables': return Response.json({ text: env.COLOR, json: env.LIMITS, secret: env.API_KEY, version: env.VERSION })
    case '/page': return env.ASSETS.fetch(request)
    case '/neighbour': return env.NEIGHBOUR.fetch(new Request('http://inside/echo?x=1', { method: 'POST', body: 'over there' }))
    case '/echo': return Response.json({ url: request.url, body: await request.text(), script: env.SCRIPT })
    case '/slow': await scheduler.wait(Number(url.searchParams.get('ms'))); return new Response(env.VERSION.id)
    case '/socket': {
      const [client, server] = Object.values(new WebSocketPair())
      server.accept()
      server.addEventListener('message', (event) => server.send(env.VERSION.id + ' heard ' + event.data))
      return new Response(null, { status: 101, webSocket: client })
    }
    case '/status': return new Response('', { status: Number(url.searchParams.get('code')) })
  }
  return new Response(env.VERSION.id)
}

export default {
  async fetch(request, env) {
    try {
      return await answer(request, env)
    } catch (error) {
      return new Response(error.constructor.name + ': ' + error.message, { status: 500 })
    }
  },
}
`

export const storeBindings: readonly Binding[] = [
  { type: 'kv_namespace', name: 'CACHE', namespace_id: 'cafe' },
  { type: 'r2_bucket', name: 'FILES', bucket_name: 'shop-files' },
]

export const counterBinding: Binding = { type: 'durable_object_namespace', name: 'COUNTER', class_name: 'Counter' }

/** A version with the id `<name>-…`, as the control plane would hand it over. */
export function version(name: string, bindings: readonly Binding[] = [], more: Partial<Version> = {}): Version {
  return {
    id: versionId(name),
    number: 1,
    createdOn: new Date('2026-11-23T10:00:00.000Z'),
    source: 'wrangler',
    triggeredBy: 'version_upload',
    mainModule: 'index.js',
    modules: [{ name: 'index.js', contentType: 'application/javascript+module', content: Buffer.from(source) }],
    bindings: [{ type: 'version_metadata', name: 'VERSION' }, ...bindings],
    compatibilityDate: '2026-11-01',
    compatibilityFlags: [],
    etag: name,
    ...more,
  }
}

/** The same UUID for the same name. */
export function versionId(name: string): string {
  const digits = createHash('sha256').update(name).digest('hex')
  return [digits.slice(0, 8), digits.slice(8, 12), `4${digits.slice(13, 16)}`, `8${digits.slice(17, 20)}`, digits.slice(20, 32)].join('-')
}

let deployments = 0

/** What the control plane tells the edge when `parts` go live, in this order. */
export function live(
  parts: readonly (readonly [Version, number])[],
  { name = 'shop', strategy = { mode: 'deferred', maxDelaySeconds: 300 } }: { name?: string; strategy?: CodeUpdateStrategy } = {},
): LiveScript {
  const versions: readonly Share[] = parts.map(([{ id }, percentage]) => ({ versionId: id, percentage }))
  const deployment: Deployment = {
    id: `deployment-${(deployments += 1)}`,
    createdOn: new Date(),
    source: 'api',
    authorEmail: 'someone@example.com',
    versions,
    annotations: {},
    codeUpdateStrategy: strategy,
  }
  return { name, deployment, versions: parts.map(([one]) => one), durableObjectClasses: { Counter: 'sql' } }
}

/** Names one version in an override header, quoted as RFC 8941 wants it. */
export function override(one: Version, script = 'shop'): Readonly<Record<string, string>> {
  return { 'Cloudflare-Workers-Version-Overrides': `${script}="${one.id}"` }
}
