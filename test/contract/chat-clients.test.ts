import { DiscordAPIError, REST } from '@discordjs/rest'
import { WebClient } from '@slack/web-api'
import { verifyKey } from 'discord-interactions'
import { Bot, GrammyError } from 'grammy'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startChat, type Chat } from '../../sandbox/chat/chat.ts'
import { createWorld, type World } from '../../sandbox/world.ts'
import { openEndpoint } from './chat-endpoint.ts'
import { discordFits, slackFits, telegramFits } from './chat-published-types.ts'

let world: World
let chat: Chat

beforeEach(async () => {
  world = createWorld()
  chat = await startChat(world)
})

afterEach(async () => {
  await chat[Symbol.asyncDispose]()
  expect(world.violations).toEqual([])
})

const posted = z.looseObject({ ts: z.string() })
const identified = z.looseObject({ id: z.string() })

describe('the clients that people use', () => {
  it('speak with the Bot API: grammY', async () => {
    const { api } = new Bot(chat.telegram.token, { client: { apiRoot: chat.telegram.url } })
    expect((await api.getMe()).username).toBe(chat.telegram.username)
    await api.setWebhook('https://harbour.example/telegram', { secret_token: 'pier-7' })
    expect(await api.getWebhookInfo()).toMatchObject({ url: 'https://harbour.example/telegram' })
    const { message_id: id } = await api.sendMessage(chat.telegram.chatId, '<b>a</b>', { parse_mode: 'HTML' })
    await api.editMessageText(chat.telegram.chatId, id, 'b')
    expect(chat.messages()).toMatchObject([{ texts: ['a', 'b'] }])
    chat.telegram.model.refuse({ retryAfterSeconds: 5 })
    const limited = await api.getMe().catch((error: unknown) => error)
    expect(limited).toBeInstanceOf(GrammyError)
    expect(limited).toMatchObject({ error_code: 429, parameters: { retry_after: 5 } })
  })

  it('speak with Discord: @discordjs/rest', async () => {
    const rest = new REST({ api: chat.discord.url.replace('/v10', ''), version: '10' }).setToken(chat.discord.token)
    expect(await rest.get('/users/@me')).toMatchObject({ bot: true })
    expect(await rest.get('/applications/@me')).toMatchObject({ verify_key: chat.discord.publicKey })
    expect(await rest.get('/gateway/bot')).toMatchObject({ url: chat.discord.gatewayUrl })
    const inChannel = `/channels/${chat.discord.channelId}/messages` as const
    const { id } = identified.parse(await rest.post(inChannel, { body: { content: 'a' } }))
    await rest.patch(`${inChannel}/${id}`, { body: { content: 'b' } })
    const atWebhook = `/webhooks/${chat.discord.webhook.id}/${chat.discord.webhook.token}` as const
    const query = new URLSearchParams({ wait: 'true' })
    const hooked = identified.parse(await rest.post(atWebhook, { auth: false, query, body: { content: 'c' } }))
    await rest.patch(`${atWebhook}/messages/${hooked.id}`, { auth: false, body: { content: 'd' } })
    expect(chat.messages()).toMatchObject([{ texts: ['a', 'b'] }, { texts: ['c', 'd'] }])
    chat.discord.model.refuse({ retryAfterSeconds: 0.1 })
    expect(await rest.get('/users/@me')).toMatchObject({ bot: true })
    const refused = await rest.post(inChannel, { body: { content: ' ' } }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(DiscordAPIError)
    expect(refused).toMatchObject({ code: 50_006, status: 400 })
  })

  it('speak with Slack: @slack/web-api', async () => {
    const clientOf = (token: string) => new WebClient(token, { slackApiUrl: `${chat.slack.url}/`, rejectRateLimitedCalls: true })
    const client = clientOf(chat.slack.botToken)
    const channel = chat.slack.channelId
    expect((await client.auth.test()).team_id).toBe(chat.slack.teamId)
    expect((await clientOf(chat.slack.appToken).apps.connections.open()).url).toContain('ticket=')
    const message = { channel, text: 'a', unfurl_links: false, blocks: [{ type: 'divider' }] }
    const { ts } = posted.parse(await client.apiCall('chat.postMessage', message))
    await client.chat.update({ channel, ts, text: 'b', blocks: [] })
    expect(chat.messages()).toMatchObject([{ id: ts, texts: ['', 'b'] }])
    await expect(client.apps.connections.open()).rejects.toMatchObject({ data: { error: 'not_allowed_token_type' } })
    chat.slack.model.refuse({ retryAfterSeconds: 5 })
    await expect(client.auth.test()).rejects.toMatchObject({ retryAfter: 5 })
  })

  it('verify an interaction: discord-interactions', async () => {
    await using endpoint = await openEndpoint(async ({ headers, body }) => {
      const [signature, timestamp] = [headers['x-signature-ed25519'], headers['x-signature-timestamp']]
      const genuine = await verifyKey(body, String(signature), String(timestamp), chat.discord.publicKey)
      return genuine ? { status: 200, body: '{"type":1}' } : { status: 401 }
    })
    expect(await chat.discord.sendInteraction({ url: endpoint.url })).toMatchObject({ accepted: true })
  })

  it('sign for the webhook receiver: standardwebhooks', async () => {
    const at = new Date()
    const signature = new Webhook(chat.webhook.secret).sign('msg_1', at, '{}')
    const timestamp = String(Math.floor(at.getTime() / 1000))
    const signed = { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': signature }
    const headers = { 'content-type': 'application/json', ...signed }
    expect((await fetch(chat.webhook.url, { method: 'POST', headers, body: '{}' })).status).toBe(204)
  })

  it('have types that the sandbox fits, which the compiler judges', () => {
    expect([...telegramFits, ...discordFits, ...slackFits].every(Boolean)).toBe(true)
  })
})
