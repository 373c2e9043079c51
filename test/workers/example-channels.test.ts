import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startChat, type Chat } from '../../sandbox/chat/chat.ts'
import { createWorld } from '../../sandbox/world.ts'
import { closed, openSocket, say } from '../contract/edge-socket.ts'
import { bundleExample, productionKey, startExample, versionId, type Example, type RunningExample } from './example-worker.ts'

// Each channel as its own service would use it, and each switch: what it breaks, and that it breaks nothing else.

const SECRET_TOKEN = 'harbour_secret-1'
let example: Example
let chat: Chat
/** All channels configured, nothing broken. */
let worker: RunningExample

beforeAll(async () => {
  example = await bundleExample()
  chat = await startChat(createWorld())
  worker = await start()
})
afterAll(async () => {
  await worker[Symbol.asyncDispose]()
  expect(chat.messages()).toEqual([])
  await chat[Symbol.asyncDispose]()
  example[Symbol.dispose]()
})

function start(more: Readonly<Record<string, string>> = {}): Promise<RunningExample> {
  const body = '{"type":1}'
  return startExample(example, 'good', {
    API_KEY: productionKey,
    HEALTH_TOKEN: 'token',
    TELEGRAM_SECRET_TOKEN: SECRET_TOKEN,
    DISCORD_PUBLIC_KEY: chat.discord.publicKey,
    DISCORD_VECTOR: { timestamp: '1790000000', body, signature: chat.discord.sign('1790000000', body) },
    SLACK_SIGNING_SECRET: chat.slack.signingSecret,
    ...more,
  })
}

function telegram(asked: RunningExample, update: Readonly<Record<string, unknown>> = {}, secretToken: string | null = SECRET_TOKEN) {
  return chat.telegram.deliverUpdate({ url: `${asked.url}/telegram`, secretToken, update })
}

async function converse(asked: RunningExample, text: string): Promise<unknown> {
  const socket = await openSocket(`${asked.url}/ws`)
  const heard = await Promise.race([say(socket, text), new Promise((resolve) => setTimeout(resolve, 1000, 'silence'))])
  const end = closed(socket)
  socket.close()
  await end
  return typeof heard === 'string' && heard.startsWith('{') ? JSON.parse(heard) : heard
}

const healthShape = z.object({ checks: z.record(z.string(), z.array(z.looseObject({ status: z.string() }))) })

async function failingComponents(asked: RunningExample): Promise<readonly string[]> {
  const { checks } = healthShape.parse((await asked.ask('/healthz')).body)
  return Object.entries(checks).flatMap(([key, [one]]) => (one?.status === 'pass' ? [] : [key]))
}

/** Every asset that the page refers to, with what came of it. */
async function adminAssets(asked: RunningExample) {
  const { text } = await asked.ask('/admin')
  const tags = [...text.matchAll(/<(?:link|script|img)\b[^>]+>/g)].map(([tag]) => tag)
  return Promise.all(tags.map(async (tag) => {
    const path = /(?:href|src)="([^"]+)"/.exec(tag)?.[1] ?? ''
    return { path, integrity: /integrity="([^"]+)"/.exec(tag)?.[1], ...(await asked.ask(path)) }
  }))
}

describe('a WebSocket', () => {
  it('answers a ping, and anything else with itself, each by its version', async () => {
    expect(await converse(worker, 'ping')).toEqual({ type: 'pong', versionId })
    expect(await converse(worker, 'Grüße')).toEqual({ type: 'echo', text: 'Grüße', versionId })
  })

  it('names its version in the handshake, and is for WebSockets alone', async () => {
    const handshake = await new Promise<{ readonly status: number | undefined; readonly version: unknown }>((resolve, reject) => {
      const headers = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' }
      request(`${worker.url}/ws`, { headers }).on('upgrade', (response, socket) => {
        socket.destroy()
        resolve({ status: response.statusCode, version: response.headers['x-version-id'] })
      }).on('error', reject).end()
    })
    expect(handshake).toEqual({ status: 101, version: versionId })
    expect(await worker.ask('/ws')).toMatchObject({ status: 426, version: versionId })
  })
})

describe('the Telegram webhook', () => {
  it('takes an update that does nothing, and does nothing', async () => {
    expect(await telegram(worker)).toMatchObject({ status: 200, body: '' })
    expect(await telegram(worker, { update_id: 0, callback_query: { id: '1' } })).toMatchObject({ status: 200, body: '' })
  })

  it('answers a question in the reply', async () => {
    const answered = await telegram(worker, { message: { message_id: 1, chat: { id: 7 }, date: 0, text: '/visits' } })
    expect(answered.kind === 'answered' && JSON.parse(answered.body)).toEqual({ method: 'sendMessage', chat_id: 7, text: '0 visits' })
  })

  it.each([['a wrong token', `${SECRET_TOKEN}x`], ['the beginning of the token', SECRET_TOKEN.slice(0, -1)], ['no token', null]])('refuses %s', async (_what, secretToken) => {
    expect(await telegram(worker, {}, secretToken)).toMatchObject({ status: 401 })
  })

  it('refuses what is no update', async () => {
    const headers = { 'x-telegram-bot-api-secret-token': SECRET_TOKEN }
    for (const body of ['', 'null', '[]', '{}', '{"update_id":"1"}', '<html>']) expect((await worker.ask('/telegram', { method: 'POST', headers, body })).status, body).toBe(400)
    expect((await worker.ask('/telegram', { headers })).status).toBe(405)
  })
})

describe('the Discord interactions endpoint', () => {
  it('is one that Discord would save: PONG to its PING, 401 to a forged one', async () => {
    const { accepted, signed } = await chat.discord.sendInteraction({ url: `${worker.url}/discord` })
    expect(accepted).toBe(true)
    expect(signed).toMatchObject({ status: 200, body: '{"type":1}' })
  })

  it('answers a command to who gave it alone', async () => {
    const { signed } = await chat.discord.sendInteraction({ url: `${worker.url}/discord`, interaction: { type: 2, data: { name: 'visits' } } })
    expect(signed.kind === 'answered' && JSON.parse(signed.body)).toEqual({ type: 4, data: { content: '0 visits', flags: 64 } })
    const { signed: other } = await chat.discord.sendInteraction({ url: `${worker.url}/discord`, interaction: { type: 99 } })
    expect(other).toMatchObject({ status: 400 })
  })

  it('refuses a signature of another time or body, a malformed one, and none', async () => {
    const body = '{"type":1}'
    const signature = chat.discord.sign('1790000000', body)
    const post = (headers: Record<string, string>, text = body) => worker.ask('/discord', { method: 'POST', headers, body: text })
    expect((await post({ 'x-signature-ed25519': signature, 'x-signature-timestamp': '1790000000' })).status).toBe(200)
    expect((await post({ 'x-signature-ed25519': signature, 'x-signature-timestamp': '1790000001' })).status).toBe(401)
    expect((await post({ 'x-signature-ed25519': signature, 'x-signature-timestamp': '1790000000' }, '{"type":2}')).status).toBe(401)
    expect((await post({ 'x-signature-ed25519': 'zz', 'x-signature-timestamp': '1790000000' })).status).toBe(401)
    expect((await post({ 'x-signature-ed25519': signature })).status).toBe(401)
    expect((await post({})).status).toBe(401)
  })
})

describe('the Slack Events URL', () => {
  it('gives the challenge back, and takes an event', async () => {
    const url = `${worker.url}/slack`
    expect((await chat.slack.sendEvent({ url })).verified).toBe(true)
    expect((await chat.slack.sendEvent({ url, event: { type: 'event_callback', event: { type: 'app_mention' } } })).delivery).toMatchObject({ status: 200, body: '' })
  })

  it.each(['forged', 'stale'] as const)('refuses a %s signature', async (signature) => {
    expect((await chat.slack.sendEvent({ url: `${worker.url}/slack`, signature })).delivery).toMatchObject({ status: 401 })
  })

  it('refuses what comes from more than five minutes ahead, and what is not signed', async () => {
    const body = '{"type":"url_verification","challenge":"c"}'
    const post = (seconds: number, shape = (text: string) => text) => {
      const timestamp = String(Math.floor(Date.now() / 1000) + seconds)
      return worker.ask('/slack', { method: 'POST', body, headers: { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': shape(chat.slack.sign(timestamp, body)) } })
    }
    expect((await post(0)).body).toEqual({ challenge: 'c' })
    expect((await post(-200)).status).toBe(200)
    expect((await post(400)).status).toBe(401)
    expect((await post(0, (text) => text.replace('v0=', 'v1='))).status).toBe(401)
    expect((await post(Number.NaN)).status).toBe(401)
    expect((await worker.ask('/slack', { method: 'POST', body })).status).toBe(401)
  })
})

describe('the admin page', () => {
  it('loads with its script, style and image, all from this version, each named after its content', async () => {
    const page = await worker.ask('/admin')
    expect(page).toMatchObject({ status: 200, version: versionId, text: expect.stringContaining(versionId) })
    const assets = await adminAssets(worker)
    expect(assets.map(({ headers }) => headers.get('content-type')?.split(';')[0])).toEqual(['text/css', 'text/javascript', 'image/svg+xml'])
    for (const { path, integrity, status, version, text, headers } of assets) {
      const sha256 = createHash('sha256').update(text)
      expect({ path, status, version }).toEqual({ path: expect.stringContaining(`.${sha256.copy().digest('hex').slice(0, 8)}.`), status: 200, version: versionId })
      if (!path.endsWith('.svg')) expect(integrity).toBe(`sha256-${sha256.digest('base64')}`)
      expect(headers.get('cache-control')).toContain('immutable')
    }
    expect(await worker.ask('/admin/console.00000000.js')).toMatchObject({ status: 404, version: versionId })
  })
})

describe('a channel that is not configured', () => {
  it('is not there, and is no part of the health', async () => {
    await using asked = await startExample(example, 'good', { API_KEY: productionKey })
    for (const path of ['/telegram', '/discord', '/slack']) expect(await asked.ask(path, { method: 'POST', body: '{}' })).toMatchObject({ status: 404, version: versionId })
    expect(await asked.ask('/healthz')).toMatchObject({ status: 200 })
  })
})

/** What a check of each part asks; true: it works. */
const PARTS: Readonly<Record<string, (asked: RunningExample) => Promise<boolean>>> = {
  http: async (asked) => (await asked.ask('/api/other')).status === 404,
  websocket: async (asked) => z.object({ type: z.literal('pong') }).safeParse(await converse(asked, 'ping')).success,
  telegram: async (asked) => {
    const answered = await telegram(asked)
    return answered.kind === 'answered' && answered.status === 200
  },
  discord: async (asked) => (await chat.discord.sendInteraction({ url: `${asked.url}/discord` })).accepted,
  slack: async (asked) => (await chat.slack.sendEvent({ url: `${asked.url}/slack` })).verified,
  admin: async (asked) => (await adminAssets(asked)).every(({ status }) => status === 200),
}

describe('a switch', () => {
  it.each([
    ['', [], []],
    ['http', ['http'], []],
    ['websocket', ['websocket'], []],
    ['telegram', ['telegram'], ['telegram:check']],
    ['discord', ['discord'], ['discord:guard']],
    ['slack', ['slack'], ['slack:check']],
    ['admin', ['admin'], ['admin:assets']],
    ['r2', [], ['r2:list']],
    ['kv', [], ['kv:get']],
    ['object', [], ['counter:call']],
    ['slack, kv', ['slack'], ['kv:get', 'slack:check']],
  ] as const)('"%s" breaks what it names and nothing else', async (BROKEN, parts, components) => {
    await using asked = await start({ BROKEN })
    const works = await Promise.all(Object.entries(PARTS).map(async ([name, isWorking]) => [name, await isWorking(asked)] as const))
    expect(works.filter(([, isWorking]) => !isWorking).map(([name]) => name)).toEqual(parts)
    expect(await failingComponents(asked)).toEqual(components)
    expect((await asked.ask('/api/count')).status).toBe(BROKEN === 'http' || BROKEN === 'object' ? 500 : 200)
  })
})

describe('a Durable Object that takes its time', () => {
  const bearer = { headers: { authorization: 'Bearer token' } }

  it.each(['READY_SECONDS', 'OBJECT_READY_SECONDS'])('is starting for %s', async (name) => {
    await using asked = await start({ [name]: '3600' })
    const { status, headers, body } = await asked.ask('/healthz', bearer)
    expect({ status, retryAfter: headers.get('retry-after') }).toEqual({ status: 503, retryAfter: '5' })
    expect(body).toMatchObject({ status: 'fail', output: 'starting: counter:call', checks: { 'counter:call': [{ status: 'warn', output: expect.stringMatching(/^starting: ready in 3\d{3} s$/) }], 'counter:version': [{ observedValue: versionId }] } })
    // It serves all the same.
    expect(await asked.ask('/api/count')).toMatchObject({ status: 200, body: { total: 1 } })
  })

  it('is ready after that', async () => {
    await using asked = await start({ READY_SECONDS: '1', OBJECT_READY_SECONDS: '1' })
    const seen = new Set<number>()
    while (!seen.has(200)) {
      seen.add((await asked.ask('/healthz')).status)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect([...seen]).toEqual([503, 200])
  })
})
