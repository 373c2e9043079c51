import { createServer, type ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { portOf } from '../../sandbox/world.ts'
import type { HealthCheckSpec } from '../../src/core/checks/health.ts'
import { judgeChecks } from '../../src/core/checks/judge.ts'
import { isVersionId } from '../../src/core/ids.ts'
import type { Clock } from '../../src/shell/clock.ts'
import { openProbe } from '../../src/shell/checks/probe.ts'
import { runChecks } from '../../src/shell/checks/round.ts'
import { httpCheck, WANTED } from '../core/check-samples.ts'

// A Worker whose Durable Object takes minutes to start, in dreamt time: sleeping is free, and requests take none.

const START = Date.UTC(2026, 10, 23, 14)

function dreamingClock(): Clock {
  let now = START
  return {
    now: () => now,
    async sleep(seconds) {
      now += seconds * 1000
      await Promise.resolve()
    },
  }
}

type Answer = (response: ServerResponse, seconds: number) => void

const ready: HealthCheckSpec = {
  kind: 'health', name: 'boots', path: '/healthz', headers: {}, required: [], optional: [], objectVersions: [],
  proof: { kind: 'header', name: 'X-Version' }, timeoutSeconds: 10, deadlineSeconds: 180,
}

/** What a round comes to, and how long it took in dreamt seconds. */
async function run(answer: Answer) {
  const clock = dreamingClock()
  const asked = { ready: 0, others: 0 }
  const server = createServer((request, response) => {
    response.setHeader('x-version', WANTED)
    if (request.url?.startsWith('/healthz') === true) {
      asked.ready += 1
      answer(response, (clock.now() - START) / 1000)
    } else {
      asked.others += 1
      response.end('hello')
    }
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  if (!isVersionId(WANTED)) throw new Error('no version id')
  await using probe = openProbe('sleepwell/test')
  const results = await runChecks(
    {
      ready: [ready], specs: [httpCheck({}, { path: '/', name: 'home' })], subject: { versionId: WANTED, via: { kind: 'plain' } },
      baseUrl: new URL(`http://127.0.0.1:${portOf(server)}`), deadlineSeconds: 240, isPropagating: true, doesBaselineProve: true,
      proofsWanted: 3, settleSeconds: 10, concurrency: 10, isEachAloneFirst: false,
    },
    { probe, clock, signal: new AbortController().signal },
  )
  server.closeAllConnections()
  server.close()
  return { ...judgeChecks(results, [], { judged: 'candidate', preExisting: 'warn' }), results, asked, tookSeconds: (clock.now() - START) / 1000 }
}

const says = (response: ServerResponse, status: number, document: object, headers: Record<string, string> = {}) =>
  response.writeHead(status, { 'content-type': 'application/health+json', ...headers }).end(JSON.stringify(document))

const STARTING: readonly (readonly [string, Answer])[] = [
  ['503 with Retry-After', (response) => says(response, 503, { status: 'fail' }, { 'retry-after': '5' })],
  ['a document that says so', (response) => says(response, 503, { status: 'starting' })],
  ['a component that says so', (response) => says(response, 503, { status: 'fail', checks: { 'room:ready': [{ status: 'starting' }] } })],
]

describe.each(STARTING)('a Durable Object that is starting, told by %s', (_how, starting) => {
  it('is waited for, and no check begins before it is ready', async () => {
    const seen = await run((response, seconds) => (seconds < 90 ? starting(response, seconds) : says(response, 200, { status: 'pass', checks: { 'room:ready': [{ status: 'pass' }] } })))
    expect(seen.verdict).toBe('healthy')
    expect(seen.checks.map(({ standing }) => standing)).not.toContain('flaky')
    expect(seen.asked.others).toBe(1)
    expect(seen.tookSeconds).toBeGreaterThanOrEqual(90)
    expect(seen.tookSeconds).toBeLessThan(100)
  })

  it('has failed when it never is, by the deadline', async () => {
    const seen = await run(starting)
    expect(seen.verdict).toBe('regressed')
    expect(seen.results.some(({ outcome }) => outcome.kind === 'failed' && outcome.expectation === 'to be ready by the deadline')).toBe(true)
    expect(seen.asked.others).toBe(0)
    expect(seen.tookSeconds).toBeLessThanOrEqual(185)
  })
})

it('a definite failure is not waited for', async () => {
  const seen = await run((response) => says(response, 500, { status: 'fail', output: 'migration 7 is missing' }))
  expect(seen.verdict).toBe('regressed')
  expect(seen.tookSeconds).toBeLessThan(10)
})
