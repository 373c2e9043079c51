import { describe, expect, it } from 'vitest'
import type { HttpFacts } from '../../src/core/checks/answer.ts'
import { gatewayUrlOf, judgeDiscord, type DiscordCheckSpec } from '../../src/core/checks/discord.ts'
import { judgeChecks } from '../../src/core/checks/judge.ts'
import type { Attempt } from '../../src/core/checks/result.ts'
import type { Seen } from '../../src/core/checks/seen.ts'
import { judgeSlack, type SlackCheckSpec, type SlackFacts } from '../../src/core/checks/slack.ts'
import { judgeTelegram, type TelegramAsked, type TelegramCheckSpec, type TelegramFacts } from '../../src/core/checks/telegram.ts'
import { parseFile } from '../../src/inputs/file.ts'
import { answer, result, WANTED } from './check-samples.ts'

const basics = { proof: { kind: 'header', name: 'x-version' }, timeoutSeconds: 5, deadlineSeconds: 60, headers: {} } as const
const json = (body: unknown, status = 200): HttpFacts => answer({ status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
const kindsOf = ({ parts }: Seen) => Object.fromEntries(parts.map(({ name, attempt }): [string, Attempt['kind']] => [name, attempt.kind]))
const passed = { kind: 'passed', answeredBy: WANTED } as const

const telegram: TelegramCheckSpec = { kind: 'telegram', name: 'telegram', ...basics, token: '1:a', path: '/hook', secretToken: 's', maxPending: 3, recentErrorSeconds: 60, apiBaseUrl: 'https://api.telegram.org' }
const NOW_MS = Date.UTC(2026, 10, 23, 14)
const telegramAsked: TelegramAsked = { wanted: WANTED, servesAll: true, webhookUrl: 'https://shop.example.com/hook', nowMs: NOW_MS }
const webhookInfo = (over: object = {}) => json({ ok: true, result: { url: 'https://shop.example.com/hook', pending_update_count: 0, ...over } })
const telegramFacts: TelegramFacts = {
  me: json({ ok: true, result: { is_bot: true, username: 'harbour_bot' } }),
  webhookInfo: webhookInfo(),
  update: answer(),
  wrongToken: answer({ status: 401 }),
}

const discord: DiscordCheckSpec = { kind: 'discord', name: 'discord', ...basics, token: 't', path: '/hook', gateway: true, apiBaseUrl: 'https://discord.com/api/v10' }
const slack: SlackCheckSpec = { kind: 'slack', name: 'slack', ...basics, botToken: 'xoxb', apiBaseUrl: 'https://slack.com/api' }
const authTest = json({ ok: true, user_id: 'U1', user: 'harbour' })

const webhookOf = (info: HttpFacts, over: Partial<TelegramAsked> = {}) => judgeTelegram(telegram, { ...telegramFacts, webhookInfo: info }, { ...telegramAsked, ...over }).parts[1]
const failedAt = (ms: number) => webhookInfo({ last_error_date: Math.floor(ms / 1000), last_error_message: 'Connection timed out' })
const guarded = (forged: HttpFacts, unsigned: HttpFacts) => kindsOf(judgeDiscord({ ...discord, gateway: false }, { me: json({}), interactions: { forged, unsigned } }, WANTED))['interactions guarded']
const withStatus = (code: number, headers: Record<string, string> = { 'x-version': WANTED }) => answer({ status: code, headers })
const verified = (over: { readonly status?: number; readonly type: string; readonly body: string }) => {
  const facts: NonNullable<SlackFacts['events']> = { challenge: 'c-1', verified: answer({ status: over.status ?? 200, headers: { 'x-version': WANTED, 'content-type': over.type }, body: over.body }), forged: answer({ status: 401 }) }
  return kindsOf(judgeSlack(slack, { authTest, events: facts }, WANTED))['events verified']
}
const gatewayBot = json({ url: 'wss://gateway.discord.gg', shards: 1, session_start_limit: { total: 1000, remaining: 999, reset_after: 1, max_concurrency: 1 } })
const gateway = (text: string) => judgeDiscord(discord, { me: json({}), gateway: { bot: gatewayBot, socket: { kind: 'message', text } } }, WANTED).parts[1]
const problemsOf = (check: string) => parseFile('sleepwell.yml', `checks:\n  - ${check}\n`, { environment: 'production', keys: ['checks'], variables: { TOKEN: 'a token' } }).problems.map(({ message }) => message)

/** Everything that keeps a service's words from being read. */
const SILENCES: readonly (readonly [string, HttpFacts, string])[] = [
  ['gives no answer in time', { kind: 'timed-out', limitMs: 5000, durationMs: 5000 }, 'no answer within 5 s'],
  ['is not reached', { kind: 'no-answer', reason: 'refused', message: 'ECONNREFUSED', durationMs: 1 }, 'ECONNREFUSED'],
  ['is cut off', { kind: 'stopped', durationMs: 1 }, 'stopped before an answer'],
  ['asks to wait', answer({ status: 429, headers: { 'retry-after': '3' }, body: '{"ok":false,"error_code":429,"description":"Too Many Requests"}' }), 'too many requests, to be asked again in 3 s'],
  ['asks to wait without a time', answer({ status: 429, headers: {} }), 'too many requests, to be asked again in an untold number of s'],
  ['fails', answer({ status: 502, body: 'bad gateway' }), 'status 502, body: bad gateway'],
  ['answers with a page', answer({ status: 403, body: '<html>' }), 'status 403, body: <html>'],
  ['answers with a success of another kind', json({ ok: true }), 'status 200, body: {"ok":true}'],
]

describe('a chat service', () => {
  it.each(SILENCES)('that %s says nothing of the version, and stands in no way', (_, silence, seen) => {
    const judged = [
      judgeTelegram(telegram, { ...telegramFacts, me: silence, webhookInfo: silence }, telegramAsked),
      judgeDiscord(discord, { me: silence, gateway: { bot: silence, socket: { kind: 'none', why: 'unasked' } }, interactions: { forged: answer({ status: 401 }), unsigned: answer({ status: 401 }) } }, WANTED),
      judgeSlack({ ...slack, appToken: 'xapp' }, { authTest: silence, connectionsOpen: silence }, WANTED),
    ]
    for (const { parts } of judged) {
      expect(parts[0]).toEqual({ name: 'bot', attempt: { kind: 'unreachable', seen }, isOptional: true })
      expect(parts[1]).toEqual({ name: expect.any(String), attempt: { kind: 'unreachable', seen }, isOptional: true })
    }
    expect(judged.map(({ own }) => own.kind)).toEqual(['passed', 'passed', 'unproven'])
  })

  it('that is down rolls no good version back', () => {
    const unread = result({ kind: 'unknown', reason: 'unreachable', seen: 'status 502' }, { name: 'telegram/bot', partOf: 'telegram', isOptional: true })
    const before = result({ kind: 'unproven' }, { name: 'telegram/bot', partOf: 'telegram' })
    expect(judgeChecks([unread, result(passed)], [before, result(passed)], { judged: 'candidate', preExisting: 'warn' }).verdict).toBe('healthy')
  })

  it('is believed when it refuses the token, and the baseline settles whom to blame', () => {
    const { parts } = judgeTelegram(telegram, { ...telegramFacts, me: json({ ok: false, error_code: 401, description: 'Unauthorized' }, 401) }, telegramAsked)
    expect(parts[0]).toEqual({ name: 'bot', attempt: { kind: 'failed', expectation: 'the token to be taken', seen: 'Unauthorized', isProven: true } })
    const now = result({ kind: 'failed', expectation: 'the token to be taken', seen: 'Unauthorized', isProven: true }, { name: 'telegram/bot' })
    expect(judgeChecks([now], [now], { judged: 'candidate', preExisting: 'warn' }).checks[0]?.standing).toBe('pre-existing')
  })

  it.each(['invalid_auth', 'token_revoked', 'not_allowed_token_type', 'missing_scope'])('Slack refuses the token by %s', (error) => {
    expect(judgeSlack(slack, { authTest: json({ ok: false, error }) }, WANTED).parts[0]?.attempt).toMatchObject({ kind: 'failed', seen: error })
  })

  it.each(['internal_error', 'fatal_error', 'service_unavailable', 'ratelimited', 'request_timeout', 'something_new'])('Slack has troubles of its own by %s', (error) => {
    expect(judgeSlack(slack, { authTest: json({ ok: false, error }) }, WANTED).parts[0]).toMatchObject({ attempt: { kind: 'unreachable' }, isOptional: true })
  })

  it('shows no more of hostile answers than fits', () => {
    const long = 'x'.repeat(5000)
    const { parts } = judgeTelegram(
      telegram,
      { ...telegramFacts, me: json({ ok: true, result: { is_bot: true, username: long } }), webhookInfo: webhookInfo({ last_error_date: NOW_MS / 1000, last_error_message: long }), update: answer({ status: 500, body: long }) },
      telegramAsked,
    )
    expect(parts.map(({ observed }) => observed?.length ?? 0)).toEqual([60, 28, 0, 0])
    for (const { attempt } of parts) if (attempt.kind === 'failed') expect(attempt.seen.length).toBeLessThan(400)
  })
})

describe('Telegram\'s webhook', () => {
  it.each([
    ['a second after the version began to serve', NOW_MS - 9000, NOW_MS - 10_000, 'failed'],
    ['in the same second, which may have been before', NOW_MS - 10_000, NOW_MS - 9500, 'unproven'],
    ['before', NOW_MS - 11_000, NOW_MS - 10_000, 'unproven'],
    ['within the time of looking back', NOW_MS - 59_000, undefined, 'failed'],
    ['longer ago', NOW_MS - 60_000, undefined, 'unproven'],
  ])('is judged by a delivery that failed %s', (_, errorMs, sinceMs, kind) => {
    expect(webhookOf(failedAt(errorMs), { sinceMs })?.attempt.kind).toBe(kind)
  })

  it('tells how long ago a delivery failed', () => {
    expect(webhookOf(failedAt(NOW_MS - 12_000))).toEqual({
      name: 'webhook',
      attempt: { kind: 'failed', expectation: 'every update to be delivered', seen: 'Telegram failed to deliver one 12 s ago: Connection timed out', isProven: true },
      observed: '0 pending, a delivery failed',
    })
  })

  it('says nothing of a version that it delivers nothing to', () => {
    expect(webhookOf(failedAt(NOW_MS - 1000), { servesAll: false })?.attempt).toEqual({ kind: 'unproven', about: 'surroundings' })
    expect(webhookOf(webhookInfo({ pending_update_count: 4 }), { servesAll: false })).toMatchObject({ attempt: { kind: 'unproven' }, observed: '4 pending' })
    expect(webhookOf(webhookInfo({ pending_update_count: 4 }), { sinceMs: NOW_MS })?.attempt.kind).toBe('unproven')
    expect(webhookOf(webhookInfo({ pending_update_count: 4 }))?.attempt.kind).toBe('failed')
    expect(webhookOf(webhookInfo({ pending_update_count: 3 }))?.attempt.kind).toBe('unproven')
  })

  it('is the same address in another spelling', () => {
    expect(webhookOf(webhookInfo({ url: 'https://SHOP.example.com:443/hook' }))?.attempt).toEqual({ kind: 'unproven', about: 'surroundings' })
    expect(webhookOf(webhookInfo({ url: 'http://shop.example.com/hook' }))?.attempt.kind).toBe('failed')
  })
})

describe('the Worker behind a chat service', () => {
  it.each([
    [200, 'passed'],
    [204, 'passed'],
    [302, 'failed'],
    [401, 'failed'],
    [500, 'failed'],
  ] as const)('takes an update by status %i: %s', (status, kind) => {
    expect(kindsOf(judgeTelegram(telegram, { ...telegramFacts, update: answer({ status }) }, telegramAsked))['update accepted']).toBe(kind)
  })

  it.each([
    [401, 'passed'],
    [403, 'passed'],
    [200, 'failed'],
    [404, 'failed'],
    [500, 'failed'],
  ] as const)('refuses a wrong token by status %i: %s', (status, kind) => {
    expect(kindsOf(judgeTelegram(telegram, { ...telegramFacts, wrongToken: answer({ status }) }, telegramAsked))['wrong token refused']).toBe(kind)
  })

  it('may say that it is starting', () => {
    const starting = answer({ status: 503, headers: { 'x-version': WANTED, 'retry-after': '2' } })
    const seen = judgeTelegram(telegram, { ...telegramFacts, update: starting, wrongToken: starting }, telegramAsked)
    expect(kindsOf(seen)).toMatchObject({ 'update accepted': 'starting', 'wrong token refused': 'starting' })
    expect(seen.own).toEqual({ kind: 'unproven', about: 'surroundings' })
  })

  it('guards its interactions only if both false requests get 401 from the right version', () => {
    expect(guarded(withStatus(401), withStatus(401))).toBe('passed')
    expect(guarded(withStatus(403), withStatus(401))).toBe('failed')
    expect(guarded(withStatus(401), withStatus(200))).toBe('failed')
    expect(guarded(withStatus(401, {}), withStatus(200))).toBe('failed')
    expect(guarded(withStatus(401, {}), withStatus(401))).toBe('no-proof')
    expect(guarded(withStatus(401), withStatus(401, {}))).toBe('no-proof')
    expect(guarded(withStatus(401), { kind: 'timed-out', limitMs: 1000, durationMs: 1000 })).toBe('unreachable')
  })

  it.each([
    ['text/plain', 'c-1', 'passed'],
    ['Text/Plain; charset=utf-8', 'c-1\n', 'passed'],
    ['application/json', '{"challenge":"c-1"}', 'passed'],
    ['application/x-www-form-urlencoded', 'challenge=c-1', 'passed'],
    ['application/json', '{"challenge":"c-2"}', 'failed'],
    ['application/json', 'c-1', 'failed'],
    ['text/html', 'c-1', 'failed'],
    ['text/plain', '', 'failed'],
  ])('answers Slack\'s challenge as %s %j: %s', (type, body, kind) => {
    expect(verified({ type, body })).toBe(kind)
    expect(verified({ type, body, status: 201 })).toBe('failed')
  })
})

describe('Discord\'s gateway', () => {
  it('is where Discord says', () => {
    expect(gatewayUrlOf(gatewayBot)).toBe('wss://gateway.discord.gg')
    expect(gatewayUrlOf(json({ url: 7 }))).toBeUndefined()
  })

  it('is reached when it says HELLO', () => {
    expect(gateway('{"op":10,"d":{"heartbeat_interval":41250}}')).toEqual({ name: 'gateway', attempt: { kind: 'unproven', about: 'surroundings' }, observed: '999 sessions left' })
    expect(gateway('{"op":9}')).toMatchObject({ attempt: { kind: 'unreachable', seen: 'the gateway did not say HELLO' }, isOptional: true })
  })
})

describe('the kinds in the file', () => {
  it.each([
    ['{ name: a, kind: telegram, token: "1:a", path: /hook, secretToken: s }', undefined],
    ['{ name: a, kind: telegram, token: "1:a", path: /hook }', 'secretToken'],
    ['{ name: a, kind: telegram, token: "1:a", path: /hook, secretToken: "a b" }', 'letters, digits, underscores and hyphens'],
    ['{ name: a, kind: telegram, token: "${secret:TOKEN}", path: /hook, secretToken: s }', '"${secret:TOKEN}" with its variables put in; expected a token without blanks'],
    ['{ name: a, kind: telegram, token: "1:a", path: /hook, secretToken: s, apiBaseUrl: "http://telegram.example.com" }', 'allowed: https'],
    ['{ name: a, kind: discord, token: t }', undefined],
    ['{ name: a, kind: discord, token: t, path: /hook, publicKey: k }', 'no key "publicKey"'],
    ['{ name: a, kind: slack, botToken: t }', undefined],
    ['{ name: a, kind: slack, botToken: t, events: { path: /hook } }', 'signingSecret'],
  ])('%s', (check, problem) => {
    expect(problemsOf(check)).toEqual(problem === undefined ? [] : [expect.stringContaining(problem)])
  })
})
