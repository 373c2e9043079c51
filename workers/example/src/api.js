import { json, methodNotAllowed, notFound } from './answers.js'
import { sign, verify } from './signing.js'
import { counterOf, notesOf, signaturesOf } from './stores.js'
import { isBroken, isUnlucky } from './switches.js'

/** The routes below `/api/`, which users' pages call. */
export async function answerApi(request, env, importKey) {
  if (isBroken(env, 'http') || isUnlucky(env)) throw new TypeError('Cannot read properties of undefined (reading \'total\')')
  const key = await importKey(env.API_KEY)
  const { pathname } = new URL(request.url)
  if (pathname === '/api/count') return json(await counterOf(env).countVisit())
  const note = /^\/api\/notes\/([\w-]{1,64})$/.exec(pathname)?.[1]
  if (note === undefined) return notFound()
  if (request.method === 'PUT') return putNote(env, key, note, await request.text())
  return request.method === 'GET' ? getNote(env, key, note) : methodNotAllowed()
}

/** The note goes to R2, its signature to KV. */
async function putNote(env, key, name, text) {
  await notesOf(env).put(name, text)
  await signaturesOf(env).put(name, await sign(key, text))
  return json({ saved: name }, 201)
}

async function getNote(env, key, name) {
  const [note, signature] = await Promise.all([notesOf(env).get(name), signaturesOf(env).get(name)])
  if (note === null || signature === null) return notFound()
  const text = await note.text()
  if (!(await verify(key, text, signature))) return json({ error: 'the signature does not fit' }, 409)
  return json({ name, text })
}
