import type { World } from '../world.ts'
import { startDiscord, type Discord } from './discord/rest-api.ts'
import type { Mailbox, SentMessage } from './mailbox.ts'
import { startSlack, type Slack } from './slack/web-api.ts'
import { startTelegram, type Telegram } from './telegram/bot-api.ts'
import { startWebhook, type Webhook } from './webhook/receiver.ts'

/** Telegram, Discord, Slack and a team's own webhook receiver on loopback, in one world. */
export interface Chat extends AsyncDisposable {
  readonly telegram: Telegram
  readonly discord: Discord
  readonly slack: Slack
  readonly webhook: Webhook
  /** Every message that people would see, oldest first; an edit adds a text and no message. A check must leave it empty. */
  messages(): readonly SentMessage[]
}

export interface ChatOptions {
  /** Any free port by default. */
  readonly ports?: {
    readonly telegram?: number
    readonly discord?: number
    readonly slack?: number
    readonly webhook?: number
  }
}

export async function startChat(world: World, { ports = {} }: ChatOptions = {}): Promise<Chat> {
  const mailbox: Mailbox = { messages: [] }
  const telegram = await startTelegram(world, mailbox, ports.telegram)
  const discord = await startDiscord(world, mailbox, ports.discord)
  const slack = await startSlack(world, mailbox, ports.slack)
  const webhook = await startWebhook(world, ports.webhook)
  return {
    telegram,
    discord,
    slack,
    webhook,
    messages: () => mailbox.messages,
    async [Symbol.asyncDispose]() {
      await webhook[Symbol.asyncDispose]()
      await slack[Symbol.asyncDispose]()
      await discord[Symbol.asyncDispose]()
      await telegram[Symbol.asyncDispose]()
    },
  }
}
