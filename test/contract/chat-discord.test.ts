import { WebSocket } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keysFrom } from '../../sandbox/chat/discord/keys.ts'
import { startDiscord } from '../../sandbox/chat/discord/rest-api.ts'
import { startChat, type Chat } from '../../sandbox/chat/chat.ts'
import { createWorld, type World } from '../../sandbox/world.ts'
import { answerOf, openEndpoint, type Seen } from './chat-endpoint.ts'

let world: World
let chat: Chat

beforeEach(async () => {
  world = createWorld()
  chat = await startChat(world)
})

afterEach(() => chat[Symbol.asyncDispose]())

interface Call {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

const agent = { 'user-agent': 'DiscordBot (https://harbour.example, 1.0.0)' }

/** As the bot. */
async function call(path: string, { method, body, headers }: Call = {}) {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  const authorization = `Bot ${chat.discord.token}`
  return answerOf(
    await fetch(`${chat.discord.url}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { ...agent, authorization, ...type, ...headers },
      ...sent,
    }),
  )
}

const inChannel = () => `/channels/${chat.discord.channelId}/messages`
const atWebhook = () => `/webhooks/${chat.discord.webhook.id}/${chat.discord.webhook.token}`
const post = (body: unknown) => call(inChannel(), { body })
const idOf = (answer: { readonly body: unknown }) => String(Object(answer.body).id)

describe('the contract', () => {
  it.each<[string, () => string, Call, string]>([
    ['a route that the sandbox does not play', () => '/users/1', {}, 'no such route'],
    ['an unknown query parameter', () => '/users/@me?verbose=1', {}, '"verbose"'],
    ['a misspelt field', inChannel, { body: { contents: 'a' } }, '"contents"'],
    ['a wrong type', inChannel, { body: { content: 'a', flags: '4' } }, 'flags'],
    ['no User-Agent of the published form', () => '/gateway', { headers: { 'user-agent': 'node' } }, 'User-Agent'],
  ])('fails the test that asks with %s', async (_, path, options, sentence) => {
    expect(await call(path(), options)).toMatchObject({ status: 500, body: { code: 0 } })
    expect(world.violations).toHaveLength(1)
    expect(world.violations[0]).toContain(sentence)
  })

  it('fails the test that sends no token, or a body that is not called JSON', async () => {
    expect((await fetch(`${chat.discord.url}/users/@me`, { headers: agent })).status).toBe(500)
    expect((await call(inChannel(), { body: {}, headers: { 'content-type': 'text/plain' } })).status).toBe(500)
    expect(world.violations).toHaveLength(2)
  })

  it('fails the test in which the sandbox itself answers what Discord never does', async () => {
    chat.discord.model.interactionsEndpointUrl = 'nonsense'
    expect((await call('/applications/@me')).status).toBe(200)
    expect(world.violations.join()).toContain('answered 200')
  })

  it('fails the test whose check identifies to the gateway, or connects with what is not played', async () => {
    const socket = await connect()
    socket.send(JSON.stringify({ op: 2, d: { token: chat.discord.token, intents: 0, properties: {} } }))
    expect(await closeCode(socket)).toBe(4004)
    expect(chat.discord.model.gatewayCalls()).toEqual([{ op: 2 }])
    expect(world.violations.join()).toContain('identified')
    await expect(connect('?compress=zlib-stream')).rejects.toThrow('no WebSocket')
    expect(world.violations).toHaveLength(2)
  })
})

function connect(query = '?v=10&encoding=json'): Promise<WebSocket> {
  const socket = new WebSocket(`${chat.discord.gatewayUrl}${query}`)
  return new Promise((resolve, reject) => {
    socket.addEventListener('error', () => reject(new Error('no WebSocket')), { once: true })
    socket.addEventListener('message', ({ data }) => resolve(greeted(socket, String(data))), { once: true })
  })
}

async function greeted(socket: WebSocket, hello: string): Promise<WebSocket> {
  if (!hello.startsWith('{')) throw new Error('the greeting is not JSON')
  expect(JSON.parse(hello)).toMatchObject({ op: 10, d: { heartbeat_interval: expect.any(Number) } })
  return socket
}

const closeCode = (socket: WebSocket) =>
  new Promise((resolve) => socket.addEventListener('close', ({ code }) => resolve(code), { once: true }))

/** Verified by the Web Crypto API, not by the code that signs. */
async function genuine({ headers, body }: Seen): Promise<boolean> {
  const raw = Buffer.from(chat.discord.publicKey, 'hex')
  const key = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify'])
  const signature = Buffer.from(String(headers['x-signature-ed25519']), 'hex')
  return crypto.subtle.verify('Ed25519', key, signature, Buffer.from(String(headers['x-signature-timestamp']) + body))
}

describe('everything below keeps the contract:', () => {
  afterEach(() => expect(world.violations).toEqual([]))

  it('tells the bot who it is, and what its application is', async () => {
    expect(await call('/users/@me')).toMatchObject({ status: 200, body: { id: chat.discord.applicationId, bot: true } })
    chat.discord.model.interactionsEndpointUrl = 'https://harbour.example/interactions'
    expect((await call('/applications/@me')).body).toMatchObject({
      verify_key: chat.discord.publicKey,
      interactions_endpoint_url: 'https://harbour.example/interactions',
    })
  })

  it('refuses a wrong token, and one that was revoked', async () => {
    const unauthorized = { status: 401, body: { message: '401: Unauthorized', code: 0 } }
    expect(await call('/users/@me', { headers: { authorization: 'Bot nonsense' } })).toMatchObject(unauthorized)
    expect(await call('/users/@me', { headers: { authorization: `Bearer ${chat.discord.token}` } })).toMatchObject(unauthorized)
    chat.discord.model.revokeToken()
    expect(await call('/users/@me')).toMatchObject(unauthorized)
  })

  it('names the gateway to all, and its limits to the bot', async () => {
    const plain = await answerOf(await fetch(`${chat.discord.url}/gateway`, { headers: agent }))
    expect(plain.body).toEqual({ url: chat.discord.gatewayUrl })
    chat.discord.model.sessionsRemaining = 3
    expect((await call('/gateway/bot')).body).toMatchObject({ url: chat.discord.gatewayUrl, session_start_limit: { remaining: 3 } })
  })

  it('says HELLO on the gateway, answers a heartbeat, and lets go', async () => {
    const socket = await connect()
    const ack = new Promise((resolve) => socket.addEventListener('message', ({ data }) => resolve(JSON.parse(String(data))), { once: true }))
    socket.send(JSON.stringify({ op: 1, d: null }))
    expect(await ack).toMatchObject({ op: 11 })
    const closed = closeCode(socket)
    socket.close(1000)
    expect(await closed).toBe(1000)
    expect(chat.discord.model.gatewayConnections()).toBe(1)
    expect(chat.discord.model.gatewayCalls()).toEqual([{ op: 1 }])
  })

  it('has a gateway that can be silent, garbled or closed', async () => {
    chat.discord.model.gatewayMood = 'refused'
    await expect(connect()).rejects.toThrow('no WebSocket')
    chat.discord.model.gatewayMood = 'garbled'
    await expect(connect()).rejects.toThrow('not JSON')
    chat.discord.model.gatewayMood = 'silent'
    const socket = new WebSocket(chat.discord.gatewayUrl)
    const said: unknown[] = []
    socket.addEventListener('message', ({ data }) => said.push(JSON.parse(String(data))))
    await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }))
    const ack = new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }))
    socket.send(JSON.stringify({ op: 1, d: null }))
    await ack
    expect(said).toMatchObject([{ op: 11 }])
    socket.close()
  })

  it('closes the gateway on what is not a payload', async () => {
    const socket = await connect()
    socket.send('ahoy')
    expect(await closeCode(socket)).toBe(4002)
  })

  describe('messages', () => {
    it('are sent and edited by the bot, and counted once', async () => {
      const sent = await post({ content: 'Deploying', allowed_mentions: { parse: [] } })
      expect(sent).toMatchObject({ status: 200, body: { content: 'Deploying', edited_timestamp: null, type: 0 } })
      const edited = await call(`${inChannel()}/${idOf(sent)}`, { method: 'PATCH', body: { content: 'Promoted' } })
      expect(edited.body).toMatchObject({ id: idOf(sent), content: 'Promoted', edited_timestamp: expect.any(String) })
      expect(chat.messages()).toMatchObject([{ service: 'discord', texts: ['Deploying', 'Promoted'] }])
    })

    it('of a webhook come back when it is waited for, and can be edited there alone', async () => {
      const unwaited = await call(atWebhook(), { body: { content: 'a' } })
      expect(unwaited).toMatchObject({ status: 204, body: undefined })
      const sent = await call(`${atWebhook()}?wait=true`, { body: { username: 'Deploys', embeds: [{ title: 'b' }] } })
      expect(sent.body).toMatchObject({ webhook_id: chat.discord.webhook.id, author: { username: 'Deploys' } })
      const edited = await call(`${atWebhook()}/messages/${idOf(sent)}`, { method: 'PATCH', body: { content: 'c', embeds: [] } })
      expect(edited.body).toMatchObject({ content: 'c', embeds: [] })
      const asBot = await call(`${inChannel()}/${idOf(sent)}`, { method: 'PATCH', body: { content: 'd' } })
      expect(asBot).toMatchObject({ status: 403, body: { code: 50_005 } })
      const own = await post({ content: 'e' })
      const asWebhook = await call(`${atWebhook()}/messages/${idOf(own)}`, { method: 'PATCH', body: { content: 'f' } })
      expect(asWebhook).toMatchObject({ status: 404, body: { code: 10_008 } })
      expect(chat.messages().map(({ texts }) => texts)).toEqual([['a'], ['b', 'c'], ['e']])
    })

    it('need no token where the webhook has its own', async () => {
      const headers = { ...agent, 'content-type': 'application/json' }
      const sent = await fetch(chat.discord.webhook.url, { method: 'POST', headers, body: '{"content":"a"}' })
      expect(sent.status).toBe(204)
      const wrong = await call(`/webhooks/${chat.discord.webhook.id}/nonsense`, { body: { content: 'a' } })
      expect(wrong).toMatchObject({ status: 401, body: { message: 'Invalid Webhook Token', code: 50_027 } })
      chat.discord.model.deleteWebhook()
      expect(await call(atWebhook(), { body: { content: 'a' } })).toMatchObject({ status: 404, body: { code: 10_015 } })
    })

    it('cannot be empty, too long or too many', async () => {
      expect(await post({ content: ' ' })).toMatchObject({ status: 400, body: { code: 50_006 } })
      const long = await post({ content: 'a'.repeat(2001) })
      const content = { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 2000 or fewer in length.' }] }
      expect(long).toMatchObject({ status: 400, body: { code: 50_035, errors: { content } } })
      const embeds = Array.from({ length: 11 }, () => ({ title: 'a' }))
      expect(await post({ embeds })).toMatchObject({ status: 400, body: { code: 50_035 } })
      expect((await post({ content: '🚢'.repeat(2000) })).status).toBe(200)
    })

    it('reach only channels that exist and that the bot may see', async () => {
      const to = (id: string) => call(`/channels/${id}/messages`, { body: { content: 'a' } })
      expect(await to('1180000000000000099')).toMatchObject({ status: 404, body: { code: 10_003 } })
      chat.discord.model.closeChannel('1180000000000000098')
      expect(await to('1180000000000000098')).toMatchObject({ status: 403, body: { code: 50_001 } })
      expect(await call(`${inChannel()}/1180000000000000097`, { method: 'PATCH', body: { content: 'a' } })).toMatchObject({
        status: 404,
        body: { code: 10_008 },
      })
    })
  })

  describe('rate limits', () => {
    it('are told on each answer, by bucket', async () => {
      const first = await call('/users/@me')
      const second = await call('/users/@me')
      const refused = await call('/channels/1/messages', { body: { content: 'a' } })
      expect([refused.status, refused.headers.has('x-ratelimit-bucket')]).toEqual([404, true])
      const left = (answer: typeof first) => Number(answer.headers.get('x-ratelimit-remaining'))
      expect([left(first) - left(second), left(first) > 0]).toEqual([1, true])
      expect(second.headers.get('x-ratelimit-bucket')).toBe(first.headers.get('x-ratelimit-bucket'))
      expect((await call('/gateway')).headers.get('x-ratelimit-bucket')).not.toBe(first.headers.get('x-ratelimit-bucket'))
      expect(Number(first.headers.get('x-ratelimit-reset-after'))).toBeGreaterThan(0)
    })

    it('refuse with decimals in the body and whole seconds in the header', async () => {
      chat.discord.model.refuse({ retryAfterSeconds: 1.25, method: 'POST' })
      expect((await call('/users/@me')).status).toBe(200)
      const limited = await post({ content: 'a' })
      expect(limited).toMatchObject({
        status: 429,
        body: { message: 'You are being rate limited.', retry_after: 1.25, global: false },
      })
      expect(limited.headers.get('retry-after')).toBe('2')
      expect(limited.headers.get('x-ratelimit-scope')).toBe('user')
      expect(limited.headers.get('x-ratelimit-remaining')).toBe('0')
      expect(chat.messages()).toEqual([])
      expect((await post({ content: 'a' })).status).toBe(200)
    })

    it('for all of Discord have no bucket', async () => {
      chat.discord.model.refuse({ scope: 'global' })
      const limited = await call('/users/@me')
      expect(limited).toMatchObject({ status: 429, body: { global: true } })
      expect(limited.headers.get('x-ratelimit-global')).toBe('true')
      expect(limited.headers.get('x-ratelimit-bucket')).toBeNull()
    })

    it('hold without being asked for when a bucket is empty', async () => {
      const clock = { now: new Date(1_800_000_000_000) }
      await using discord = await startDiscord({ ...world, now: () => clock.now }, { messages: [] })
      const ask = () => fetch(`${discord.url}/users/@me`, { headers: { ...agent, authorization: `Bot ${discord.token}` } })
      const answers = await Promise.all(Array.from({ length: 20 }, ask))
      expect(answers.every(({ ok }) => ok)).toBe(true)
      expect(await answerOf(await ask())).toMatchObject({ status: 429, body: { retry_after: 1, global: false } })
      clock.now = new Date(clock.now.getTime() + 1000)
      expect((await ask()).status).toBe(200)
    })
  })

  describe('interactions', () => {
    it('are accepted by an endpoint that answers PONG and refuses a forged signature', async () => {
      await using endpoint = await openEndpoint(async (seen) =>
        (await genuine(seen)) ? { status: 200, body: '{"type":1}' } : { status: 401 },
      )
      chat.discord.model.interactionsEndpointUrl = endpoint.url
      const check = await chat.discord.sendInteraction({ headers: { 'x-override': 'v1' } })
      expect(check).toMatchObject({ accepted: true, signed: { status: 200 }, forged: { status: 401 } })
      expect(endpoint.seen).toHaveLength(2)
      expect(JSON.parse(endpoint.seen[0]?.body ?? '')).toMatchObject({ type: 1, application_id: chat.discord.applicationId })
      expect(endpoint.seen[0]?.headers).toMatchObject({ 'x-override': 'v1' })
      expect(endpoint.seen[0]?.body).toBe(endpoint.seen[1]?.body)
    })

    it.each([
      ['believes everyone', () => ({ status: 200, body: '{"type":1}' })],
      ['refuses everyone', () => ({ status: 401 })],
      ['calls its PONG text', async (seen: Seen) => ((await genuine(seen)) ? { status: 200, type: 'text/plain', body: '{"type":1}' } : { status: 401 })],
      ['answers something else', async (seen: Seen) => ((await genuine(seen)) ? { status: 200, body: 'ahoy' } : { status: 401 })],
      ['refuses with another status', async (seen: Seen) => ((await genuine(seen)) ? { status: 200, body: '{"type":1}' } : { status: 403 })],
    ])('are not accepted by an endpoint that %s', async (_, answer) => {
      await using endpoint = await openEndpoint(answer)
      expect(await chat.discord.sendInteraction({ url: endpoint.url })).toMatchObject({ accepted: false })
    })

    it('need an endpoint', async () => {
      await expect(chat.discord.sendInteraction()).rejects.toThrow('no interactions endpoint')
    })
  })

  it('signs as RFC 8032 does (section 7.1, test 2)', () => {
    const keys = keysFrom(Buffer.from('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', 'hex'))
    expect(keys.publicKey).toBe('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c')
    expect(keys.sign('', 'r')).toBe(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    )
  })
})
