import type { z } from 'zod'
import { deliver, type Delivery } from '../delivery.ts'
import { badRequest } from './errors.ts'
import type { setWebhookParams, webhookInfoShape } from './shapes.ts'
import { noWebhook, type Bot } from './state.ts'

/** Section "setWebhook", `max_connections`. */
const defaultConnections = 40

export function setWebhook(bot: Bot, asked: z.infer<typeof setWebhookParams>): string {
  const { url, secret_token: secretToken = '' } = asked
  const pendingUpdates = asked.drop_pending_updates === true ? 0 : bot.webhook.pendingUpdates
  if (url === '') {
    const description = bot.webhook.url === '' ? 'Webhook is already deleted' : 'Webhook was deleted'
    bot.webhook = { ...noWebhook(), pendingUpdates }
    return description
  }
  refuseUrl(url)
  // Section "setWebhook", `secret_token`: 1-256 characters, only A-Z, a-z, 0-9, _ and -.
  if (secretToken.length > 256) throw badRequest('secret token is too long')
  if (!/^[\w-]*$/.test(secretToken)) throw badRequest('secret token contains unallowed characters')
  const maxConnections = asked.max_connections ?? defaultConnections
  const { webhook } = bot
  const same = webhook.url === url && webhook.secretToken === secretToken && webhook.maxConnections === maxConnections
  if (same && asked.drop_pending_updates !== true) return 'Webhook is already set'
  bot.webhook = { url, secretToken, maxConnections, pendingUpdates, lastError: undefined }
  return 'Webhook was set'
}

/** Sections "setWebhook", notes, and "Marvin's Marvellous Guide to All Things Webhook". Loopback is the sandbox's own. */
function refuseUrl(text: string): void {
  if (!URL.canParse(text)) throw badRequest('invalid webhook URL specified')
  const url = new URL(text)
  if (url.hostname === '127.0.0.1' || url.hostname === 'localhost') return
  if (url.protocol !== 'https:') throw badRequest('bad webhook: An HTTPS URL must be provided for webhook')
  if (['', '80', '88', '8443'].includes(url.port)) return
  throw badRequest('bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443')
}

export function webhookInfo({ webhook }: Bot): z.infer<typeof webhookInfoShape> {
  const { url, lastError } = webhook
  return {
    url,
    has_custom_certificate: false,
    pending_update_count: webhook.pendingUpdates,
    ...(lastError === undefined ? {} : lastErrorOf(lastError)),
    ...(url === '' ? {} : { max_connections: webhook.maxConnections, ip_address: '127.0.0.1' }),
  }
}

function lastErrorOf(error: { readonly at: Date; readonly message: string }) {
  return { last_error_date: Math.floor(error.at.getTime() / 1000), last_error_message: error.message }
}

export interface UpdateOptions {
  /** The update without its id; by default a text that a person wrote in the first chat. */
  readonly update?: Readonly<Record<string, unknown>>
  /** By default the webhook's own; null sends none. */
  readonly secretToken?: string | null
  /** By default the webhook's own. */
  readonly url?: string
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Posts one update as Telegram does. What the webhook refuses stays pending and becomes the last error
 * (sections "setWebhook" and "WebhookInfo"); the sandbox does not try again by itself.
 */
export async function deliverUpdate(bot: Bot, options: UpdateOptions = {}): Promise<Delivery> {
  const { webhook } = bot
  const url = options.url ?? webhook.url
  if (url === '') throw new Error('the bot has no webhook: set one, or name a URL')
  const secret = options.secretToken === undefined ? webhook.secretToken : (options.secretToken ?? '')
  bot.lastUpdateId += 1
  const body = JSON.stringify({ update_id: bot.lastUpdateId, ...(options.update ?? { message: someMessage(bot) }) })
  const secretHeader = secret === '' ? {} : { 'x-telegram-bot-api-secret-token': secret }
  const headers = { 'content-type': 'application/json', ...secretHeader, ...options.headers }
  const delivery = await deliver({ url, headers, body, timeoutMs: 60_000 })
  const problem = problemOf(delivery)
  if (problem === undefined) return delivery
  webhook.pendingUpdates += 1
  webhook.lastError = { at: bot.world.now(), message: problem }
  return delivery
}

/** Section "setWebhook": a status other than 2XY is an unsuccessful request. The words are the server's `WebhookActor`. */
function problemOf(delivery: Delivery): string | undefined {
  if (delivery.kind === 'unreachable') return delivery.reason
  if (delivery.status >= 200 && delivery.status < 300) return undefined
  return `Wrong response from the webhook: ${delivery.status} ${delivery.statusText}`
}

function someMessage(bot: Bot) {
  const from = { id: 5_000_000_001, is_bot: false, first_name: 'Ada', language_code: 'en' }
  const date = Math.floor(bot.world.now().getTime() / 1000)
  return { message_id: bot.lastUpdateId, from, chat: bot.chats[0], date, text: 'When does the ferry leave?' }
}
