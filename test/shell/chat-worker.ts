import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { verifyKey } from 'discord-interactions'
import { Bot, webhookCallback } from 'grammy'
import { expect } from 'vitest'
import { z } from 'zod'
import { startChat, type Chat } from '../../sandbox/chat/chat.ts'
import { createWorld, portOf, type World } from '../../sandbox/world.ts'
import type { DiscordCheckSpec } from '../../src/core/checks/discord.ts'
import type { SlackCheckSpec } from '../../src/core/checks/slack.ts'
import type { TelegramCheckSpec } from '../../src/core/checks/telegram.ts'
import { ANOTHER } from '../core/check-samples.ts'

// A Worker with three channels on loopback, each guarded by a library that knows nothing of the checks, in front
// of the chat services.

export const TELEGRAM_SECRET = 'harbour_secret-1'

/** What the Worker does wrong; a test turns one thing on. */
export interface Bugs {
  telegramFails: boolean
  telegramTakesAnyToken: boolean
  discordTakesAnySignature: boolean
  discordIgnoresMissing: boolean
  slackForgetsChallenge: boolean
  slackTakesAnySignature: boolean
  slackTakesOldSignatures: boolean
  /** Every answer repeats what was sent, headers and all. */
  echoes: boolean
  hidesVersion: boolean
}

export interface Harbour {
  readonly world: World
  readonly chat: Chat
  readonly baseUrl: URL
  readonly bugs: Bugs
  /** Versions that were asked, in order. */
  readonly asked: readonly string[]
  readonly telegram: TelegramCheckSpec
  readonly discord: DiscordCheckSpec
  readonly slack: SlackCheckSpec
}

const basics = { proof: { kind: 'header', name: 'x-version-id' }, timeoutSeconds: 5, deadlineSeconds: 20, headers: {} } as const

/** Afterwards no person may have seen a message, and nobody may have taken the bots' own sessions. */
export async function withHarbour(run: (harbour: Harbour) => Promise<void>): Promise<void> {
  const world = createWorld()
  await using chat = await startChat(world)
  const bugs: Bugs = {
    telegramFails: false,
    telegramTakesAnyToken: false,
    discordTakesAnySignature: false,
    discordIgnoresMissing: false,
    slackForgetsChallenge: false,
    slackTakesAnySignature: false,
    slackTakesOldSignatures: false,
    echoes: false,
    hidesVersion: false,
  }
  const asked: string[] = []
  const updates = botFor(chat)
  const server = createServer((request, response) => {
    const version = chosenBy(request)
    asked.push(version)
    if (!bugs.hidesVersion) response.setHeader('x-version-id', version)
    answer(request, response, { bugs, chat, updates }).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { telegram, discord, slack } = chat
  const baseUrl = new URL(`http://127.0.0.1:${portOf(server)}`)
  telegram.model.setWebhook(`${baseUrl.href}telegram`, TELEGRAM_SECRET)
  try {
    await run({
      world,
      chat,
      baseUrl,
      bugs,
      asked,
      telegram: { kind: 'telegram', name: 'telegram', ...basics, token: telegram.token, path: '/telegram', secretToken: TELEGRAM_SECRET, maxPending: 5, recentErrorSeconds: 600, apiBaseUrl: telegram.url },
      discord: { kind: 'discord', name: 'discord', ...basics, token: discord.token, path: '/discord', gateway: true, apiBaseUrl: discord.url },
      slack: { kind: 'slack', name: 'slack', ...basics, botToken: slack.botToken, appToken: slack.appToken, events: { path: '/slack', signingSecret: slack.signingSecret, refusesStale: true }, apiBaseUrl: slack.url },
    })
    expect(chat.messages()).toEqual([])
    expect(world.violations).toEqual([])
    expect(discord.model.gatewayCalls()).toEqual([])
    expect(slack.model.socketsOpened()).toBe(0)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** The version that an edge would choose for this request. */
function chosenBy(request: IncomingMessage): string {
  const asked = /^shop="([0-9a-f-]{36})"$/.exec(String(request.headers['cloudflare-workers-version-overrides'] ?? ''))
  return asked?.[1] ?? ANOTHER
}

type Updates = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** A bot that answers every message; an update without one must leave it silent. */
function botFor({ telegram }: Chat): { readonly guarded: Updates; readonly open: Updates } {
  const make = () => {
    const bot = new Bot(telegram.token, {
      client: { apiRoot: telegram.url },
      botInfo: { id: 1, is_bot: true, first_name: 'Harbour', username: 'harbour_bot', can_join_groups: true, can_read_all_group_messages: false, supports_inline_queries: false, can_connect_to_business: false, has_main_web_app: false, has_topics_enabled: false, allows_users_to_create_topics: false, can_manage_bots: false, supports_guest_queries: false, supports_join_request_queries: false },
    })
    bot.on('message', async (context) => void (await context.reply('Ahoy')))
    return bot
  }
  return { guarded: webhookCallback(make(), 'http', { secretToken: TELEGRAM_SECRET }), open: webhookCallback(make(), 'http') }
}

interface Inside {
  readonly bugs: Bugs
  readonly chat: Chat
  readonly updates: ReturnType<typeof botFor>
}

async function answer(request: IncomingMessage, response: ServerResponse, { bugs, chat, updates }: Inside): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://worker').pathname
  if (path === '/telegram' && !bugs.echoes) {
    const isGuarded = request.headers['x-telegram-bot-api-secret-token'] === TELEGRAM_SECRET
    if (bugs.telegramFails && isGuarded) response.writeHead(500).end('TypeError: undefined is not a function')
    else await (bugs.telegramTakesAnyToken ? updates.open : updates.guarded)(request, response)
    return
  }
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  const body = Buffer.concat(chunks).toString('utf8')
  if (bugs.echoes) response.writeHead(418).end(JSON.stringify({ path, headers: request.headers, body }))
  else if (path === '/discord') await answerDiscord(request, response, { body, bugs, chat })
  else if (path === '/slack') answerSlack(request, response, { body, bugs, chat })
  else response.writeHead(404).end()
}

interface Asked {
  readonly body: string
  readonly bugs: Bugs
  readonly chat: Chat
}

async function answerDiscord(request: IncomingMessage, response: ServerResponse, { body, bugs, chat }: Asked): Promise<void> {
  const signature = request.headers['x-signature-ed25519']
  const timestamp = request.headers['x-signature-timestamp']
  const isSigned = typeof signature === 'string' && typeof timestamp === 'string'
  const isGood = isSigned ? bugs.discordTakesAnySignature || (await verifyKey(body, signature, timestamp, chat.discord.publicKey)) : bugs.discordIgnoresMissing
  if (isGood) response.writeHead(200, { 'content-type': 'application/json' }).end('{"type":1}')
  else response.writeHead(401).end('invalid request signature')
}

const eventSchema = z.object({ challenge: z.string() })

function answerSlack(request: IncomingMessage, response: ServerResponse, { body, bugs, chat }: Asked): void {
  const timestamp = String(request.headers['x-slack-request-timestamp'])
  const isOld = Math.abs(Date.now() / 1000 - Number(timestamp)) > 300
  const isGood = request.headers['x-slack-signature'] === chat.slack.sign(timestamp, body)
  if ((isOld && !bugs.slackTakesOldSignatures) || (!isGood && !bugs.slackTakesAnySignature)) {
    response.writeHead(401).end()
    return
  }
  const { challenge } = eventSchema.parse(JSON.parse(body))
  response.writeHead(200, { 'content-type': 'text/plain' }).end(bugs.slackForgetsChallenge ? 'ok' : challenge)
}
