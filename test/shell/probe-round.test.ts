import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { isVersionId, type VersionId } from '../../src/core/ids.ts'
import { urlBelow } from '../../src/shell/checks/asking.ts'
import { runChecks, type CheckRound } from '../../src/shell/checks/round.ts'
import type { Clock } from '../../src/shell/clock.ts'
import { openProbe } from '../../src/shell/checks/probe.ts'
import { ANOTHER, httpCheck, WANTED } from '../core/check-samples.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(respond: RequestListener): Promise<URL> {
  const server = createServer(respond)
  servers.push(server)
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return new URL(`http://127.0.0.1:${address.port}/app/`)
}

function versionId(text: string): VersionId {
  if (!isVersionId(text)) throw new Error(`${text} is no version id`)
  return text
}

/** Sleeping is free and moves the time; requests take none. */
function dreamingClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = []
  let now = Date.UTC(2026, 10, 23, 14)
  return {
    slept,
    now: () => now,
    async sleep(seconds) {
      slept.push(seconds)
      now += seconds * 1000
      await Promise.resolve()
    },
  }
}

const override = { versionId: versionId(WANTED), via: { kind: 'override', scriptName: 'shop' } } as const
const plain = { versionId: versionId(WANTED), via: { kind: 'plain' } } as const

async function run(round: Partial<CheckRound> & Pick<CheckRound, 'baseUrl'>, signal = new AbortController().signal) {
  await using probe = openProbe('sleepwell/test')
  const clock = dreamingClock()
  const results = await runChecks(
    {
      ready: [],
      specs: [httpCheck()],
      subject: override,
      deadlineSeconds: 120,
      isPropagating: true,
      doesBaselineProve: true,
      proofsWanted: 3,
      settleSeconds: 10,
      concurrency: 4,
      isEachAloneFirst: false,
      ...round,
    },
    { probe, clock, signal },
  )
  return { results, slept: clock.slept }
}

/** The version that an edge would choose for this request. */
function chosenBy(request: IncomingMessage): string {
  const asked = /^shop="([0-9a-f-]{36})"$/.exec(String(request.headers['cloudflare-workers-version-overrides'] ?? ''))
  return asked?.[1] ?? ANOTHER
}

describe('a round of checks', () => {
  it('asks for the version by the override header and passes on its proof', async () => {
    const baseUrl = await serve((request, response) => response.writeHead(200, { 'x-version': chosenBy(request) }).end())
    const { results } = await run({ baseUrl })
    expect(results).toEqual([
      {
        name: 'health',
        target: `GET ${baseUrl.href}healthz`,
        outcome: { kind: 'passed', answeredBy: WANTED },
        attempts: 1,
        failedAttempts: 0,
        startedAt: '2026-11-23T14:00:01.000Z',
        durationMs: 0,
        answerMs: 0,
      },
    ])
  })

  it('sends no override when the version is meant to serve everybody', async () => {
    const baseUrl = await serve((request, response) => response.writeHead(200, { 'x-version': chosenBy(request) }).end())
    const { results } = await run({ baseUrl, subject: plain })
    expect(results[0]?.outcome).toMatchObject({ kind: 'unknown', reason: 'not-ready' })
    expect(results[0]?.attempts).toBe(0)
  })

  it('waits while old answers still come, without blaming the version for them', async () => {
    let requests = 0
    const baseUrl = await serve((request, response) => {
      requests += 1
      response.writeHead(requests < 12 ? 500 : 200, { 'x-version': requests < 12 ? ANOTHER : chosenBy(request) }).end()
    })
    const { results } = await run({ baseUrl })
    expect(results[0]).toMatchObject({ outcome: { kind: 'passed' }, failedAttempts: 0 })
    expect(requests).toBe(11 + 3 + 1)
  })

  it('gives a Worker that says it is starting its time', async () => {
    let requests = 0
    const baseUrl = await serve((_, response) => {
      requests += 1
      if (requests < 10) response.writeHead(503, { 'retry-after': '2', 'x-version': WANTED }).end()
      else response.writeHead(200, { 'x-version': WANTED }).end('ready')
    })
    const { results } = await run({ baseUrl })
    expect(results[0]).toMatchObject({ outcome: { kind: 'passed' }, attempts: 7, failedAttempts: 0 })
  })

  it('names the check that fails and no other', async () => {
    const baseUrl = await serve((request, response) => {
      const isBroken = request.url?.startsWith('/app/broken') === true
      response.writeHead(isBroken ? 500 : 200, { 'x-version': WANTED }).end(isBroken ? 'no KV' : '')
    })
    const specs = ['/a', '/broken', '/c'].map((path) => httpCheck({}, { name: path, path }))
    const { results } = await run({ baseUrl, specs, concurrency: 2 })
    expect(results.map(({ name, outcome }) => `${name} ${outcome.kind}`)).toEqual(['/a passed', '/broken failed', '/c passed'])
    expect(results[1]).toMatchObject({ outcome: { seen: 'status 500, body: no KV' }, attempts: 2, failedAttempts: 2 })
  })

  it('fails a version that crashes without proof when the baseline is known to give it', async () => {
    const baseUrl = await serve((_, response) => response.writeHead(500).end('error code: 1101'))
    const { results } = await run({ baseUrl })
    expect(results[0]?.outcome).toMatchObject({ kind: 'failed', isProven: false, seen: 'status 500, body: error code: 1101' })
  })

  it('tells a challenge page from a failure', async () => {
    const baseUrl = await serve((_, response) => response.writeHead(403, { 'cf-mitigated': 'challenge' }).end('<html>Just a moment'))
    const { results } = await run({ baseUrl })
    expect(results[0]?.outcome).toMatchObject({ kind: 'blocked', by: 'challenge' })
  })

  it('never asks the same address twice, so that no cache can answer', async () => {
    const queries: string[] = []
    const baseUrl = await serve((request, response) => {
      queries.push(String(request.url))
      response.writeHead(200, { 'x-version': WANTED }).end()
    })
    await run({ baseUrl, specs: [httpCheck({}, { path: '/find?q=a%20b' })] })
    expect(new Set(queries).size).toBe(queries.length)
    expect(queries.every((query) => /^\/app\/find\?q=a(%20|\+)b&sleepwell=[0-9a-f-]{36}$/.test(query))).toBe(true)
  })

  it('lets the split settle when no check can tell who answers', async () => {
    const baseUrl = await serve((_, response) => response.end())
    const specs = [httpCheck({}, { proof: { kind: 'none' } })]
    const { results, slept } = await run({ baseUrl, specs })
    expect(results[0]?.outcome).toEqual({ kind: 'unproven' })
    expect(slept).toEqual([10])
  })

  it('runs no more checks at once than it may', async () => {
    let open = 0
    let most = 0
    const baseUrl = await serve((_, response) => {
      open += 1
      most = Math.max(most, open)
      setTimeout(() => {
        open -= 1
        response.writeHead(200, { 'x-version': WANTED }).end()
      }, 20)
    })
    const specs = Array.from({ length: 9 }, (_, index) => httpCheck({}, { name: `check ${index}` }))
    const { results } = await run({ baseUrl, specs, concurrency: 3 })
    expect(results.map(({ name }) => name)).toEqual(specs.map(({ name }) => name))
    expect(most).toBe(3)
  })

  it('ends when it is told to, with every check accounted for as not finished', async () => {
    const stop = new AbortController()
    let requests = 0
    const baseUrl = await serve((_, response) => {
      requests += 1
      if (requests > 4) stop.abort()
      else response.writeHead(200, { 'x-version': WANTED }).end()
    })
    const specs = Array.from({ length: 5 }, (_, index) => httpCheck({}, { name: `check ${index}` }))
    const { results } = await run({ baseUrl, specs, concurrency: 1 }, stop.signal)
    expect(results.map(({ outcome }) => (outcome.kind === 'unknown' ? outcome.reason : outcome.kind))).toEqual([
      'passed', 'cut-off', 'cut-off', 'cut-off', 'cut-off',
    ])
  })

  it('turns an unreachable host into unknown results', async () => {
    const { results } = await run({ baseUrl: new URL('http://no-such-host.invalid/'), deadlineSeconds: 2 })
    expect(results[0]?.outcome).toMatchObject({ kind: 'unknown', reason: 'not-ready' })
  })
})

describe('the address of a check', () => {
  it.each([
    ['https://shop.example.com', '/healthz', 'https://shop.example.com/healthz'],
    ['https://shop.example.com/base/', '/a?b=c', 'https://shop.example.com/base/a?b=c'],
    ['https://shop.example.com', '//evil.example.com/', 'https://shop.example.com/evil.example.com/'],
    ['https://shop.example.com/x', '', 'https://shop.example.com/x/'],
    ['https://shop.example.com', '/a?b=c?d#e', 'https://shop.example.com/a?b=c?d'],
  ])('joins %s and %s', (base, path, joined) => {
    expect(urlBelow(new URL(base), path).href).toBe(joined)
  })
})
