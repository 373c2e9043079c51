import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startChat, type Chat } from '../../sandbox/chat/chat.ts'
import { createWorld, type World } from '../../sandbox/world.ts'
import { messageOfBegun, messageOfReport } from '../../src/core/report/chat.ts'
import type { SinkSpec } from '../../src/core/report/sink.ts'
import { systemClock } from '../../src/shell/clock.ts'
import { tell } from '../../src/shell/notify.ts'
import { rolledBack } from '../core/report-samples.ts'

// Each service on loopback refuses what the real one refuses, and counts what people would see.

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

const transport = { fetch, clock: systemClock, timeoutMs: 5000, tries: 2 }
const begun = messageOfBegun({ worker: 'shop', environment: 'production', sha: '0123456789abcdef0123456789abcdef01234567', url: 'https://github.com/acme/shop/actions/runs/1' })
const nasty = { ...rolledBack, commitTitle: '<!channel> *@everyone* <b>&amp; [x](https://evil.example) `::error::`' }
const ended = messageOfReport(nasty)

type Kind = SinkSpec['kind']

function withWrongToken(sink: SinkSpec): SinkSpec {
  switch (sink.kind) {
    case 'slack':
      return { ...sink, token: 'xoxb-wrong' }
    case 'discord':
      return { ...sink, webhookUrl: sink.webhookUrl.replace(/[^/]+$/, 'not-the-token') }
    case 'telegram':
      return { ...sink, token: '1:wrong-token-of-this-test-which-is-long' }
    case 'webhook':
      return sink
  }
}

function sinkFor(kind: Kind): SinkSpec {
  const basics = { name: kind, when: 'always' } as const
  const { slack, discord, telegram, webhook } = chat
  switch (kind) {
    case 'slack':
      return { ...basics, kind, channel: slack.channelId, token: slack.botToken, apiBaseUrl: slack.url }
    case 'discord':
      return { ...basics, kind, webhookUrl: discord.webhook.url }
    case 'telegram':
      return { ...basics, kind, chatId: String(telegram.chatId), token: telegram.token, apiBaseUrl: telegram.url }
    case 'webhook':
      return { ...basics, kind, url: webhook.url, secret: webhook.secret }
  }
}

describe.each(['slack', 'discord', 'telegram'] as const)('%s', (kind) => {
  it('gets one message a deploy, which says at last how it ended', async () => {
    const first = await tell(sinkFor(kind), { message: begun, id: 'one', ref: undefined }, transport)
    if (first.kind === 'failed') throw new Error(first.why)
    expect(await tell(sinkFor(kind), { message: ended, id: 'two', ref: first.ref }, transport)).toMatchObject({ kind: 'ok' })
    const [message, ...more] = chat.messages()
    expect(more).toEqual([])
    expect(message?.texts[0]).toContain('Deploying shop to production')
    expect(message?.texts.at(-1)).toMatch(/Rolled back: shop in production\nCommit 0123456/)
    expect(message?.texts.at(-1)).toContain('https://github.com/acme/shop/actions/runs/1')
  })

  it('gets a new message when the first one is gone', async () => {
    const ref = kind === 'slack' ? `${chat.slack.channelId} 1.000001` : '999'
    expect(await tell(sinkFor(kind), { message: ended, id: 'two', ref }, transport)).toMatchObject({ kind: 'ok' })
    expect(chat.messages()).toHaveLength(1)
  })

  it('is named with its own words when it refuses, and never with its token', async () => {
    const sink = sinkFor(kind)
    const told = await tell(withWrongToken(sink), { message: ended, id: 'two', ref: undefined }, transport)
    expect(told.kind).toBe('failed')
    expect(JSON.stringify(told)).not.toMatch(/wrong|not-the-token/)
  })
})

it('mentions nobody and shows no markup, whatever a commit is called', async () => {
  for (const kind of ['slack', 'discord', 'telegram'] as const) await tell(sinkFor(kind), { message: ended, id: 'x', ref: undefined }, transport)
  const texts = Object.fromEntries(chat.messages().map(({ service, texts: [text] }) => [service, text]))
  expect(texts['slack']).toContain('&lt;!channel&gt;')
  expect(texts['discord']).toContain(String.raw`\*@everyone\*`)
  expect(texts['telegram']).toContain('<!channel> *@everyone*')
})

describe('a webhook of the team’s own', () => {
  it('gets each event once, signed', async () => {
    expect(await tell(sinkFor('webhook'), { message: begun, id: 'one', ref: undefined }, transport)).toEqual({ kind: 'ok' })
    expect(await tell(sinkFor('webhook'), { message: ended, id: 'two', ref: undefined }, transport)).toEqual({ kind: 'ok' })
    expect(chat.webhook.received.map(({ id, body }) => [id, body])).toMatchObject([
      ['one', { type: 'deploy.begun', data: { worker: 'shop', environment: 'production' } }],
      ['two', { type: 'deploy.ended', data: { ending: 'rolled-back', url: 'https://github.com/acme/shop/actions/runs/1' } }],
    ])
    expect(chat.webhook.refused).toEqual([])
  })

  it('gets a message again whose reply was lost, under the same id', async () => {
    world.faults.push({ service: 'webhook', fault: { kind: 'reply-lost' } })
    expect(await tell(sinkFor('webhook'), { message: ended, id: 'two', ref: undefined }, transport)).toEqual({ kind: 'ok' })
    expect(chat.webhook.received).toHaveLength(1)
  })
})

it.each(['slack', 'discord', 'telegram', 'webhook'] as const)('nothing thrown when %s is down', async (kind) => {
  const sink = sinkFor(kind)
  await chat[Symbol.asyncDispose]()
  expect(await tell(sink, { message: ended, id: 'two', ref: undefined }, { ...transport, tries: 1 })).toMatchObject({ kind: 'failed', why: expect.stringContaining('connection failed') })
  chat = await startChat(world)
})
