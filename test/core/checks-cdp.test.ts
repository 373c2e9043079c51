import { describe, expect, it } from 'vitest'
import { browserAt, debuggerPathIn, hasAnswered, hearBrowser, judgeBrowser, needsLookUp, type BrowserSays, type CdpCheckSpec } from '../../src/core/checks/cdp.ts'
import { cdpCheck as fileCheck } from '../../src/inputs/checks/cdp.ts'
import type { SocketFacts } from '../../src/core/checks/websocket.ts'
import { ANOTHER, answer, WANTED } from './check-samples.ts'

function cdpCheck(over: Partial<CdpCheckSpec> = {}): CdpCheckSpec {
  return { kind: 'cdp', name: 'browser', endpoint: '/devtools', headers: {}, proof: { kind: 'header', name: 'X-Version' }, timeoutSeconds: 5, deadlineSeconds: 60, ...over }
}

const ELSEWHERE = { endpoint: 'wss://browser.example.com/devtools/7c1?token=tell-nobody' }

function opened(over: Partial<Extract<SocketFacts, { kind: 'opened' }>> = {}): SocketFacts {
  return { kind: 'opened', headers: { 'x-version': WANTED }, openMs: 12, durationMs: 40, limitMs: 5000, end: { kind: 'enough' }, closing: { kind: 'unanswered' }, ...over }
}

const failed = (silence: BrowserSays, over: Parameters<typeof opened>[0] = {}) => judgeBrowser(cdpCheck(), opened(over), silence, WANTED)
const hear = (...messages: readonly string[]) => messages.reduce<BrowserSays>(hearBrowser, { count: 0 })

describe('what a browser says', () => {
  it('is its product, after any events and nobody else’s answers', () => {
    const says = hear('{"method":"Target.created"}', '{"id":2,"result":{"product":"Other/1"}}', 'noise', '{"id":1,"result":{"product":"HeadlessChrome/149.0.1","userAgent":"x"}}')
    expect(says).toEqual({ count: 4, product: 'HeadlessChrome/149.0.1' })
    expect(hasAnswered(says)).toBe(true)
    expect(hasAnswered(hear('{"method":"Target.created"}'))).toBe(false)
  })

  it.each([
    ['{"id":1,"error":{"code":-32601,"message":"not found"}}', 'not found'],
    ['{"id":1,"result":{}}', '{"id":1,"result":{}}'],
    ['{"id":1,"result":{"product":" "}}', '{"id":1,"result":{"product":" "}}'],
  ])('is a problem in %s', (message, problem) => {
    expect(hear(message)).toMatchObject({ problem })
  })
})

describe('a browser below the Worker’s address', () => {
  const says = { count: 1, product: 'Chrome/149' }

  it('passes by the proof of the handshake, and tells its product', () => {
    expect(judgeBrowser(cdpCheck(), opened(), says, WANTED)).toEqual({ own: { kind: 'passed', answeredBy: WANTED }, parts: [{ name: 'product', attempt: { kind: 'passed', answeredBy: WANTED }, observed: 'Chrome/149' }] })
  })

  it('is another version’s, or nobody’s, by that same proof', () => {
    expect(judgeBrowser(cdpCheck(), opened({ headers: { 'x-version': ANOTHER } }), says, WANTED)).toEqual({ own: { kind: 'wrong-version', answeredBy: ANOTHER }, parts: [] })
    expect(judgeBrowser(cdpCheck(), opened({ headers: {} }), says, WANTED)).toMatchObject({ own: { kind: 'no-proof' } })
    expect(judgeBrowser(cdpCheck({ proof: { kind: 'none' } }), opened(), says, WANTED)).toMatchObject({ own: { kind: 'unproven' } })
  })

  it('fails without a product', () => {
    expect(failed({ count: 0 }, { end: { kind: 'silent', limit: 'attempt' } })).toEqual({ own: { kind: 'failed', expectation: 'an answer with a product to Browser.getVersion within 5 s', seen: 'no message', isProven: true }, parts: [] })
    expect(failed({ count: 2 }, { end: { kind: 'hung-up', code: 1011, reason: '' } })).toMatchObject({ own: { seen: '2 other messages; then it hung up with code 1011' } })
    expect(failed({ count: 1, problem: 'no' })).toMatchObject({ own: { kind: 'failed', seen: 'no' } })
    expect(failed({ count: 0 }, { limitMs: 900, end: { kind: 'silent', limit: 'attempt' } })).toMatchObject({ own: { kind: 'unreachable' } })
  })

  it('that is no WebSocket is judged as an HTTP answer', () => {
    expect(judgeBrowser(cdpCheck(), { kind: 'not-opened', exchange: answer({ status: 503, headers: { 'retry-after': '3' } }) }, { count: 0 }, WANTED)).toMatchObject({ own: { kind: 'starting' } })
  })
})

describe('a browser with an address of its own', () => {
  it('knows no version, whatever its handshake holds', () => {
    const surroundings = { kind: 'unproven', about: 'surroundings' }
    const seen = judgeBrowser(cdpCheck(ELSEWHERE), opened({ headers: { 'x-version': ANOTHER } }), { count: 1, product: 'Chrome/149' }, WANTED)
    expect(seen).toEqual({ own: surroundings, parts: [{ name: 'product', attempt: surroundings, observed: 'Chrome/149' }] })
  })

  it('is named without what may open it', () => {
    expect(browserAt(cdpCheck(ELSEWHERE), 'shop.example.com')).toBe('CDP at browser.example.com')
    expect(browserAt(cdpCheck({ endpoint: '/devtools?token=x' }), 'shop.example.com')).toBe('CDP at shop.example.com/devtools')
  })
})

describe('an endpoint in the file', () => {
  it.each([
    ['wss://browser.example.com/?token=x', true],
    ['https://browser.example.com/json/version', true],
    ['ws://127.0.0.1:9222/devtools', true],
    ['http://localhost:9222/json/version', true],
    ['/devtools', true],
    ['ws://browser.example.com/', false],
    ['wss://user:pass@browser.example.com/', false],
    ['//elsewhere.example.com/', false],
    ['file:///etc/passwd', false],
    ['devtools', false],
  ])('%s: %s', (endpoint, isTaken) => {
    expect(fileCheck.safeParse({ name: 'x', kind: 'cdp', endpoint }).success).toBe(isTaken)
  })
})

describe('where a browser is looked up', () => {
  it.each([
    ['/json/version', true],
    ['https://browser.example.com/json/version', true],
    ['http://127.0.0.1:9222/json/version?token=x', true],
    ['wss://browser.example.com/json/versions', false],
    ['/devtools/browser/1', false],
  ])('%s: %s', (endpoint, is) => {
    expect(needsLookUp(cdpCheck({ endpoint }))).toBe(is)
  })

  it.each([
    ['ws://127.0.0.1:9222/devtools/browser/7c1', '/devtools/browser/7c1'],
    ['wss://elsewhere.example.com/a?token=x', '/a?token=x'],
    ['https://elsewhere.example.com/a', undefined],
    ['ws://host', undefined],
    ['', undefined],
  ])('the path of %s is %s', (webSocketDebuggerUrl, path) => {
    expect(debuggerPathIn(answer({ body: JSON.stringify({ Browser: 'Chrome/149', webSocketDebuggerUrl }) }))).toBe(path)
  })

  it('is nowhere in another document, status or silence', () => {
    expect(debuggerPathIn(answer({ body: '[]' }))).toBeUndefined()
    expect(debuggerPathIn(answer({ status: 404, body: '{"webSocketDebuggerUrl":"ws://a/b"}' }))).toBeUndefined()
    expect(debuggerPathIn({ kind: 'timed-out', limitMs: 1, durationMs: 1 })).toBeUndefined()
  })
})
