import { sign, verify } from './signing.js'

/**
 * Says of each part that the Worker depends on whether it works, with this version's own code, bindings and
 * secrets. It reads and never writes, so that it may be asked at any time in production.
 */
export async function reportHealth(env, importKey) {
  const parts = {
    async kv() {
      await env.SIGNATURES.get('healthz')
    },
    async r2() {
      await env.NOTES.head('healthz')
    },
    async 'durable-object'() {
      const { versionId } = await env.COUNTER.getByName('visits').read()
      return { versionId }
    },
    async auth() {
      const key = await importKey(env.API_KEY)
      if (!(await verify(key, 'healthz', await sign(key, 'healthz')))) throw new Error('the signature does not fit')
    },
  }
  const components = Object.fromEntries(await Promise.all(Object.entries(parts).map(async ([name, part]) => [name, await examine(part)])))
  const isHealthy = Object.values(components).every((component) => component.status === 'pass')
  const { id, tag } = env.VERSION
  return new Response(JSON.stringify({ status: isHealthy ? 'pass' : 'fail', version: { id, tag }, components }), {
    status: isHealthy ? 200 : 503,
    headers: { 'content-type': 'application/health+json' },
  })
}

/** The reason stays in the Worker: anybody may ask for the health. */
async function examine(part) {
  try {
    return { status: 'pass', ...(await part()) }
  } catch {
    return { status: 'fail' }
  }
}
