import { createServer, type RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { portOf } from '../../sandbox/world.ts'
import { judgeChecks } from '../../src/core/checks/judge.ts'
import type { CheckSpec } from '../../src/core/checks/spec.ts'
import { isVersionId } from '../../src/core/ids.ts'
import { renderAlone } from '../../src/core/report/alone.ts'
import { renderAnnotations } from '../../src/core/report/annotations.ts'
import { systemClock } from '../../src/shell/clock.ts'
import { openProbe } from '../../src/shell/checks/probe.ts'
import { runChecks } from '../../src/shell/checks/round.ts'
import { httpCheck, WANTED } from '../core/check-samples.ts'

// Answers that mean harm: each ends in a clear result, and what they say stays text.

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

const LIMIT = { timeoutSeconds: 1, deadlineSeconds: 2 }

async function run(answer: RequestListener, specs: readonly CheckSpec[] = [httpCheck({ json: [{ path: 'status', equals: 'pass' }] }, { ...LIMIT, path: '/' })]) {
  let sentBytes = 0
  const server = createServer((request, response) => {
    response.setHeader('x-version', WANTED)
    request.socket.on('close', () => (sentBytes += request.socket.bytesWritten))
    answer(request, response)
  })
  const sockets = new WebSocketServer({ server, path: '/ws' })
  sockets.on('headers', (headers) => headers.push(`x-version: ${WANTED}`))
  // A peer that hears the close frame and never answers it.
  sockets.on('connection', (socket) => socket.on('message', () => socket.send('pong')).pause())
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  closers.push(() => {
    for (const socket of sockets.clients) socket.terminate()
    server.closeAllConnections()
    server.close()
  })
  if (!isVersionId(WANTED)) throw new Error('no version id')
  await using probe = openProbe('sleepwell/test')
  const round = {
    ready: [], specs, subject: { versionId: WANTED, via: { kind: 'plain' } }, baseUrl: new URL(`http://127.0.0.1:${portOf(server)}`),
    deadlineSeconds: 15, isPropagating: false, doesBaselineProve: true, proofsWanted: 1, settleSeconds: 1, concurrency: 4, isEachAloneFirst: false,
  } as const
  const before = process.memoryUsage().rss
  const results = await runChecks(round, { probe, clock: systemClock, signal: new AbortController().signal })
  const grownBytes = process.memoryUsage().rss - before
  const judgement = judgeChecks(results, [], { judged: 'alone', preExisting: 'warn' })
  const markdown = renderAlone({ ...judgement, url: round.baseUrl.href, startedAt: '2026-11-23T14:00:00.000Z', endedAt: '2026-11-23T14:00:01.000Z' })
  const annotations = renderAnnotations({ rounds: [{ title: 'Check', checks: judgement.checks }] })
  return { results, verdict: judgement.verdict, markdown, annotations, grownBytes, sent: () => sentBytes }
}

const MEGABYTE = 1_048_576
const endless: RequestListener = (_, response) => {
  const more = () => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
    if (!response.destroyed) response.once('drain', more)
  }
  more()
}
const bomb = gzipSync(Buffer.alloc(200 * MEGABYTE))

const HOSTILE: readonly (readonly [string, RequestListener])[] = [
  ['an endless body', endless],
  ['a gzip bomb', (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)],
  ['a redirect to itself', (_, response) => response.writeHead(302, { location: '/' }).end()],
  ['bytes that are no UTF-8', (_, response) => response.end(Buffer.from([0xff, 0xfe, 0x80, 0x00, 0xc3]))],
  ['a slow drip', (_, response) => void setInterval(() => response.write('x'), 100).unref()],
  ['a flood of headers', (_, response) => response.writeHead(200, Object.fromEntries(Array.from({ length: 900 }, (__, index) => [`x-flood-${index}`, 'y'.repeat(200)]))).end()],
  ['HTML where JSON was expected', (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title>')],
  ['JSON so deep that parsers fall', (_, response) => response.end('['.repeat(60_000))],
  ['a connection that is cut', (request) => request.socket.destroy()],
  ['nothing at all', () => undefined],
]

describe('a check that is answered by', () => {
  it.each(HOSTILE)('%s comes to a clear result in bounded memory', async (_what, answer) => {
    const { results, verdict, grownBytes } = await run(answer)
    expect(verdict).not.toBe('healthy')
    const [{ outcome } = { outcome: undefined }] = results
    expect(['failed', 'unknown']).toContain(outcome?.kind)
    expect(JSON.stringify(outcome).length).toBeLessThan(2000)
    expect(grownBytes).toBeLessThan(150 * MEGABYTE)
  })

  it('an endless body hangs up soon after what it reads of it', async () => {
    const { sent } = await run(endless)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(sent()).toBeGreaterThan(0)
    expect(sent()).toBeLessThan(16 * MEGABYTE)
  })

  it('a redirect to itself follows it five times, if it is to', async () => {
    const { results } = await run((_, response) => response.writeHead(302, { location: '/' }).end(), [httpCheck({}, { ...LIMIT, path: '/', redirects: 'follow' })])
    expect(results[0]?.outcome).toMatchObject({ kind: 'failed', expectation: 'an end of the redirects' })
  })

  it('a WebSocket that never closes drops it', async () => {
    const spec: CheckSpec = { kind: 'websocket', name: 'socket', path: '/ws', headers: {}, protocols: [], send: undefined, expect: undefined, closes: true, proof: { kind: 'header', name: 'x-version' }, timeoutSeconds: 3, deadlineSeconds: 30 }
    const { results } = await run((_, response) => response.end(), [spec])
    expect(results[0]?.outcome).toMatchObject({ kind: 'failed', expectation: 'our close frame to be answered' })
  })

  it('text on which a careless pattern would hang is matched at once', async () => {
    const { results } = await run((_, response) => response.end('a'.repeat(60_000)), [httpCheck({ matches: '(a|a)*b$' }, { ...LIMIT, path: '/' })])
    expect(results[0]?.outcome).toMatchObject({ kind: 'failed', expectation: 'body matching /(a|a)*b$/' })
  })
})

describe('what an answer says', () => {
  const evil = '::error::pwned\n##[set-env]X=1\n```\n# Heading\n<script>alert(1)</script> @everyone [x](javascript:alert(1)) | cell | <!-- sleepwell -->'

  it('is no command, no Markdown and no HTML, in the summary and in the annotations', async () => {
    const { markdown, annotations } = await run((_, response) => response.writeHead(500).end(evil))
    const outside = markdown.replaceAll(/^(`{3,})text\n[^]*?\n\1$/gm, '').replaceAll(/`+[^`]+`+/g, '')
    expect(markdown).toContain('alert(1)')
    for (const part of ['<script', '@everyone', '](javascript', '# Heading', '<!-- sleepwell', '::error']) expect(outside).not.toContain(part)
    for (const { title, message } of annotations) expect(`${title}${message}`).not.toMatch(/[\r\n]/)
  })

  it('is cut, so that no report is flooded', async () => {
    const { markdown } = await run((_, response) => response.writeHead(500).end('x'.repeat(60_000)))
    expect(markdown.length).toBeLessThan(5000)
  })
})
