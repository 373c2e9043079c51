import { WebSocket } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startChat, type Chat } from '../../sandbox/chat/chat.ts'
import { signatureOf } from '../../sandbox/chat/slack/events.ts'
import { createWorld, type World } from '../../sandbox/world.ts'
import { answerOf, openEndpoint, type Seen } from './chat-endpoint.ts'

let world: World
let chat: Chat

beforeEach(async () => {
  world = createWorld()
  chat = await startChat(world)
})

afterEach(() => chat[Symbol.asyncDispose]())

const json = { 'content-type': 'application/json; charset=utf-8' }

async function call(method: string, params?: unknown, token = chat.slack.botToken) {
  const body = params === undefined ? {} : { body: JSON.stringify(params) }
  const headers = { authorization: `Bearer ${token}`, ...(params === undefined ? {} : json) }
  return answerOf(await fetch(`${chat.slack.url}/${method}`, { method: 'POST', headers, ...body }))
}

const post = (params: object) => call('chat.postMessage', { channel: chat.slack.channelId, ...params })
const refused = (error: string) => ({ status: 200, body: { ok: false, error } })
const tsOf = (answer: { readonly body: unknown }) => String(Object(answer.body).ts)

describe('the contract', () => {
  it.each([
    ['a method that the sandbox does not play', 'users.list', {}, 'no such method'],
    ['a misspelt field', 'chat.postMessage', { channel: 'C1', txt: 'a' }, '"txt"'],
    ['a missing field', 'chat.update', { channel: 'C1', text: 'a' }, 'ts'],
    ['a token in the body', 'auth.test', { token: 'xoxb-1' }, '"token"'],
    ['a block that the sandbox does not know', 'chat.postMessage', { channel: 'C1', blocks: [{ type: 'video' }] }, 'blocks[0]'],
  ])('fails the test that asks with %s', async (_, method, params, sentence) => {
    expect(await call(method, params)).toMatchObject({ status: 500, body: { ok: false, error: 'fatal_error' } })
    expect(world.violations).toHaveLength(1)
    expect(world.violations[0]).toContain(`Slack sandbox, POST /api/${method}`)
    expect(world.violations[0]).toContain(sentence)
  })

  it('fails the test that sends no token, asks by GET, or adds a query', async () => {
    const headers = { authorization: `Bearer ${chat.slack.botToken}` }
    expect((await fetch(`${chat.slack.url}/auth.test`, { method: 'POST' })).status).toBe(500)
    expect((await fetch(`${chat.slack.url}/auth.test`, { headers })).status).toBe(500)
    expect((await fetch(`${chat.slack.url}/auth.test?pretty=1`, { method: 'POST', headers })).status).toBe(500)
    expect(world.violations).toHaveLength(3)
  })

  it('fails the test whose check connects to Socket Mode', async () => {
    const { url } = z.object({ url: z.string() }).parse((await call('apps.connections.open', {}, chat.slack.appToken)).body)
    const socket = new WebSocket(url)
    await new Promise((resolve) => socket.addEventListener('error', resolve, { once: true }))
    expect(chat.slack.model.socketsOpened()).toBe(1)
    expect(world.violations.join()).toContain('Socket Mode')
  })
})

const challengeOf = ({ body }: Seen) => z.object({ challenge: z.string() }).parse(JSON.parse(body)).challenge

/** Verified by the Web Crypto API, not by the code that signs; old ones are refused. */
async function genuine({ headers, body }: Seen): Promise<boolean> {
  const timestamp = String(headers['x-slack-request-timestamp'])
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', Buffer.from(chat.slack.signingSecret), algorithm, false, ['verify'])
  const signature = Buffer.from(String(headers['x-slack-signature']).replace('v0=', ''), 'hex')
  return crypto.subtle.verify('HMAC', key, signature, Buffer.from(`v0:${timestamp}:${body}`))
}

const guarded = async (seen: Seen) =>
  (await genuine(seen)) ? { status: 200, type: 'text/plain', body: challengeOf(seen) } : { status: 401 }

describe('everything below keeps the contract:', () => {
  afterEach(() => expect(world.violations).toEqual([]))

  it('tells the bot who it is', async () => {
    expect(await call('auth.test')).toMatchObject({ status: 200, body: { ok: true, team_id: chat.slack.teamId } })
  })

  it('refuses a token with HTTP 200', async () => {
    expect(await call('auth.test', {}, 'xoxb-1-nonsense')).toMatchObject(refused('invalid_auth'))
    chat.slack.model.authError = 'account_inactive'
    expect(await call('auth.test')).toMatchObject(refused('account_inactive'))
    chat.slack.model.authError = undefined
    expect((await call('auth.test')).body).toMatchObject({ ok: true })
  })

  it('opens a connection for the token of an app alone', async () => {
    const opened = await call('apps.connections.open', {}, chat.slack.appToken)
    expect(opened.body).toMatchObject({ ok: true, url: expect.stringContaining('/link/?ticket=') })
    expect(await call('apps.connections.open')).toMatchObject(refused('not_allowed_token_type'))
    chat.slack.model.revokeAppToken()
    expect(await call('apps.connections.open', {}, chat.slack.appToken)).toMatchObject(refused('invalid_auth'))
    expect(chat.slack.model.socketsOpened()).toBe(0)
  })

  it('says how long to wait', async () => {
    chat.slack.model.refuse({ retryAfterSeconds: 30 })
    const limited = await call('auth.test')
    expect(limited).toMatchObject({ status: 429, body: { ok: false, error: 'ratelimited' } })
    expect(limited.headers.get('retry-after')).toBe('30')
    expect((await call('auth.test')).status).toBe(200)
  })

  it('takes JSON without a charset with a warning, as it takes a form', async () => {
    const authorization = `Bearer ${chat.slack.botToken}`
    const send = async (type: string, body: string) =>
      answerOf(await fetch(`${chat.slack.url}/chat.postMessage`, { method: 'POST', headers: { authorization, 'content-type': type }, body }))
    const bare = await send('application/json', JSON.stringify({ channel: chat.slack.channelId, text: 'a' }))
    expect(bare.body).toMatchObject({ ok: true, warning: 'missing_charset' })
    const blocks = JSON.stringify([{ type: 'divider' }])
    const form = new URLSearchParams({ channel: '#deploys', text: 'b', blocks, unfurl_links: 'false' })
    const formed = await send('application/x-www-form-urlencoded', form.toString())
    expect(formed.body).toMatchObject({ ok: true, message: { text: 'b', blocks: [{ type: 'divider' }] } })
    expect(formed.body).not.toHaveProperty('warning')
  })

  describe('messages', () => {
    it('are posted and updated, and counted once', async () => {
      const sent = await post({ text: 'Deploying' })
      expect(sent.body).toMatchObject({ ok: true, channel: chat.slack.channelId, message: { text: 'Deploying' } })
      const update = { channel: chat.slack.channelId, ts: tsOf(sent), text: 'Promoted' }
      expect((await call('chat.update', update)).body).toMatchObject({ ok: true, ts: tsOf(sent), text: 'Promoted' })
      expect(chat.messages()).toMatchObject([{ service: 'slack', id: tsOf(sent), texts: ['Deploying', 'Promoted'] }])
    })

    it('show their blocks, which stay until others come', async () => {
      const section = { type: 'section', text: { type: 'mrkdwn', text: '*Ferry*' }, fields: [{ type: 'plain_text', text: 'v1' }] }
      const sent = await post({ text: 'a', blocks: [{ type: 'header', text: { type: 'plain_text', text: 'Deploy' } }, section] })
      await call('chat.update', { channel: chat.slack.channelId, ts: tsOf(sent), text: 'b' })
      await call('chat.update', { channel: chat.slack.channelId, ts: tsOf(sent), text: 'c', blocks: [] })
      expect(chat.messages()).toMatchObject([{ texts: ['Deploy\n*Ferry*\nv1', 'Deploy\n*Ferry*\nv1', 'c'] }])
    })

    it('cannot be empty or beyond the limits of text and blocks', async () => {
      expect(await post({ text: ' ' })).toMatchObject(refused('no_text'))
      expect(await post({ text: 'a'.repeat(40_001) })).toMatchObject(refused('msg_too_long'))
      const long = { type: 'section', text: { type: 'mrkdwn', text: 'a'.repeat(3001) } }
      expect(await post({ blocks: [{ type: 'divider' }, long] })).toMatchObject({
        body: { error: 'invalid_blocks', response_metadata: { messages: [expect.stringContaining('/blocks/1')] } },
      })
      expect(await post({ blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) })).toMatchObject(refused('invalid_blocks'))
      expect(await post({ blocks: [{ type: 'section' }] })).toMatchObject(refused('invalid_blocks'))
      expect(chat.messages()).toEqual([])
    })

    it('reach only channels that the bot is in, and need a scope', async () => {
      const { model } = chat.slack
      expect(await post({ channel: 'C404', text: 'a' })).toMatchObject(refused('channel_not_found'))
      model.addChannel({ id: 'C1', name: 'else', joined: false, archived: false })
      model.addChannel({ id: 'C2', name: 'old', joined: true, archived: true })
      expect(await post({ channel: 'C1', text: 'a' })).toMatchObject(refused('not_in_channel'))
      expect(await post({ channel: '#old', text: 'a' })).toMatchObject(refused('is_archived'))
      model.scopes = ['users:read']
      expect((await post({ text: 'a' })).body).toEqual({ ok: false, error: 'missing_scope', needed: 'chat:write', provided: 'users:read' })
    })

    it('of others, and those that do not exist, cannot be updated', async () => {
      const update = (ts: string) => call('chat.update', { channel: chat.slack.channelId, ts, text: 'a' })
      expect(await update('1.000001')).toMatchObject(refused('message_not_found'))
      expect(await update(chat.slack.model.addForeignMessage('Hello'))).toMatchObject(refused('cant_update_message'))
      expect(chat.messages()).toEqual([])
    })
  })

  describe('events', () => {
    it('are signed, and their handshake is verified', async () => {
      await using endpoint = await openEndpoint(guarded)
      chat.slack.model.eventsUrl = endpoint.url
      expect(await chat.slack.sendEvent({ headers: { 'x-override': 'v1' } })).toMatchObject({ verified: true })
      expect(JSON.parse(endpoint.seen[0]?.body ?? '')).toMatchObject({ type: 'url_verification' })
      expect(endpoint.seen[0]?.headers).toMatchObject({ 'x-override': 'v1' })
    })

    it.each(['forged', 'stale'] as const)('with a %s signature are refused', async (signature) => {
      await using endpoint = await openEndpoint(guarded)
      const sent = await chat.slack.sendEvent({ url: endpoint.url, signature })
      expect(sent).toMatchObject({ verified: false, delivery: { status: 401 } })
    })

    it.each([
      ['text/plain; charset=utf-8', (challenge: string) => challenge],
      ['application/json', (challenge: string) => JSON.stringify({ challenge })],
      ['application/x-www-form-urlencoded', (challenge: string) => `challenge=${challenge}`],
    ])('take the challenge back as %s', async (type, body) => {
      await using endpoint = await openEndpoint((seen) => ({ status: 200, type, body: body(challengeOf(seen)) }))
      expect(await chat.slack.sendEvent({ url: endpoint.url })).toMatchObject({ verified: true })
    })

    it.each([
      ['a wrong challenge', () => ({ status: 200, type: 'text/plain', body: 'ahoy' })],
      ['JSON that is none', () => ({ status: 200, body: 'ahoy' })],
      ['another type', (seen: Seen) => ({ status: 200, type: 'text/html', body: challengeOf(seen) })],
      ['another status', (seen: Seen) => ({ status: 202, type: 'text/plain', body: challengeOf(seen) })],
    ])('do not take %s', async (_, answer) => {
      await using endpoint = await openEndpoint(answer)
      expect(await chat.slack.sendEvent({ url: endpoint.url })).toMatchObject({ verified: false })
    })

    it('may be others than the handshake', async () => {
      await using endpoint = await openEndpoint(() => ({ status: 200 }))
      const event = { type: 'event_callback', event: { type: 'app_mention' } }
      await chat.slack.sendEvent({ url: endpoint.url, event })
      expect(JSON.parse(endpoint.seen[0]?.body ?? '')).toEqual(event)
    })

    it('are signed as the example of the docs "Verifying requests from Slack"', () => {
      const body =
        'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar' +
        '&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=' +
        '&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN' +
        '&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'
      expect(signatureOf('8f742231b10e8888abcd99yyyzzz85a5', '1531420618', body)).toBe(
        'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
      )
    })
  })
})
