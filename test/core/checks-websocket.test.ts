import { describe, expect, it } from 'vitest'
import { beginHearing, hear, isEnough, judgeWebSocket, type Closing, type HearingEnd, type SocketFacts, type WebSocketCheckSpec } from '../../src/core/checks/websocket.ts'
import { ANOTHER, answer, WANTED } from './check-samples.ts'

function socketCheck(over: Partial<WebSocketCheckSpec> = {}): WebSocketCheckSpec {
  return { kind: 'websocket', name: 'live', path: '/live', headers: {}, protocols: [], closes: true, proof: { kind: 'header', name: 'X-Version' }, timeoutSeconds: 5, deadlineSeconds: 60, ...over }
}

const ANSWERED: Closing = { kind: 'answered', code: 1000 }

function opened(over: Partial<Extract<SocketFacts, { kind: 'opened' }>> = {}): SocketFacts {
  return { kind: 'opened', headers: { 'x-version': WANTED }, openMs: 12, durationMs: 40, limitMs: 5000, end: { kind: 'enough' }, closing: ANSWERED, ...over }
}

const refused = (over: Parameters<typeof answer>[0]): SocketFacts => ({ kind: 'not-opened', exchange: answer(over) })
const heard = (spec: WebSocketCheckSpec, messages: readonly string[]) => messages.reduce((before, message) => hear(spec, before, message), beginHearing(spec))

function judge(spec: WebSocketCheckSpec, messages: readonly string[], facts = opened(), wanted: string | undefined = WANTED) {
  return judgeWebSocket(spec, facts, heard(spec, messages), wanted)
}

describe('what is heard on a WebSocket', () => {
  it('is enough without a message when none is expected', () => {
    expect(isEnough(socketCheck(), beginHearing(socketCheck()))).toBe(true)
  })

  it('is enough once one message meets every expectation, and stays so', () => {
    const spec = socketCheck({ expect: { text: 'b', matches: '^a', json: [] } })
    expect(isEnough(spec, heard(spec, ['b', 'a']))).toBe(false)
    expect(isEnough(spec, heard(spec, ['b', 'ab']))).toBe(true)
    expect(isEnough(spec, heard(spec, ['ab', 'c']))).toBe(true)
  })

  it('is not enough before a message has given the proof that is read from messages', () => {
    const spec = socketCheck({ proof: { kind: 'json', path: 'v' }, expect: { text: 'x', json: [] } })
    expect(isEnough(spec, heard(spec, ['x', 'y']))).toBe(false)
    expect(isEnough(spec, heard(spec, ['x', `{"v":"${WANTED}"}`]))).toBe(true)
  })
})

describe('a WebSocket', () => {
  it('passes by the proof of its handshake', () => {
    expect(judge(socketCheck(), [])).toEqual({ own: { kind: 'passed', answeredBy: WANTED }, parts: [{ name: 'open', attempt: { kind: 'passed', answeredBy: WANTED }, observed: '12 ms' }] })
  })

  it('passes by the proof of a message, and by none other than the first that gives one', () => {
    const spec = socketCheck({ proof: { kind: 'json', path: 'v' } })
    expect(judge(spec, ['hello', `{"v":"${WANTED}"}`, `{"v":"${ANOTHER}"}`])).toMatchObject({ own: { kind: 'passed', answeredBy: WANTED } })
    expect(judge(spec, [`{"v":"${ANOTHER}"}`])).toEqual({ own: { kind: 'wrong-version', answeredBy: ANOTHER }, parts: [] })
  })

  it('proves nothing by a handshake without proof, and need not where that is written down', () => {
    const bare = opened({ headers: {} })
    expect(judge(socketCheck(), [], bare)).toMatchObject({ own: { kind: 'no-proof' }, parts: [{ attempt: { kind: 'unproven', about: 'surroundings' } }] })
    expect(judge(socketCheck({ proof: { kind: 'none' } }), [], bare)).toMatchObject({ own: { kind: 'unproven' } })
    const waited = opened({ headers: {}, end: { kind: 'silent', limit: 'attempt' } })
    expect(judge(socketCheck({ proof: { kind: 'json', path: 'v' } }), ['hello'], waited)).toMatchObject({ own: { kind: 'no-proof' } })
  })

  const expecting = socketCheck({ expect: { text: 'welcome', json: [] } })

  it.each<[HearingEnd, string]>([
    [{ kind: 'silent', limit: 'message' }, '1 message, the last one: sorry'],
    [{ kind: 'hung-up', code: 1006, reason: '' }, '1 message, the last one: sorry; then it hung up with code 1006'],
    [{ kind: 'hung-up', code: 4001, reason: 'go' }, '1 message, the last one: sorry; then it hung up with code 4001: go'],
    [{ kind: 'too-many', most: 100 }, '1 message, the last one: sorry; more than 100 are not read'],
  ])('fails after %o when the message did not come', (end, seen) => {
    const { own } = judge(expecting, ['sorry'], opened({ end, closing: { kind: 'not-tried' } }))
    expect(own).toEqual({ kind: 'failed', expectation: 'a message as expected within 5 s (body containing welcome)', seen, isProven: true })
  })

  it('fails when it broke, even after the message', () => {
    const end: HearingEnd = { kind: 'broken', message: 'Invalid WebSocket frame' }
    expect(judge(expecting, ['welcome'], opened({ end, closing: { kind: 'not-tried' } }))).toMatchObject({ own: { kind: 'failed', expectation: 'a sound WebSocket', seen: 'Invalid WebSocket frame' } })
  })

  it('tells what it heard in few words, however much that was', () => {
    const { own } = judge(expecting, ['x'.repeat(100_000)], opened({ end: { kind: 'silent', limit: 'message' } }))
    expect(own.kind === 'failed' ? own.seen.length : 0).toBeLessThan(400)
  })

  it.each<[Closing, string | undefined]>([
    [{ kind: 'answered', code: 1000 }, undefined],
    [{ kind: 'answered', code: 1005 }, undefined],
    [{ kind: 'answered', code: 4000 }, undefined],
    [{ kind: 'answered', code: 1011 }, 'code 1011'],
    [{ kind: 'unanswered' }, 'no close frame, so the connection was dropped'],
  ])('must close without an error unless it need not: %o', (closing, seen) => {
    const { own } = judge(socketCheck(), [], opened({ closing }))
    expect(own.kind === 'failed' ? own.seen : undefined).toBe(seen)
    expect(judge(socketCheck({ closes: false }), [], opened({ closing })).own.kind).toBe('passed')
  })

  it('is not blamed for what the round’s deadline or a stop cut off', () => {
    const early = { limitMs: 900, closing: { kind: 'not-tried' } } as const
    expect(judge(expecting, [], opened({ ...early, end: { kind: 'silent', limit: 'attempt' } })).own.kind).toBe('unreachable')
    expect(judge(expecting, [], opened({ ...early, end: { kind: 'silent', limit: 'message' } })).own.kind).toBe('failed')
    expect(judge(expecting, [], opened({ end: { kind: 'stopped' } })).own.kind).toBe('unreachable')
    expect(judge(socketCheck(), [], opened({ limitMs: 900, closing: { kind: 'unanswered' } })).own.kind).toBe('unreachable')
    expect(judge(socketCheck({ closes: false }), [], opened({ limitMs: 900, closing: { kind: 'unanswered' } })).own.kind).toBe('passed')
  })

  it('that was no WebSocket is judged as an HTTP answer, without parts', () => {
    expect(judge(socketCheck(), [], refused({ status: 200, body: 'hello' }))).toEqual({ own: { kind: 'failed', expectation: 'status 101: a WebSocket', seen: 'status 200, body: hello', isProven: true }, parts: [] })
    expect(judge(socketCheck(), [], refused({ status: 503, headers: { 'retry-after': '3' } })).own.kind).toBe('starting')
    expect(judge(socketCheck(), [], refused({ headers: { 'x-version': ANOTHER } })).own.kind).toBe('wrong-version')
  })
})
