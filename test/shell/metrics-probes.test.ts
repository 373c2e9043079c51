import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { portOf } from '../../sandbox/world.ts'
import type { HttpFacts } from '../../src/core/checks/answer.ts'
import { OVERRIDE_HEADER } from '../../src/core/checks/override.ts'
import type { ProbesSourceSpec } from '../../src/core/metrics/probes-spec.ts'
import { versionIdSchema } from '../../src/core/schemas.ts'
import { probesSource, probesSpecOf } from '../../src/inputs/metrics/probes.ts'
import { openProbe, type Probe, type ProbeRequest } from '../../src/shell/checks/probe.ts'
import { systemClock, type Clock } from '../../src/shell/clock.ts'
import { connectProbes } from '../../src/shell/metrics/probes.ts'
import { guarded } from '../../src/shell/metrics/guarded-source.ts'
import { answer, ANOTHER, WANTED } from '../core/check-samples.ts'

const CANDIDATE = versionIdSchema.parse(WANTED)
const BASELINE = versionIdSchema.parse(ANOTHER)
const NOW = Date.UTC(2026, 10, 23, 14)
const PROOF = { kind: 'header', name: 'X-Version' } as const

function spec(over: Partial<ProbesSourceSpec> = {}): ProbesSourceSpec {
  return { ...probesSpecOf(probesSource.parse({ kind: 'probes' }), PROOF), ...over }
}

/** Numbers that look random and are the same each time (a linear congruential generator). */
function seeded(seed = 1): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

type Version = 'candidate' | 'baseline'
const askedFor = (header: string | undefined): Version => (header === `shop="${CANDIDATE}"` ? 'candidate' : 'baseline')
const versionOf = (request: IncomingMessage): Version => askedFor(String(request.headers[OVERRIDE_HEADER.toLowerCase()]))
const by = (version: Version) => ({ 'x-version': version === 'candidate' ? CANDIDATE : BASELINE })
const good = (version: Version, durationMs = 10): HttpFacts => answer({ headers: by(version), durationMs })
const CRASH = answer({ status: 500, headers: { server: 'cloudflare' }, body: 'error code: 1101' })
const TIMED_OUT: HttpFacts = { kind: 'timed-out', limitMs: 5000, durationMs: 5001 }
const RESET: HttpFacts = { kind: 'no-answer', reason: 'reset', message: 'ECONNRESET', durationMs: 3 }

type Answering = (asked: Version, request: ProbeRequest, number: number) => HttpFacts

/** A Worker in dreamt time: each request takes as long as its answer says. */
function stage(answering: Answering, over: Partial<ProbesSourceSpec> = {}, stop = new AbortController()) {
  let now = NOW
  const clock: Clock = { now: () => now, sleep: () => Promise.resolve() }
  const requests: { asked: Version; url: URL; method: string }[] = []
  const flight = { now: 0, most: 0 }
  const probe: Probe = {
    async send(request) {
      const asked = askedFor(request.headers[OVERRIDE_HEADER])
      const number = requests.push({ asked, url: request.url, method: request.method })
      flight.now += 1
      flight.most = Math.max(flight.most, flight.now)
      await Promise.resolve()
      flight.now -= 1
      const facts = answering(asked, request, number)
      now += facts.durationMs
      return facts
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
  const source = guarded(connectProbes(spec(over), { baseUrl: new URL('https://shop.example.com/app/'), probe, clock, signal: stop.signal, random: seeded() }))
  return { source, requests, flight }
}

const question = { script: 'shop', candidate: CANDIDATE, baseline: BASELINE, interval: { fromMs: NOW - 60_000, toMs: NOW }, sinceMs: NOW - 60_000, thresholds: { 'probe-slow': 100 } }
const count = (answering: Answering, over: Partial<ProbesSourceSpec> = {}, thresholds: Record<string, number> = question.thresholds) => stage(answering, over).source.count({ ...question, thresholds })
const prepare = (answering: Answering, over: Partial<ProbesSourceSpec> = {}, script = 'shop') => stage(answering, over).source.prepare({ script, baseline: BASELINE, nowMs: NOW })

// Answers from elsewhere, good and bad; or one failure without proof among them; or slow ones.
const STRAYED: Answering = (asked, _, number) => (number <= 6 ? answer({ status: number % 2 === 0 ? 200 : 500, headers: by(asked === 'candidate' ? 'baseline' : 'candidate') }) : good(asked))
const MIXED: Answering = (asked, _, number) => (number === 3 ? CRASH : good(number === 8 ? 'baseline' : number === 9 ? 'baseline' : asked))
const SLOW: Answering = (asked, _, number) => (number <= 2 ? TIMED_OUT : good(asked, asked === 'candidate' ? 101 : 100))

describe('paired probes', () => {
  it('ask both versions equally often, in random order, for the same paths in turn', async () => {
    const { source, requests, flight } = stage((asked) => good(asked), { perPoll: 30, paths: ['/', '/cart?full=1'], concurrency: 1 })
    expect(await source.count(question)).toMatchObject({ kind: 'ok', metrics: { 'probe-errors': { candidate: { total: 30, bad: 0 }, baseline: { total: 30, bad: 0 } } } })
    const pairs = Array.from({ length: 30 }, (_, index) => requests.slice(2 * index, 2 * index + 2))
    expect(pairs.every(([one, other]) => one?.asked !== other?.asked && one?.url.pathname === other?.url.pathname)).toBe(true)
    const firsts = pairs.filter(([one]) => one?.asked === 'candidate').length
    expect(firsts).toBeGreaterThan(5)
    expect(firsts).toBeLessThan(25)
    expect(Map.groupBy(requests, ({ url }) => url.pathname).get('/app/cart')?.length).toBe(30)
    expect(requests.every(({ url, method }) => method === 'GET' && url.searchParams.has('sleepwell'))).toBe(true)
    expect(new Set(requests.map(({ url }) => url.searchParams.get('sleepwell'))).size).toBe(60)
    expect(flight.most).toBe(1)
  })

  it('keep to the number of pairs that may be under way', async () => {
    const { source, requests, flight } = stage((asked) => good(asked), { concurrency: 3 })
    await source.count(question)
    expect(requests).toHaveLength(40)
    expect(flight.most).toBe(3)
  })

  it('begin no pair that might not be done by the deadline, and so stay pairs', async () => {
    const { source, requests } = stage((asked) => good(asked, 900), { timeoutSeconds: 1, deadlineSeconds: 10, concurrency: 1 })
    expect(await source.count(question)).toMatchObject({ metrics: { 'probe-errors': { candidate: { total: 5 }, baseline: { total: 5 } } } })
    expect(requests).toHaveLength(10)
  })

  it('count failures that are proven, and crashes, lost connections and timeouts for the version that was asked for', async () => {
    for (const failure of [answer({ status: 503, headers: by('candidate') }), CRASH, RESET, TIMED_OUT]) {
      let left = 7
      const failing: Answering = (asked) => (asked === 'candidate' && left-- > 0 ? failure : good(asked))
      expect(await count(failing, { deadlineSeconds: 300 })).toMatchObject({ kind: 'ok', metrics: { 'probe-errors': { candidate: { total: 20, bad: 7 }, baseline: { total: 20, bad: 0 } } } })
    }
  })

  it('see a candidate that always crashes without proof', async () => {
    expect(await count((asked) => (asked === 'candidate' ? CRASH : good(asked)))).toMatchObject({ metrics: { 'probe-errors': { candidate: { total: 20, bad: 20 }, baseline: { total: 20, bad: 0 } } } })
  })

  it('do not take an answer below 500 for a failure', async () => {
    expect(await count((asked) => answer({ status: 404, headers: by(asked) }))).toMatchObject({ metrics: { 'probe-errors': { candidate: { total: 20, bad: 0 } } } })
  })

  it('leave out what another version answered, good or bad', async () => {
    expect(await count(STRAYED)).toMatchObject({ metrics: { 'probe-errors': { candidate: { total: 17, bad: 0 }, baseline: { total: 17, bad: 0 } } } })
  })

  it('stand while half of the answers are the right version\'s', async () => {
    expect(await count((asked, _, number) => good(asked === 'baseline' && number <= 20 ? 'candidate' : asked))).toMatchObject({ metrics: { 'probe-errors': { candidate: { total: 20 }, baseline: { total: 10 } } } })
  })

  it.each<[string, Answering, RegExp]>([
    ['the override header is ignored', () => good('baseline'), /20 of 20 requests to the candidate .* answered by bbbbbbbb/],
    ['a little more than half of one version are somebody else\'s', (asked, _, number) => good(asked === 'baseline' && number <= 22 ? 'candidate' : asked), /11 of 20 requests to the baseline/],
    ['the candidate proves nothing', (asked) => (asked === 'candidate' ? answer({ headers: {} }) : good(asked)), /HTTP 200 without proof/],
    ['a cache answers', (asked) => (asked === 'candidate' ? answer({ headers: { 'cf-cache-status': 'HIT' } }) : good(asked)), /A cache answered/],
    ['a challenge answers', () => answer({ status: 403, headers: { 'cf-mitigated': 'challenge' } }), /challenge answered/],
    ['a firewall forbids them', () => answer({ status: 403, headers: { server: 'cloudflare' }, body: 'forbidden' }), /HTTP 403 without proof/],
    ['the probes are throttled, even with proof', (asked) => answer({ status: 429, headers: by(asked) }), /throttled/],
    ['nothing answers', () => RESET, /no request was answered \(ECONNRESET\)/],
    ['nothing answers in time', () => TIMED_OUT, /no request was answered/],
  ])('are unknown where %s', async (_, answering, message) => {
    expect(await count(answering)).toEqual({ kind: 'unknown', message: expect.stringMatching(message) })
  })

  it('are unknown where a failure may be somebody else\'s: good answers of others are left out, so their failures may not weigh in', async () => {
    expect(await count(MIXED)).toEqual({ kind: 'unknown', message: expect.stringContaining('nobody can tell whose failure it was') })
  })

  it('ask the candidate alone at 100 %, since a version in no deployment cannot be asked for', async () => {
    const { source, requests } = stage((asked) => (asked === 'candidate' ? good(asked) : CRASH))
    expect(await source.count({ ...question, isAlone: true })).toMatchObject({ kind: 'ok', metrics: { 'probe-errors': { candidate: { total: 20, bad: 0 }, baseline: { total: 0, bad: 0 } } } })
    expect(requests.every(({ asked }) => asked === 'candidate')).toBe(true)
  })

  it('count both versions bad as both bad', async () => {
    expect(await count(() => CRASH)).toMatchObject({ metrics: { 'probe-errors': { candidate: { total: 20, bad: 20 }, baseline: { total: 20, bad: 20 } } } })
  })

  it('count what takes longer than the frozen threshold as SLOW, and so what never came', async () => {
    expect(await count(SLOW)).toMatchObject({ metrics: { 'probe-slow': { candidate: { total: 20, bad: 20 }, baseline: { total: 20, bad: 1 } } } })
    expect(Object.keys(expectOk(await count(SLOW, { slow: false })))).toEqual(['probe-errors'])
    expect(Object.keys(expectOk(await count(SLOW, {}, {})))).toEqual(['probe-errors'])
  })

  it('are unknown once the rollout is stopped, and throw nothing', async () => {
    const stop = new AbortController()
    const { source } = stage((asked, _, number) => {
      if (number === 5) stop.abort()
      return stop.signal.aborted ? { kind: 'stopped', durationMs: 1 } : good(asked)
    }, {}, stop)
    expect(await source.count(question)).toEqual({ kind: 'unknown', message: 'probes: stopped before all were answered' })
    expect(await source.count(question)).toEqual({ kind: 'unknown', message: 'probes: no request was sent to the candidate' })
    expect(await count(() => { throw new TypeError('secret') })).toEqual({ kind: 'unknown', message: 'probes: a bug in Sleepwell ended it: TypeError' })
  })
})

function expectOk(counted: Awaited<ReturnType<typeof count>>) {
  if (counted.kind !== 'ok') throw new Error(counted.message)
  return counted.metrics
}

describe('probes before the first step', () => {
  it('ask only the baseline, and freeze what is usual and what is slow by its answers', async () => {
    const { source, requests } = stage((_, __, number) => (number === 50 ? CRASH : good('baseline', number)), { paths: ['/', '/cart'] })
    const prepared = await source.prepare({ script: 'shop', baseline: BASELINE, nowMs: NOW })
    expect(prepared).toMatchObject({
      kind: 'ok',
      thresholds: { 'probe-slow': 209 },
      metrics: [
        { name: 'probe-errors', kind: 'errors', margin: 1, tolerance: 2, acts: true, usual: { total: 220, bad: 1 } },
        { name: 'probe-slow', kind: 'latency', margin: 1.25, usual: { total: 220, bad: 11 } },
      ],
    })
    expect(requests).toHaveLength(220)
    expect(requests.every(({ asked }) => asked === 'baseline')).toBe(true)
  })

  it.each<[string, Answering, Partial<ProbesSourceSpec>, RegExp, RegExp]>([
    ['nothing can prove a version', (asked) => good(asked), { proof: { kind: 'none' } }, /nobody can tell which version/, /Let the Worker answer with its version/],
    ['one of the paths proves nothing', (asked, { url }) => (url.pathname.endsWith('/logo.png') ? answer({ headers: {} }) : good(asked)), { paths: ['/', '/logo.png'] }, /no proof of its version on \/logo\.png: HTTP 200 without proof/, /other `paths`/],
    ['nothing answers', () => RESET, {}, /no proof .* ECONNRESET/, /other `paths`/],
    ['another version answers', () => good('candidate'), {}, /answered by cccccccc/, /other `paths`/],
    ['most answers are a cache\'s', (asked, _, number) => (number > 3 ? answer({ headers: { age: '3' } }) : good(asked)), {}, /217 of 220 requests were not answered by the baseline: A cache/, /in front of the Worker/],
    ['the baseline is ill', (asked, _, number) => (number > 3 ? CRASH : good(asked)), {}, /the baseline failed 217 of 220/, /live version serves/],
    ['time runs out', (asked) => good(asked, 1000), {}, /only 1\d\d answers came within 120 s, too few/, /`slow: false`/],
  ])('refuse where %s', async (_, answering, over, problem, remedy) => {
    expect(await prepare(answering, over)).toEqual({ kind: 'refused', problem: expect.stringMatching(problem), remedy: expect.stringMatching(remedy) })
  })

  it('refuse a Worker that the override header cannot name', async () => {
    expect(await prepare((asked) => good(asked), {}, 'my shop')).toMatchObject({ kind: 'refused', problem: expect.stringContaining(OVERRIDE_HEADER) })
  })

  it('do without a threshold where slow answers are not asked about', async () => {
    expect(await prepare((asked) => good(asked), { slow: false, baselineRequests: 20 })).toMatchObject({ kind: 'ok', thresholds: {}, metrics: [{ name: 'probe-errors', usual: { total: 20, bad: 0 } }] })
  })
})

describe('probes in sleepwell.yml', () => {
  it('have defaults for everything, and no lag', () => {
    expect(probesSpecOf(probesSource.parse({ kind: 'probes' }), PROOF)).toMatchObject({ name: 'probes', method: 'GET', paths: ['/'], perPoll: 20, slow: true, lagSeconds: 0, proof: PROOF })
  })

  it.each([
    [{ method: 'POST' }],
    [{ paths: ['//elsewhere.example'] }],
    [{ paths: [] }],
    [{ deadlineSeconds: 9 }],
    [{ baselineRequests: 100 }],
    [{ tolerance: 1.2 }],
    [{ method: 'HEAD', proof: { json: 'version' } }],
    [{ lagSeconds: 5 }],
  ])('refuse %j', (over) => {
    expect(probesSource.safeParse({ kind: 'probes', ...over }).success).toBe(false)
  })
})

describe('probes over the network', () => {
  const closing: (() => void)[] = []
  afterEach(() => closing.splice(0).forEach((close) => close()))

  async function countAt(respond: RequestListener, over: Partial<ProbesSourceSpec> = {}) {
    const server = createServer(respond)
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
    closing.push(() => { server.closeAllConnections(); server.close() })
    await using probe = openProbe('sleepwell/test')
    const source = guarded(connectProbes(spec({ slow: false, ...over }), { baseUrl: new URL(`http://127.0.0.1:${portOf(server)}`), probe, clock: systemClock, signal: new AbortController().signal, random: seeded() }))
    const prepared = await source.prepare({ script: 'shop', baseline: BASELINE, nowMs: Date.now() })
    return { prepared, counted: await source.count(question) }
  }

  it('tell a candidate that fails from a baseline that works', async () => {
    const { prepared, counted } = await countAt((request, response) => {
      const version = versionOf(request)
      if (version === 'candidate' && request.url?.startsWith('/cart') === true) request.socket.destroy()
      else response.writeHead(200, by(version)).end(request.method === 'HEAD' ? undefined : 'hello')
    }, { method: 'HEAD', paths: ['/', '/cart'], baselineRequests: 20 })
    expect(prepared.kind).toBe('ok')
    expect(counted).toEqual({ kind: 'ok', metrics: { 'probe-errors': { candidate: { total: 20, bad: 10 }, baseline: { total: 20, bad: 0 } } } })
  })

  it('count no answer of the wrong version', async () => {
    const { prepared, counted } = await countAt((_, response) => response.writeHead(200, by('baseline')).end())
    expect(prepared.kind).toBe('ok')
    expect(counted).toEqual({ kind: 'unknown', message: expect.stringMatching(/answered by bbbbbbbb/) })
  })

  it('wait for no answer longer than their limit', async () => {
    const { counted } = await countAt((request, response) => {
      if (versionOf(request) === 'baseline') response.writeHead(200, by('baseline')).end()
    }, { timeoutSeconds: 0.6, perPoll: 4, baselineRequests: 20 })
    expect(counted).toMatchObject({ metrics: { 'probe-errors': { candidate: { total: 4, bad: 4 }, baseline: { total: 4, bad: 0 } } } })
  })
})
