import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startChat, type Chat } from '../../sandbox/chat/chat.ts'
import { signatureOf } from '../../sandbox/chat/webhook/signature.ts'
import { createWorld, type World } from '../../sandbox/world.ts'

let world: World
let chat: Chat

beforeEach(async () => {
  world = createWorld()
  chat = await startChat(world)
})

afterEach(() => chat[Symbol.asyncDispose]())

interface Sent {
  readonly id?: string
  readonly secret?: string
  readonly ageSeconds?: number
  readonly body?: string
  /** What arrives, when it is not what was signed. */
  readonly arrives?: string
  readonly headers?: Readonly<Record<string, string>>
}

async function send({ id = 'msg_1', secret = chat.webhook.secret, ageSeconds = 0, body = '{"ending":"promoted"}', ...rest }: Sent = {}) {
  const timestamp = String(Math.floor(Date.now() / 1000) - ageSeconds)
  const signed = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatureOf(secret, { id, timestamp, body }) }
  const headers = { 'content-type': 'application/json', ...signed, ...rest.headers }
  return (await fetch(chat.webhook.url, { method: 'POST', headers, body: rest.arrives ?? body })).status
}

const otherSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

describe('a webhook receiver', () => {
  it('takes what is signed with its secret, once for each id', async () => {
    expect(await send()).toBe(204)
    expect(await send()).toBe(204)
    expect(await send({ id: 'msg_2' })).toBe(204)
    expect(chat.webhook.received).toMatchObject([{ id: 'msg_1', body: { ending: 'promoted' } }, { id: 'msg_2' }])
    expect([chat.webhook.refused, world.violations, chat.messages()]).toEqual([[], [], []])
  })

  it('takes one of several signatures, so that a secret can be rotated', async () => {
    const [id, timestamp, body] = ['msg_1', String(Math.floor(Date.now() / 1000)), '{}']
    const both = [otherSecret, chat.webhook.secret].map((secret) => signatureOf(secret, { id, timestamp, body }))
    expect(await send({ body, headers: { 'webhook-signature': both.join(' ') } })).toBe(204)
  })

  it.each<[string, Sent, string]>([
    ['another secret', { secret: otherSecret }, 'no signature fits'],
    ['a changed body', { arrives: '{"ending":"rolled-back"}' }, 'no signature fits'],
    ['a changed id', { headers: { 'webhook-id': 'msg_9' } }, 'no signature fits'],
    ['a time long ago', { ageSeconds: 400 }, 'the timestamp is too far away'],
    ['a time to come', { ageSeconds: -400 }, 'the timestamp is too far away'],
  ])('refuses %s with 401', async (_, sent, reason) => {
    expect(await send(sent)).toBe(401)
    expect(chat.webhook.refused).toMatchObject([{ reason }])
    expect([chat.webhook.received, world.violations]).toEqual([[], []])
  })

  it.each<[string, Sent, string]>([
    ['no signature of the published form', { headers: { 'webhook-signature': 'sha256=00' } }, 'webhook-signature'],
    ['a body that is no object', { body: '[]' }, 'the body'],
    ['another type', { headers: { 'content-type': 'text/plain' } }, 'JSON'],
  ])('fails the test that sends %s', async (_, sent, sentence) => {
    expect(await send(sent)).toBe(500)
    expect(world.violations).toHaveLength(1)
    expect(world.violations[0]).toContain(sentence)
  })

  it('fails the test that posts elsewhere', async () => {
    expect((await fetch(`${chat.webhook.url}/else`, { method: 'POST' })).status).toBe(500)
    expect(world.violations).toHaveLength(1)
  })

  it('suffers the faults of the world', async () => {
    world.faults.push({ service: 'webhook', fault: { kind: 'answer', status: 503 } })
    expect([await send(), await send()]).toEqual([503, 204])
  })

  it('signs as the example of the specification "Standard Webhooks"', () => {
    const body = '{"test": 2432232314}'
    const signed = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: '1614265330', body }
    expect(signatureOf(otherSecret, signed)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  })
})
