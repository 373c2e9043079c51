import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startChat, type Chat } from '../../sandbox/chat/chat.ts'
import { createWorld, type World } from '../../sandbox/world.ts'
import { answerOf, openEndpoint } from './chat-endpoint.ts'

let world: World
let chat: Chat

beforeEach(async () => {
  world = createWorld()
  chat = await startChat(world)
})

afterEach(() => chat[Symbol.asyncDispose]())

async function call(method: string, params?: unknown, token = chat.telegram.token) {
  const body = params === undefined ? {} : { body: JSON.stringify(params), headers: { 'content-type': 'application/json' } }
  return answerOf(await fetch(`${chat.telegram.url}/bot${token}/${method}`, { method: 'POST', ...body }))
}

const refused = (code: number, description: string) => ({
  status: code,
  body: { ok: false, error_code: code, description },
})

const send = (text: string, more: object = {}) => call('sendMessage', { chat_id: chat.telegram.chatId, text, ...more })

describe('the contract', () => {
  it.each([
    ['a method that the sandbox does not play', 'sendPhoto', {}, 'has no method "sendPhoto"'],
    ['a misspelt field', 'sendMessage', { chat_id: 1, txt: 'a' }, '"txt"'],
    ['a missing field', 'sendMessage', { chat_id: 1 }, 'text'],
    ['a wrong type', 'sendMessage', { chat_id: 1, text: 2 }, 'expected string'],
    ['a parameter where there are none', 'getMe', { verbose: true }, '"verbose"'],
  ])('fails the test that asks for %s', async (_, method, params, sentence) => {
    expect(await call(method, params)).toMatchObject({ status: 500, body: { ok: false, error_code: 500 } })
    expect(world.violations).toHaveLength(1)
    expect(world.violations[0]).toContain(`Telegram sandbox, POST /bot${chat.telegram.token}/${method}`)
    expect(world.violations[0]).toContain(sentence)
  })

  it('fails the test that sends no token', async () => {
    expect((await fetch(`${chat.telegram.url}/getMe`)).status).toBe(500)
    expect(world.violations).toHaveLength(1)
  })

  it('fails the test in which the sandbox itself answers what Telegram never does', async () => {
    chat.telegram.model.webhook.pendingUpdates = -1
    expect((await call('getWebhookInfo')).status).toBe(200)
    expect(world.violations.join()).toContain('answered 200')
    expect(world.violations.join()).toContain('pending_update_count')
  })
})

describe('everything below keeps the contract:', () => {
  afterEach(() => expect(world.violations).toEqual([]))

  it('tells the bot who it is, by any spelling of the method and by GET', async () => {
    const { token, url, username } = chat.telegram
    const me = await answerOf(await fetch(`${url}/bot${token}/GETME`))
    expect(me).toMatchObject({ status: 200, body: { ok: true, result: { is_bot: true, username } } })
    expect(token).toMatch(/^\d+:[\w-]{35}$/)
  })

  it('refuses a token of the right form with 401 and another with 404', async () => {
    expect(await call('getMe', undefined, '1234:AAAA')).toMatchObject(refused(401, 'Unauthorized'))
    expect(await call('getMe', undefined, 'nonsense')).toMatchObject(refused(404, 'Not Found'))
    chat.telegram.model.revokeToken()
    expect(await call('getMe')).toMatchObject(refused(401, 'Unauthorized'))
  })

  it('says how long to wait, in the header and in the body', async () => {
    chat.telegram.model.refuse({ requests: 1, retryAfterSeconds: 7, path: /getMe/ })
    expect((await call('getWebhookInfo')).status).toBe(200)
    const limited = await call('getMe')
    const description = 'Too Many Requests: retry after 7'
    expect(limited.body).toEqual({ ok: false, error_code: 429, description, parameters: { retry_after: 7 } })
    expect(limited.headers.get('retry-after')).toBe('7')
    expect((await call('getMe')).status).toBe(200)
  })

  describe('the webhook', () => {
    it('is set with a secret, and described', async () => {
      expect((await call('getWebhookInfo')).body).toEqual({
        ok: true,
        result: { url: '', has_custom_certificate: false, pending_update_count: 0 },
      })
      const set = { url: 'https://harbour.example/telegram', secret_token: 'a-Z_9' }
      expect((await call('setWebhook', set)).body).toEqual({ ok: true, result: true, description: 'Webhook was set' })
      expect((await call('setWebhook', set)).body).toMatchObject({ description: 'Webhook is already set' })
      expect((await call('getWebhookInfo')).body).toMatchObject({ result: { url: set.url, max_connections: 40 } })
      expect((await call('setWebhook', { url: '' })).body).toMatchObject({ description: 'Webhook was deleted' })
      expect((await call('setWebhook', { url: '' })).body).toMatchObject({ description: 'Webhook is already deleted' })
    })

    it.each([
      [{ url: 'http://harbour.example/' }, 'bad webhook: An HTTPS URL must be provided for webhook'],
      [{ url: 'https://harbour.example:444/' }, 'bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443'],
      [{ url: 'https://harbour.example/', secret_token: 'a b' }, 'secret token contains unallowed characters'],
      [{ url: 'https://harbour.example/', secret_token: 'a'.repeat(257) }, 'secret token is too long'],
    ])('cannot be %j', async (params, reason) => {
      expect(await call('setWebhook', params)).toMatchObject(refused(400, `Bad Request: ${reason}`))
    })

    it('shows an error that the test arranged', async () => {
      chat.telegram.model.setWebhook('https://harbour.example/telegram')
      chat.telegram.model.webhook.pendingUpdates = 12
      chat.telegram.model.failWebhook('Connection timed out', new Date(1_700_000_000_000))
      expect((await call('getWebhookInfo')).body).toMatchObject({
        result: { pending_update_count: 12, last_error_date: 1_700_000_000, last_error_message: 'Connection timed out' },
      })
    })

    it('gets updates with the secret token, and headers that the test adds', async () => {
      await using endpoint = await openEndpoint(() => ({ status: 200 }))
      await call('setWebhook', { url: endpoint.url, secret_token: 'pier-7' })
      await chat.telegram.deliverUpdate({ headers: { 'x-override': 'v1' } })
      await chat.telegram.deliverUpdate({ secretToken: null, update: { poll: {} } })
      const [first, second] = endpoint.seen
      expect(first?.headers).toMatchObject({
        'x-telegram-bot-api-secret-token': 'pier-7',
        'content-type': 'application/json',
        'x-override': 'v1',
      })
      expect(JSON.parse(first?.body ?? '')).toMatchObject({ update_id: expect.any(Number), message: { text: expect.any(String) } })
      expect(second?.headers).not.toHaveProperty('x-telegram-bot-api-secret-token')
      expect((await call('getWebhookInfo')).body).not.toHaveProperty('result.last_error_date')
    })

    it('that refuses an update has it pending, with the reason', async () => {
      await using endpoint = await openEndpoint(() => ({ status: 403 }))
      await call('setWebhook', { url: endpoint.url, secret_token: 'pier-7' })
      expect(await chat.telegram.deliverUpdate()).toMatchObject({ kind: 'answered', status: 403 })
      const last_error_message = 'Wrong response from the webhook: 403 Forbidden'
      expect((await call('getWebhookInfo')).body).toMatchObject({ result: { pending_update_count: 1, last_error_message } })
      await call('setWebhook', { url: endpoint.url, drop_pending_updates: true })
      expect((await call('getWebhookInfo')).body).not.toHaveProperty('result.last_error_date')
      expect((await call('getWebhookInfo')).body).toMatchObject({ result: { pending_update_count: 0 } })
    })

    it('is not followed elsewhere', async () => {
      await using harbour = await openEndpoint(() => ({ status: 200 }))
      await using endpoint = await openEndpoint(() => ({ status: 302, headers: { location: harbour.url } }))
      expect(await chat.telegram.deliverUpdate({ url: endpoint.url })).toMatchObject({ status: 302 })
      expect(harbour.seen).toEqual([])
    })

    it('that nobody serves is unreachable', async () => {
      const endpoint = await openEndpoint(() => ({ status: 200 }))
      await endpoint[Symbol.asyncDispose]()
      expect(await chat.telegram.deliverUpdate({ url: endpoint.url })).toMatchObject({ kind: 'unreachable' })
    })
  })

  describe('messages', () => {
    it('are sent and edited, and counted once', async () => {
      const sent = await send('Deploying')
      expect(sent.body).toMatchObject({ ok: true, result: { message_id: 1, text: 'Deploying', date: expect.any(Number) } })
      const edited = await call('editMessageText', { chat_id: chat.telegram.chatId, message_id: 1, text: 'Promoted' })
      expect(edited.body).toMatchObject({ result: { message_id: 1, text: 'Promoted', edit_date: expect.any(Number) } })
      expect(chat.messages()).toMatchObject([{ service: 'telegram', id: '1', texts: ['Deploying', 'Promoted'] }])
      expect(chat.telegram.model.messages()).toHaveLength(1)
    })

    it('reach a channel by its name, and have no author there', async () => {
      chat.telegram.model.addChat({ id: -1_009, type: 'channel', title: 'News', username: 'harbour_news' })
      const sent = await call('sendMessage', { chat_id: '@harbour_news', text: 'a' })
      expect(sent.body).toMatchObject({ result: { chat: { id: -1_009 } } })
      expect(sent.body).not.toHaveProperty('result.from')
    })

    it('in HTML have entities, counted in UTF-16 code units', async () => {
      const sent = await send('🚢 <b>a &lt;b&gt;</b> <a href="https://x.example/?a=1&amp;b=2">c</a> &copy;', { parse_mode: 'HTML' })
      expect(sent.body).toMatchObject({
        result: {
          text: '🚢 a <b> c &copy;',
          entities: [
            { type: 'bold', offset: 3, length: 5 },
            { type: 'text_link', offset: 9, length: 1, url: 'https://x.example/?a=1&b=2' },
          ],
        },
      })
    })

    it.each([
      ['<h1>a</h1>', 'Unsupported start tag "h1"'],
      ['<b>a', `Can't find end tag corresponding to start tag "b"`],
      ['<b><i>a</b></i>', 'Unmatched end tag, expected "</i>", found "</b>"'],
      ['a</b>', 'Unexpected end tag'],
      ['1 < 2', 'Unsupported start tag ""'],
    ])('in HTML cannot be %s', async (text, reason) => {
      const given = await send(text, { parse_mode: 'HTML' })
      expect(given).toMatchObject(refused(400, `Bad Request: can't parse entities: ${reason}`))
      expect(chat.messages()).toEqual([])
    })

    it('cannot be empty, longer than 4096 characters, or for a stranger', async () => {
      expect(await send(' ')).toMatchObject(refused(400, 'Bad Request: message text is empty'))
      expect(await send('🚢'.repeat(4097))).toMatchObject(refused(400, 'Bad Request: message is too long'))
      expect((await send('🚢'.repeat(4096))).status).toBe(200)
      expect(await send('a', { chat_id: 5 })).toMatchObject(refused(400, 'Bad Request: chat not found'))
    })

    it('cannot be edited into what they are, nor when they do not exist', async () => {
      await send('a')
      const edit = (message_id: number, text: string) =>
        call('editMessageText', { chat_id: chat.telegram.chatId, message_id, text })
      expect((await edit(1, 'a')).body).toMatchObject({ error_code: 400, description: expect.stringContaining('not modified') })
      expect(await edit(9, 'a')).toMatchObject(refused(400, 'Bad Request: message to edit not found'))
      expect(chat.messages()).toMatchObject([{ texts: ['a'] }])
    })
  })

  it('suffers the faults of the world like any service', async () => {
    world.faults.push({ service: 'telegram', path: /sendMessage$/, fault: { kind: 'reply-lost' } })
    await expect(send('a')).rejects.toThrow()
    expect(chat.messages()).toHaveLength(1)
    expect(world.requests.at(-1)).toMatchObject({ service: 'telegram', method: 'POST', status: 0 })
  })
})
