import type { z } from 'zod'
import { serve, type World } from '../../world.ts'
import type { Delivery } from '../delivery.ts'
import type { LimitOptions } from '../limits.ts'
import type { Mailbox } from '../mailbox.ts'
import { answer } from './routes.ts'
import type { chatShape } from './shapes.ts'
import { newBot, type Bot, type BotMessage, type Webhook } from './state.ts'
import { deliverUpdate, type UpdateOptions } from './webhook.ts'

/** Arranges what the bot's people and Telegram itself would do, and reads what became of it. */
export interface TelegramModel {
  /** Open for tests: `webhook.lastError`, `webhook.pendingUpdates`, `webhook.url`. */
  readonly webhook: Webhook
  /** As setWebhook would, without a call. */
  setWebhook(url: string, secretToken?: string): void
  /** Telegram could not deliver; `at` is now by default. */
  failWebhook(message: string, at?: Date): void
  addChat(chat: z.infer<typeof chatShape>): void
  /** The next matching requests are answered 429. */
  refuse(options?: LimitOptions): void
  /** As BotFather does: every call is answered 401 from now on. */
  revokeToken(): void
  messages(): readonly BotMessage[]
}

export interface Telegram extends AsyncDisposable {
  /** What stands for https://api.telegram.org; calls go to `<url>/bot<token>/<method>`. */
  readonly url: string
  readonly token: string
  readonly username: string
  /** A chat that the bot may write to. */
  readonly chatId: number
  readonly model: TelegramModel
  deliverUpdate(options?: UpdateOptions): Promise<Delivery>
}

/** Starts Telegram's Bot API for one bot on loopback. */
export async function startTelegram(world: World, mailbox: Mailbox, port = 0): Promise<Telegram> {
  const bot = newBot(world, mailbox)
  const service = await serve(world, 'telegram', (request) => answer(bot, request), port)
  return {
    url: service.url,
    token: bot.token,
    username: bot.me.username,
    chatId: bot.chats[0]?.id ?? 0,
    model: modelOf(bot),
    deliverUpdate: (options) => deliverUpdate(bot, options),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  }
}

function modelOf(bot: Bot): TelegramModel {
  return {
    get webhook() {
      return bot.webhook
    },
    setWebhook(url, secretToken = '') {
      bot.webhook = { url, secretToken, maxConnections: 40, pendingUpdates: 0, lastError: undefined }
    },
    failWebhook: (message, at = bot.world.now()) => void (bot.webhook.lastError = { at, message }),
    addChat: (chat) => void bot.chats.push(chat),
    refuse: (options = {}) => bot.limits.refuse(options),
    revokeToken: () => void (bot.revoked = true),
    messages: () => bot.messages,
  }
}
