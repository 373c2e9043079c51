import { describe, expect, it } from 'vitest'
import type { HttpAnswer } from '../../src/core/checks/answer.ts'
import { judgeHttp } from '../../src/core/checks/http.ts'
import { parseJsonPath, readJsonPath } from '../../src/core/checks/json-path.ts'
import { overrideValue } from '../../src/core/checks/override.ts'
import { isVersionId } from '../../src/core/ids.ts'
import { ANOTHER, answer, httpCheck, WANTED } from './check-samples.ts'

/** What an answer that never came is judged as. */
const lost = (reason: 'refused' | 'dns' | 'tls' | 'reset' | 'invalid') =>
  judgeHttp(httpCheck(), { kind: 'no-answer', reason, message: 'why', durationMs: 1 }, WANTED).kind

const blockedBy = (seen: Partial<HttpAnswer>) => {
  const attempt = judgeHttp(httpCheck(), answer({ headers: {}, ...seen }), WANTED)
  return attempt.kind === 'blocked' ? attempt.by : attempt.kind
}

const missOf = (expectation: Parameters<typeof httpCheck>[0], body: string) => {
  const attempt = judgeHttp(httpCheck(expectation), answer({ body }), WANTED)
  return attempt.kind === 'failed' ? `${attempt.expectation} | ${attempt.seen}` : attempt.kind
}

describe('judging an answer', () => {
  it('passes when the wanted version proves itself in a header and meets every expectation', () => {
    const spec = httpCheck({ json: [{ path: 'status', equals: 'ok' }], headers: { 'Content-Type': 'application/json' } })
    expect(judgeHttp(spec, answer({ body: '{"status":"ok"}' }), WANTED)).toEqual({ kind: 'passed', answeredBy: WANTED })
  })

  it('reads the proof from a place in the JSON body', () => {
    const spec = httpCheck({}, { proof: { kind: 'json', path: 'versions[1].id' } })
    const body = JSON.stringify({ versions: [{}, { id: WANTED.toUpperCase() }] })
    expect(judgeHttp(spec, answer({ body, headers: {} }), WANTED)).toEqual({ kind: 'passed', answeredBy: WANTED })
  })

  it('says who answered when it was another version, even if all expectations are met or missed', () => {
    for (const status of [200, 500]) {
      const seen = judgeHttp(httpCheck(), answer({ status, headers: { 'x-version': ANOTHER } }), WANTED)
      expect(seen).toEqual({ kind: 'wrong-version', answeredBy: ANOTHER })
    }
  })

  it('takes a 200 without proof for no pass', () => {
    expect(judgeHttp(httpCheck(), answer({ headers: {} }), WANTED)).toMatchObject({ kind: 'no-proof' })
    expect(judgeHttp(httpCheck(), answer({ headers: { 'x-version': '  ' } }), WANTED)).toMatchObject({ kind: 'no-proof' })
  })

  it('is unproven when the check is declared without proof', () => {
    const spec = httpCheck({}, { proof: { kind: 'none' } })
    expect(judgeHttp(spec, answer({ headers: {} }), WANTED)).toEqual({ kind: 'unproven' })
    expect(judgeHttp(spec, answer({ status: 500, headers: {} }), WANTED)).toMatchObject({ kind: 'failed', isProven: true })
  })

  it('names the expectation and what was seen, and whether the failing version proved itself', () => {
    const crashed = answer({ status: 500, headers: {}, body: 'error code: 1101' })
    expect(judgeHttp(httpCheck(), crashed, WANTED)).toEqual({
      kind: 'failed',
      expectation: 'status 200',
      seen: 'status 500, body: error code: 1101',
      isProven: false,
    })
    expect(judgeHttp(httpCheck(), answer({ status: 500, body: '' }), WANTED)).toMatchObject({
      seen: 'status 500, no body',
      isProven: true,
    })
  })

  it('takes 503 with Retry-After for a Worker that is starting, unless 503 is what was expected', () => {
    const busy = answer({ status: 503, headers: { 'retry-after': '5', 'x-version': WANTED } })
    expect(judgeHttp(httpCheck(), busy, WANTED)).toMatchObject({ kind: 'starting', hasAnswered: true, isProven: true })
    expect(judgeHttp(httpCheck({ status: [503] }), busy, WANTED)).toMatchObject({ kind: 'passed' })
    expect(judgeHttp(httpCheck(), answer({ status: 503 }), WANTED)).toMatchObject({ kind: 'failed' })
    const broken = answer({ status: 500, headers: busy.headers })
    expect(judgeHttp(httpCheck(), broken, WANTED)).toMatchObject({ kind: 'failed' })
  })

  it('tells what never reached a Worker from what a Worker did', () => {
    expect(lost('refused')).toBe('starting')
    expect([lost('dns'), lost('tls'), lost('reset')]).toEqual(['unreachable', 'unreachable', 'unreachable'])
    expect(lost('invalid')).toBe('failed')
  })

  it('holds a Worker to its time limit, but not for a limit that the deadline cut short', () => {
    const spec = httpCheck({}, { timeoutSeconds: 10 })
    const late = (limitMs: number) => judgeHttp(spec, { kind: 'timed-out', limitMs, durationMs: limitMs }, WANTED)
    expect(late(10_000)).toMatchObject({ kind: 'failed', expectation: 'an answer within 10 s', isProven: false })
    expect(late(900)).toMatchObject({ kind: 'unreachable' })
  })
})

describe('answers from in front of the Worker', () => {
  it('recognises a challenge, an Access login, a firewall page and a cached answer', () => {
    expect(blockedBy({ status: 403, headers: { 'cf-mitigated': 'challenge' } })).toBe('challenge')
    const login = 'https://team.cloudflareaccess.com/cdn-cgi/access/login/app.example.com?kid=1'
    expect(blockedBy({ status: 302, headers: { location: login } })).toBe('access')
    expect(blockedBy({ status: 401, headers: { 'www-authenticate': 'Cloudflare-Access' } })).toBe('access')
    expect(blockedBy({ status: 403, headers: { server: 'cloudflare' }, body: 'error code: 1020' })).toBe('firewall')
    expect(blockedBy({ headers: { 'cf-cache-status': 'HIT' } })).toBe('cdn-cache')
    expect(blockedBy({ headers: { age: '17' } })).toBe('cdn-cache')
  })

  it('takes ordinary answers for the Worker’s', () => {
    expect(blockedBy({ headers: { 'cf-cache-status': 'DYNAMIC', age: '0' } })).toBe('no-proof')
    expect(blockedBy({ status: 302, headers: { location: '/login' } })).toBe('failed')
    expect(blockedBy({ status: 403, headers: { server: 'cloudflare' }, body: 'forbidden' })).toBe('failed')
    expect(blockedBy({ status: 401, headers: { 'www-authenticate': 'Bearer' } })).toBe('failed')
  })

  it('believes proof of the wanted version over the marks of a cache, which a Worker may pass on', () => {
    expect(blockedBy({ headers: { 'cf-cache-status': 'HIT', 'x-version': WANTED } })).toBe('passed')
    expect(blockedBy({ headers: { 'cf-cache-status': 'HIT', 'x-version': ANOTHER } })).toBe('cdn-cache')
  })
})

describe('expectations of a body', () => {
  it('compares JSON values as documents, whatever the order of keys', () => {
    const json = [{ path: 'a', equals: { x: 1, y: [null, 'z'] } }]
    expect(missOf({ json }, '{"a":{"y":[null,"z"],"x":1}}')).toBe('passed')
    expect(missOf({ json }, '{"a":{"y":[null],"x":1}}')).toBe('a equal to {"x":1,"y":[null,"z"]} | {"y":[null],"x":1}')
    expect(missOf({ json }, '{"a":[1]}')).toContain('| [1]')
  })

  it.each([
    [{ path: 'n', min: 2 }, '{"n":1}', 'n at least 2 | 1'],
    [{ path: 'n', max: 2 }, '{"n":3}', 'n at most 2 | 3'],
    [{ path: 'n', max: 2 }, '{"n":"1"}', 'n at most 2 | "1"'],
    [{ path: 'n', min: 1, max: 2 }, '{"n":2}', 'passed'],
    [{ path: 's', matches: '^a+$' }, '{"s":"aaab"}', 's matching /^a+$/ | "aaab"'],
    [{ path: 's', matches: '^1$' }, '{"s":1}', 's matching /^1$/ | 1'],
    [{ path: 's', exists: false }, '{"s":null}', 's absent | null'],
    [{ path: 's', exists: true }, '{}', 's present | nothing there'],
    [{ path: 's', exists: true }, '{"s":null}', 'passed'],
    [{ path: 's', type: 'array' as const }, '{"s":{}}', 's of type array | {}'],
    [{ path: 's', type: 'null' as const }, '{"s":null}', 'passed'],
    [{ path: 's' }, '<html>', 'a JSON body | status 200, body: <html>'],
  ])('%j of %s', (expectation, body, verdict) => {
    expect(missOf({ json: [expectation] }, body)).toBe(verdict)
  })

  it('looks for text and patterns, and keeps only the start of a long body for the report', () => {
    expect(missOf({ text: 'ready' }, 'almost')).toBe('body containing ready | almost')
    expect(missOf({ matches: 'v\\d+' }, 'v12')).toBe('passed')
    expect(missOf({ matches: '^v\\d+$' }, 'x'.repeat(5000)).length).toBeLessThan(400)
  })

  it('compares headers whatever the case of their names', () => {
    expect(missOf({ headers: { 'X-Kind': 'a' } }, '')).toBe('header X-Kind: a | no such header')
  })
})

describe('paths into JSON', () => {
  it('reads dotted keys, places in lists and quoted keys', () => {
    const document = { a: [{ 'b.c': 1 }], d: null }
    const read = (path: string) => readJsonPath(document, parseJsonPath(path) ?? ['unparsed'])
    expect(read('a[0]["b.c"]')).toEqual({ kind: 'found', value: 1 })
    expect(read('$.d')).toEqual({ kind: 'found', value: null })
    expect(read('')).toEqual({ kind: 'found', value: document })
    expect(read('d.e')).toEqual({ kind: 'absent' })
    expect(read('a[1]')).toEqual({ kind: 'absent' })
  })

  it('never reaches what a document inherits', () => {
    for (const path of ['constructor.name', '__proto__', 'a.length', 'a["0"]', 'toString']) {
      expect(readJsonPath({ a: [1] }, parseJsonPath(path) ?? [])).toEqual({ kind: 'absent' })
    }
  })

  it.each(['a..b', 'a[', 'a[x]', 'a[-1]', 'a]', '[0]b', 'a.', 'a["b]'])('rejects %s', (path) => {
    expect(parseJsonPath(path)).toBeUndefined()
  })
})

describe('the override header', () => {
  it('names the script and the quoted version', () => {
    expect(isVersionId(WANTED) && overrideValue('shop-production', WANTED)).toBe(`shop-production="${WANTED}"`)
  })

  it.each(['', 'a b', 'a"', 'a,b', 'a\r\nx: y', 'ä', 'a=b', '-a'])('is never written for the name %j', (name) => {
    expect(isVersionId(WANTED) && overrideValue(name, WANTED)).toBeUndefined()
  })
})
