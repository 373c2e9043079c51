import { json, methodNotAllowed, notFound, parseJson, unauthorized } from './answers.js'
import { counterOf } from './stores.js'
import { isBroken } from './switches.js'

const PING = 1
const COMMAND = 2

/** The interactions endpoint (docs "Interactions"): PONG to a PING, the visits to any command, 401 to a bad signature. */
export async function answerDiscord(request, env) {
  if (env.DISCORD_PUBLIC_KEY === undefined) return notFound()
  if (request.method !== 'POST') return methodNotAllowed()
  const body = await request.text()
  if (!(await isSigned(request.headers, body, env))) return unauthorized()
  const interaction = parseJson(body)
  if (interaction?.type === PING) return json({ type: 1 })
  if (interaction?.type !== COMMAND) return json({ error: 'an unknown interaction' }, 400)
  const { total } = await counterOf(env).read()
  // Only who asked sees it: flag 64.
  return json({ type: 4, data: { content: `${total} visits`, flags: 64 } })
}

async function isSigned(headers, body, env) {
  const signature = headers.get('x-signature-ed25519') ?? ''
  const timestamp = headers.get('x-signature-timestamp') ?? ''
  // Broken: the key is taken for base64, and is then none.
  const bytes = isBroken(env, 'discord') ? Uint8Array.fromBase64(env.DISCORD_PUBLIC_KEY) : Uint8Array.fromHex(env.DISCORD_PUBLIC_KEY)
  const key = await crypto.subtle.importKey('raw', bytes, 'Ed25519', false, ['verify'])
  if (!/^[0-9a-f]{128}$/i.test(signature) || timestamp === '') return false
  return crypto.subtle.verify('Ed25519', key, Uint8Array.fromHex(signature), new TextEncoder().encode(timestamp + body))
}
