import { json, methodNotAllowed, notFound, parseJson, unauthorized } from './answers.js'
import { counterOf } from './stores.js'
import { isBroken } from './switches.js'

/**
 * A bot's webhook (Bot API "setWebhook"). `/visits` is answered in the reply itself; any other update, such as one with an
 * `update_id` alone, is taken and nothing is done.
 */
export async function answerTelegram(request, env) {
  if (env.TELEGRAM_SECRET_TOKEN === undefined) return notFound()
  if (request.method !== 'POST') return methodNotAllowed()
  // Broken: a header that Telegram does not send, so that every update is refused.
  const header = isBroken(env, 'telegram') ? 'x-telegram-secret-token' : 'x-telegram-bot-api-secret-token'
  if (!(await isSame(request.headers.get(header) ?? '', env.TELEGRAM_SECRET_TOKEN))) return unauthorized()
  const update = parseJson(await request.text())
  if (!Number.isInteger(update?.update_id)) return json({ error: 'no update' }, 400)
  const { chat, text } = update.message ?? {}
  if (text !== '/visits' || chat?.id === undefined) return new Response()
  const { total } = await counterOf(env).read()
  return json({ method: 'sendMessage', chat_id: chat.id, text: `${total} visits` })
}

/** Compares digests, in the same time whatever is given. */
async function isSame(given, wanted) {
  const [one, other] = await Promise.all([given, wanted].map((text) => crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
  return crypto.subtle.timingSafeEqual(one, other)
}
