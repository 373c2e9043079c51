import { reportHealth } from './health.js'
import { sign, verify } from './signing.js'

/** The whole Worker; `importKey` is the one part in which the good and the broken version differ. */
export function createWorker({ importKey }) {
  return {
    async fetch(request, env) {
      const response = await answer(request, env, importKey).catch(() => json({ error: 'internal error' }, 500))
      // Proof of version: without it a 200 says nothing about which version answered.
      response.headers.set('x-version-id', env.VERSION.id)
      response.headers.set('cache-control', 'no-store')
      return response
    },
  }
}

async function answer(request, env, importKey) {
  const { pathname } = new URL(request.url)
  if (pathname === '/healthz') return reportHealth(env, importKey)
  const key = await importKey(env.API_KEY)
  if (pathname === '/api/count') return json(await counter(env).countVisit())
  const note = /^\/api\/notes\/([\w-]{1,64})$/.exec(pathname)?.[1]
  if (note === undefined) return json({ error: 'not found' }, 404)
  if (request.method === 'PUT') return putNote(env, key, note, await request.text())
  return request.method === 'GET' ? getNote(env, key, note) : json({ error: 'method not allowed' }, 405)
}

/** The note goes to R2, its signature to KV. */
async function putNote(env, key, name, text) {
  await env.NOTES.put(name, text)
  await env.SIGNATURES.put(name, await sign(key, text))
  return json({ saved: name }, 201)
}

async function getNote(env, key, name) {
  const [note, signature] = await Promise.all([env.NOTES.get(name), env.SIGNATURES.get(name)])
  if (note === null || signature === null) return json({ error: 'not found' }, 404)
  const text = await note.text()
  if (!(await verify(key, text, signature))) return json({ error: 'the signature does not fit' }, 409)
  return json({ name, text })
}

function counter(env) {
  return env.COUNTER.getByName('visits')
}

function json(body, status = 200) {
  return Response.json(body, { status })
}
