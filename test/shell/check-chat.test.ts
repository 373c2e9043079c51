import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { portOf } from '../../sandbox/world.ts'
import { isVersionId, type VersionId } from '../../src/core/ids.ts'
import type { PartSeen, Seen } from '../../src/core/checks/seen.ts'
import type { CheckSpec } from '../../src/core/checks/spec.ts'
import type { Asking } from '../../src/shell/checks/asking.ts'
import { attempt, targetOf } from '../../src/shell/checks/attempt.ts'
import { openProbe } from '../../src/shell/checks/probe.ts'
import { hearGateway } from '../../src/shell/checks/provider-gateway.ts'
import { runChecks } from '../../src/shell/checks/round.ts'
import { systemClock } from '../../src/shell/clock.ts'
import { ANOTHER, WANTED } from '../core/check-samples.ts'
import { TELEGRAM_SECRET, withHarbour, type Harbour } from './chat-worker.ts'

function versionId(text: string): VersionId {
  if (!isVersionId(text)) throw new Error(`${text} is no version id`)
  return text
}

const override = { versionId: versionId(WANTED), via: { kind: 'override', scriptName: 'shop' } } as const

async function ask(spec: CheckSpec, { baseUrl }: Harbour, over: Partial<Asking> = {}): Promise<Seen> {
  await using probe = openProbe('sleepwell/test')
  return await attempt(spec, { baseUrl, subject: override, limitMs: 5000, signal: new AbortController().signal, ...over }, { probe, clock: systemClock })
}

/** By whichever version serves everybody. */
const alone = { subject: { via: { kind: 'plain' } } } as const

/** Good, and no word about a version. */
const aboutBot = { kind: 'unproven', about: 'surroundings' } as const
const passed = { kind: 'passed', answeredBy: WANTED } as const
const part = (seen: Seen, name: string): PartSeen | undefined => seen.parts.find((one) => one.name === name)
/** Names of the parts that are not good. */
const broken = ({ own, parts }: Seen): readonly string[] => [...(own.kind === 'passed' || own.kind === 'unproven' ? [] : ['own']), ...parts.filter(({ attempt: { kind } }) => kind !== 'passed' && kind !== 'unproven').map(({ name }) => name)]

describe('a check of a Telegram bot', () => {
  it('proves the version by an update that makes the bot say nothing, and by refusing a wrong token', async () => {
    await withHarbour(async (harbour) => {
      const seen = await ask(harbour.telegram, harbour)
      expect(seen).toEqual({
        own: passed,
        parts: [
          { name: 'bot', attempt: aboutBot, observed: '@harbour_bot' },
          { name: 'webhook', attempt: aboutBot, observed: '0 pending' },
          { name: 'update accepted', attempt: passed },
          { name: 'wrong token refused', attempt: passed },
        ],
      })
      expect(harbour.asked).toEqual([WANTED, WANTED])
    })
  })

  it('sends the update that the file gives', async () => {
    await withHarbour(async (harbour) => {
      const { chat } = harbour
      chat.telegram.model.refuse({ requests: 9, path: /sendMessage/ })
      const from = { id: 5, is_bot: false, first_name: 'Ada' }
      const update = { update_id: 7, message: { message_id: 1, date: 1, chat: { id: chat.telegram.chatId, type: 'supergroup', title: 'Deploys' }, from, text: 'hello' } }
      await ask({ ...harbour.telegram, update }, harbour)
      // The bot answered, as it does to a message: such an update is the file's own mistake, and not the default.
      expect(harbour.world.requests.some(({ path }) => path.endsWith('/sendMessage'))).toBe(true)
    })
  })

  it('names the update that the candidate fails, and nothing else', async () => {
    await withHarbour(async (harbour) => {
      harbour.bugs.telegramFails = true
      const seen = await ask(harbour.telegram, harbour)
      expect(broken(seen)).toEqual(['update accepted'])
      expect(part(seen, 'update accepted')?.attempt).toEqual({ kind: 'failed', expectation: 'a status from 200 to 299 to an update', seen: 'status 500, body: TypeError: undefined is not a function', isProven: true })
    })
  })

  it('names a candidate that takes any token', async () => {
    await withHarbour(async (harbour) => {
      harbour.bugs.telegramTakesAnyToken = true
      const seen = await ask(harbour.telegram, harbour)
      expect(broken(seen)).toEqual(['wrong token refused'])
      expect(part(seen, 'wrong token refused')?.attempt).toMatchObject({ kind: 'failed', expectation: 'status 401 or 403 to a wrong secret token', isProven: true })
    })
  })

  it('fails on a secret token that the Worker does not know', async () => {
    await withHarbour(async (harbour) => {
      const seen = await ask({ ...harbour.telegram, secretToken: 'yesterday' }, harbour)
      expect(broken(seen)).toEqual(['update accepted'])
    })
  })

  it('tells a revoked token once', async () => {
    await withHarbour(async (harbour) => {
      harbour.chat.telegram.model.revokeToken()
      const seen = await ask(harbour.telegram, harbour)
      expect(part(seen, 'bot')?.attempt).toEqual({ kind: 'failed', expectation: 'the token to be taken', seen: 'Unauthorized', isProven: true })
      expect(part(seen, 'webhook')).toMatchObject({ attempt: { kind: 'unreachable' }, isOptional: true })
      expect(part(seen, 'update accepted')?.attempt).toEqual(passed)
    })
  })

  it('knows a webhook that leads elsewhere, and one that was never set', async () => {
    await withHarbour(async (harbour) => {
      const { telegram: { model } } = harbour.chat
      model.setWebhook('https://old.example.com/telegram')
      expect(part(await ask(harbour.telegram, harbour), 'webhook')?.attempt).toMatchObject({ kind: 'failed', seen: 'an address at old.example.com' })
      expect(broken(await ask({ ...harbour.telegram, webhookUrl: 'https://old.example.com/telegram' }, harbour))).toEqual([])
      model.setWebhook(`${harbour.baseUrl.href}telegram/old`)
      expect(part(await ask(harbour.telegram, harbour), 'webhook')?.attempt).toMatchObject({ kind: 'failed', seen: `another path at ${harbour.baseUrl.host}` })
      model.setWebhook('')
      expect(part(await ask(harbour.telegram, harbour), 'webhook')?.attempt).toMatchObject({ kind: 'failed', seen: 'no webhook is set' })
    })
  })

  it('compares an address that has the token in its path, and does not show it', async () => {
    await withHarbour(async (harbour) => {
      const path = `/telegram/${harbour.telegram.token}`
      harbour.chat.telegram.model.setWebhook(`${harbour.baseUrl.href.slice(0, -1)}${path}`)
      const spec = { ...harbour.telegram, path }
      const seen = await ask(spec, harbour)
      expect(part(seen, 'webhook')?.attempt).toEqual(aboutBot)
      expect(JSON.stringify([seen, targetOf(spec, harbour.baseUrl)])).not.toContain(harbour.telegram.token)
    })
  })

  it('blames a failed delivery on the version that serves everybody, and on no other', async () => {
    await withHarbour(async (harbour) => {
      const { model } = harbour.chat.telegram
      model.failWebhook('Wrong response from the webhook: 500 Internal Server Error')
      const atZero = await ask(harbour.telegram, harbour)
      expect(part(atZero, 'webhook')).toEqual({ name: 'webhook', attempt: aboutBot, observed: '0 pending, a delivery failed' })
      const serving = await ask(harbour.telegram, harbour, { ...alone, sinceMs: Date.now() - 60_000 })
      expect(part(serving, 'webhook')?.attempt).toMatchObject({ kind: 'failed', expectation: 'every update to be delivered', seen: expect.stringContaining('Wrong response from the webhook: 500') })
      const later = await ask(harbour.telegram, harbour, { ...alone, sinceMs: Date.now() + 1000 })
      expect(part(later, 'webhook')?.attempt).toEqual(aboutBot)
    })
  })

  it('looks back by its own measure when nobody says since when', async () => {
    await withHarbour(async (harbour) => {
      const { model } = harbour.chat.telegram
      model.failWebhook('Connection timed out', new Date(Date.now() - 300_000))
      expect(broken(await ask(harbour.telegram, harbour, alone))).toEqual(['webhook'])
      expect(broken(await ask({ ...harbour.telegram, recentErrorSeconds: 100 }, harbour, alone))).toEqual([])
    })
  })

  it('counts what waits for delivery, and fails beyond the bound where no rollout has changed anything', async () => {
    await withHarbour(async (harbour) => {
      harbour.chat.telegram.model.webhook.pendingUpdates = 6
      expect(part(await ask(harbour.telegram, harbour), 'webhook')).toMatchObject({ attempt: aboutBot, observed: '6 pending' })
      expect(part(await ask(harbour.telegram, harbour, alone), 'webhook')).toMatchObject({ attempt: { kind: 'failed', expectation: 'at most 5 pending updates' }, observed: '6 pending' })
      expect(broken(await ask(harbour.telegram, harbour, { ...alone, sinceMs: Date.now() }))).toEqual([])
      harbour.chat.telegram.model.webhook.pendingUpdates = 5
      expect(broken(await ask(harbour.telegram, harbour, alone))).toEqual([])
    })
  })
})

describe('a check of a Discord bot', () => {
  it('hears HELLO without identifying, and proves the version by a guarded endpoint', async () => {
    await withHarbour(async (harbour) => {
      expect(await ask(harbour.discord, harbour)).toEqual({
        own: passed,
        parts: [
          { name: 'bot', attempt: aboutBot, observed: 'harbour' },
          { name: 'gateway', attempt: aboutBot, observed: '1000 sessions left' },
          { name: 'interactions guarded', attempt: passed },
        ],
      })
      expect(harbour.chat.discord.model.gatewayConnections()).toBe(1)
      expect(harbour.asked).toEqual([WANTED, WANTED])
    })
  })

  it.each([
    ['discordTakesAnySignature', 'status 401 to a wrong signature'],
    ['discordIgnoresMissing', 'status 401 to no signature'],
  ] as const)('names an endpoint that is not guarded (%s)', async (bug, expectation) => {
    await withHarbour(async (harbour) => {
      harbour.bugs[bug] = true
      const seen = await ask(harbour.discord, harbour)
      expect(broken(seen)).toEqual(['interactions guarded'])
      expect(part(seen, 'interactions guarded')?.attempt).toEqual({ kind: 'failed', expectation, seen: 'status 200, body: {"type":1}', isProven: true })
    })
  })

  it('asks only what there is', async () => {
    await withHarbour(async (harbour) => {
      const seen = await ask({ ...harbour.discord, path: undefined, gateway: false }, harbour)
      expect(seen).toEqual({ own: aboutBot, parts: [{ name: 'bot', attempt: aboutBot, observed: 'harbour' }] })
      expect(harbour.chat.discord.model.gatewayConnections()).toBe(0)
      expect(harbour.asked).toEqual([])
    })
  })

  it('tells a revoked token once', async () => {
    await withHarbour(async (harbour) => {
      harbour.chat.discord.model.revokeToken()
      const seen = await ask(harbour.discord, harbour)
      expect(part(seen, 'bot')?.attempt).toMatchObject({ kind: 'failed', seen: '401: Unauthorized' })
      expect(part(seen, 'gateway')).toMatchObject({ attempt: { kind: 'unreachable' }, isOptional: true })
    })
  })

  it.each([
    ['refused', 'the gateway: Unexpected server response: 400'],
    ['garbled', 'the gateway said what is not JSON'],
    ['silent', 'the gateway did not say HELLO in time'],
  ] as const)('blames nobody for a gateway that is %s', async (mood, why) => {
    await withHarbour(async (harbour) => {
      harbour.chat.discord.model.gatewayMood = mood
      const seen = await ask(harbour.discord, harbour, { limitMs: 600 })
      expect(part(seen, 'gateway')).toEqual({ name: 'gateway', attempt: { kind: 'unreachable', seen: why }, isOptional: true })
      expect(broken(seen)).toEqual(['gateway'])
    })
  })

  it.each(['http://127.0.0.1:1/', 'ws://gateway.example.com/', 'file:///etc/passwd', 'none'])('connects to no gateway at %s', async (address) => {
    expect(await hearGateway(address, 1000, new AbortController().signal)).toEqual({ kind: 'none', why: 'Discord gave no address of a gateway' })
  })

  it('hangs up on a gateway that never ends its first message or its farewell', async () => {
    const server = createServer()
    const sockets = new WebSocketServer({ server })
    sockets.on('connection', (socket) => {
      socket.on('error', () => undefined)
      socket.send('x'.repeat(200_000))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const facts = await hearGateway(`ws://127.0.0.1:${portOf(server)}`, 5000, new AbortController().signal)
    expect(facts).toMatchObject({ kind: 'none', why: expect.stringContaining('Max payload size exceeded') })
    for (const client of sockets.clients) client.terminate()
    server.close()
  })

  it('ends when the round is stopped', async () => {
    await withHarbour(async (harbour) => {
      harbour.chat.discord.model.gatewayMood = 'silent'
      const stop = new AbortController()
      const pending = ask(harbour.discord, harbour, { limitMs: 60_000, signal: stop.signal })
      while (harbour.chat.discord.model.gatewayConnections() === 0) await new Promise((resolve) => setTimeout(resolve, 5))
      stop.abort()
      expect(part(await pending, 'gateway')?.attempt).toEqual({ kind: 'unreachable', seen: 'stopped before the gateway said HELLO' })
    })
  })
})

describe('a check of a Slack app', () => {
  it('proves the version by the challenge and by what it refuses, and opens no socket', async () => {
    await withHarbour(async (harbour) => {
      expect(await ask(harbour.slack, harbour)).toEqual({
        own: passed,
        parts: [
          { name: 'bot', attempt: aboutBot, observed: 'harbour' },
          { name: 'app token', attempt: aboutBot },
          { name: 'events verified', attempt: passed },
          { name: 'bad signature refused', attempt: passed },
          { name: 'stale timestamp refused', attempt: passed },
        ],
      })
      expect(harbour.asked).toEqual([WANTED, WANTED, WANTED])
    })
  })

  it.each([
    ['slackForgetsChallenge', 'events verified'],
    ['slackTakesAnySignature', 'bad signature refused'],
    ['slackTakesOldSignatures', 'stale timestamp refused'],
  ] as const)('names what the candidate broke alone (%s)', async (bug, name) => {
    await withHarbour(async (harbour) => {
      harbour.bugs[bug] = true
      const seen = await ask(harbour.slack, harbour)
      expect(broken(seen)).toEqual([name])
      expect(part(seen, name)?.attempt).toMatchObject({ kind: 'failed', isProven: true })
    })
  })

  it('leaves stale signatures and what the app has not alone', async () => {
    await withHarbour(async (harbour) => {
      harbour.bugs.slackTakesOldSignatures = true
      const { events } = harbour.slack
      const lenient = events === undefined ? undefined : { ...events, refusesStale: false }
      expect((await ask({ ...harbour.slack, events: lenient, appToken: undefined }, harbour)).parts.map(({ name }) => name)).toEqual(['bot', 'events verified', 'bad signature refused'])
      expect((await ask({ ...harbour.slack, events: undefined }, harbour)).parts.map(({ name }) => name)).toEqual(['bot', 'app token'])
    })
  })

  it('tells which of the two tokens is broken', async () => {
    await withHarbour(async (harbour) => {
      harbour.chat.slack.model.revokeAppToken()
      expect(broken(await ask(harbour.slack, harbour))).toEqual(['app token'])
    })
    await withHarbour(async (harbour) => {
      harbour.chat.slack.model.authError = 'token_revoked'
      const seen = await ask(harbour.slack, harbour)
      expect(broken(seen)).toEqual(['bot'])
      expect(part(seen, 'bot')?.attempt).toMatchObject({ kind: 'failed', seen: 'token_revoked' })
    })
  })
})

describe('a chat service that cannot be read', () => {
  it('is told and blamed on nobody while it asks to wait', async () => {
    await withHarbour(async (harbour) => {
      const { chat } = harbour
      for (const service of [chat.telegram, chat.discord, chat.slack]) service.model.refuse({ requests: 9, retryAfterSeconds: 7 })
      for (const [spec, names] of [[harbour.telegram, ['bot', 'webhook']], [harbour.discord, ['bot', 'gateway']], [harbour.slack, ['bot', 'app token']]] as const) {
        const seen = await ask(spec, harbour)
        expect(broken(seen)).toEqual(names)
        for (const name of names) expect(part(seen, name)).toEqual({ name, attempt: { kind: 'unreachable', seen: expect.stringMatching(/^too many requests, to be asked again in 7 s$|^Discord did not/) }, isOptional: true })
      }
    })
  })

  it.each([
    { kind: 'dropped' },
    { kind: 'answer', status: 503, body: '<html>upstream connect error</html>' },
    { kind: 'answer', status: 200, body: '<html>Welcome to nginx</html>' },
    { kind: 'answer', status: 401, body: '<html>Who are you?</html>' },
    { kind: 'answer', status: 200, body: { ok: false, error: 'internal_error' } },
  ] as const)('says nothing of the version when it is down ($kind, $status)', async (fault) => {
    await withHarbour(async (harbour) => {
      for (const [service, spec] of [['telegram', harbour.telegram], ['discord', harbour.discord], ['slack', harbour.slack]] as const) {
        harbour.world.faults.push({ service, times: 9, fault })
        const seen = await ask(spec, harbour)
        expect(part(seen, 'bot')).toMatchObject({ attempt: { kind: 'unreachable' }, isOptional: true })
        expect(seen.own).toEqual(passed)
      }
    })
  })
})

describe('whatever a chat kind asks', () => {
  it('is judged by who answered', async () => {
    await withHarbour(async (harbour) => {
      // No override is sent, so another version answers.
      const subject = { versionId: versionId(WANTED), via: { kind: 'plain' } } as const
      expect((await ask(harbour.telegram, harbour, { subject })).parts.map(({ attempt: { kind } }) => kind)).toEqual(['unproven', 'unproven', 'wrong-version', 'wrong-version'])
      expect((await ask(harbour.discord, harbour, { subject })).parts.at(-1)?.attempt.kind).toBe('wrong-version')
      harbour.bugs.hidesVersion = true
      expect((await ask(harbour.slack, harbour)).parts.slice(2).map(({ attempt: { kind } }) => kind)).toEqual(['no-proof', 'no-proof', 'no-proof'])
      expect((await ask({ ...harbour.slack, proof: { kind: 'none' } }, harbour)).own).toEqual({ kind: 'unproven' })
    })
  })

  it('shows no secret, though the Worker repeats all that it was sent', async () => {
    await withHarbour(async (harbour) => {
      harbour.bugs.echoes = true
      const { telegram, discord, slack, chat } = harbour
      const seen = await Promise.all([telegram, discord, slack].map((spec) => ask(spec, harbour)))
      const shown = JSON.stringify([seen, [telegram, discord, slack].map((spec) => targetOf(spec, harbour.baseUrl))])
      expect(seen.map(({ parts }) => parts.filter(({ attempt: { kind } }) => kind === 'failed').length)).toEqual([2, 1, 3])
      for (const secret of [TELEGRAM_SECRET, chat.telegram.token, chat.discord.token, chat.slack.botToken, chat.slack.appToken, chat.slack.signingSecret]) expect(shown).not.toContain(secret)
    })
  })

  it('runs beside the others in a round, where a broken channel is named and no other', async () => {
    await withHarbour(async (harbour) => {
      harbour.bugs.slackForgetsChallenge = true
      harbour.chat.discord.model.refuse({ requests: 99 })
      await using probe = openProbe('sleepwell/test')
      const round = { ready: [], specs: [harbour.telegram, harbour.discord, harbour.slack], subject: override, baseUrl: harbour.baseUrl, deadlineSeconds: 30, isPropagating: false, doesBaselineProve: true, proofsWanted: 3, settleSeconds: 0, concurrency: 3, isEachAloneFirst: true }
      const results = await runChecks(round, { probe, clock: systemClock, signal: new AbortController().signal })
      expect(results.filter(({ outcome }) => outcome.kind === 'failed').map(({ name }) => name)).toEqual(['slack/events verified'])
      expect(results.filter(({ outcome }) => outcome.kind === 'unknown').map(({ name, isOptional }) => [name, isOptional])).toEqual([['discord/bot', true], ['discord/gateway', true]])
      expect(results).toHaveLength(3 + 4 + 3 + 5)
    })
  })

  it('holds a version that was just put back for no delivery that failed before', async () => {
    await withHarbour(async (harbour) => {
      harbour.chat.telegram.model.failWebhook('Wrong response from the webhook: 500 Internal Server Error')
      await using probe = openProbe('sleepwell/test')
      const subject = { versionId: versionId(ANOTHER), via: { kind: 'plain' } } as const
      const round = { ready: [], specs: [harbour.telegram], subject, baseUrl: harbour.baseUrl, deadlineSeconds: 30, isPropagating: true, doesBaselineProve: true, proofsWanted: 3, settleSeconds: 0, concurrency: 3, isEachAloneFirst: false }
      const failedIn = async (over: object) => (await runChecks({ ...round, ...over }, { probe, clock: systemClock, signal: new AbortController().signal })).filter(({ outcome }) => outcome.kind === 'failed').map(({ name }) => name)
      expect(await failedIn({})).toEqual([])
      expect(await failedIn({ sinceMs: Date.now() - 60_000 })).toEqual(['telegram/webhook'])
      expect(await failedIn({ isPropagating: false })).toEqual(['telegram/webhook'])
    })
  })
})
