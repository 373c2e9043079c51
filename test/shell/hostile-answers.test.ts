import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import MarkdownIt from 'markdown-it'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { createMasks } from '../../sandbox/runner/masks.ts'
import { createCommandReader } from '../../sandbox/runner/workflow-commands.ts'
import { portOf } from '../../sandbox/world.ts'
import { judgeChecks } from '../../src/core/checks/judge.ts'
import type { PageCheckSpec } from '../../src/core/checks/page.ts'
import type { CheckSpec } from '../../src/core/checks/spec.ts'
import { isVersionId } from '../../src/core/ids.ts'
import { describeAlone, renderAlone } from '../../src/core/report/alone.ts'
import { renderAnnotations } from '../../src/core/report/annotations.ts'
import { openProbe } from '../../src/shell/checks/probe.ts'
import { runChecks } from '../../src/shell/checks/round.ts'
import { httpCheck, WANTED } from '../core/check-samples.ts'

// Answers that mean harm: each ends in a clear result, and what they say stays text.

const MEGABYTE = 1_048_576
const folder = mkdtempSync(join(tmpdir(), 'sleepwell-hostile-'))
afterAll(() => rmSync(folder, { recursive: true }))

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** Pauses between attempts are dreamt; the attempts themselves are real. */
function dreamingClock() {
  let now = Date.UTC(2026, 10, 23, 14)
  return {
    now: () => now,
    async sleep(seconds: number) {
      now += seconds * 1000
      await Promise.resolve()
    },
  }
}

const SHORT = { timeoutSeconds: 0.4, deadlineSeconds: 30 }
const wantsJson = httpCheck({ json: [{ path: 'status', equals: 'pass' }] }, { path: '/', deadlineSeconds: 30 })
const page: PageCheckSpec = { kind: 'page', name: 'page', path: '/', headers: {}, external: false, mostAssets: 50, proof: { kind: 'header', name: 'x-version' }, timeoutSeconds: 10, deadlineSeconds: 30 }

async function run(answer: RequestListener, spec: CheckSpec = wantsJson) {
  let sentBytes = 0
  let answers = 0
  const server = createServer((request, response) => {
    response.setHeader('x-version', WANTED)
    answers += 1
    answer(request, response)
  })
  server.on('connection', (socket) => socket.once('close', () => (sentBytes += socket.bytesWritten)))
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
    ready: [], specs: [spec], subject: { versionId: WANTED, via: { kind: 'plain' } }, baseUrl: new URL(`http://127.0.0.1:${portOf(server)}`),
    deadlineSeconds: 60, isPropagating: false, doesBaselineProve: true, proofsWanted: 1, settleSeconds: 1, concurrency: 4, isEachAloneFirst: false,
  } as const
  const before = process.memoryUsage().rss
  const results = await runChecks(round, { probe, clock: dreamingClock(), signal: new AbortController().signal })
  const grownBytes = process.memoryUsage().rss - before
  const judgement = judgeChecks(results, [], { judged: 'alone', preExisting: 'warn' })
  const report = { ...judgement, url: round.baseUrl.href, startedAt: '2026-11-23T14:00:00.000Z', endedAt: '2026-11-23T14:00:01.000Z' }
  return { results, report, grownBytes, sent: () => sentBytes, answers: () => answers }
}

const endless: RequestListener = (_, response) => {
  const more = () => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
    if (!response.destroyed) response.once('drain', more)
  }
  more()
}
const bomb = gzipSync(Buffer.alloc(100 * MEGABYTE))
const bombing: RequestListener = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/html' }).end(bomb)
const dripping: RequestListener = (_, response) => {
  const drip = setInterval(() => response.write('x'), 50)
  response.writeHead(200, { 'content-type': 'text/html' }).on('close', () => clearInterval(drip))
}
const saying = (body: string, type = 'text/html'): RequestListener => (_, response) => response.writeHead(200, { 'content-type': type }).end(body)
const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`

type Row = readonly [what: string, answer: RequestListener, expectation: string, spec?: CheckSpec]

const HOSTILE: readonly Row[] = [
  ['an endless body', endless, 'a JSON body'],
  ['a gzip bomb', bombing, 'a JSON body'],
  ['a redirect to itself', (_, response) => response.writeHead(302, { location: '/' }).end(), 'status 200'],
  ['a redirect to itself, followed', (_, response) => response.writeHead(302, { location: '/' }).end(), 'an end of the redirects', { ...wantsJson, redirects: 'follow' }],
  ['bytes that are no UTF-8', (_, response) => response.end(Buffer.from([0xff, 0xfe, 0x80, 0x00, 0xc3])), 'a JSON body'],
  ['a slow drip', dripping, 'an answer within 0.4 s', { ...wantsJson, ...SHORT }],
  ['a flood of headers', (_, response) => response.writeHead(200, Object.fromEntries(Array.from({ length: 900 }, (__, index) => [`x-flood-${index}`, 'y'.repeat(200)]))).end(), 'a well-formed HTTP answer'],
  ['HTML where JSON was expected', saying('<!doctype html><title>Sign in</title>'), 'a JSON body'],
  ['JSON without an end', saying('['.repeat(60_000)), 'a JSON body'],
  ['JSON that nests deeper than the stack', saying(`{"status":${deep}}`), 'status equal to "pass"'],
  ['JSON that names a prototype', saying('{"__proto__":{"status":"pass"},"constructor":{}}'), 'status present'],
  ['nothing at all', () => undefined, 'an answer within 0.4 s', { ...wantsJson, ...SHORT }],
  ['text on which a careless pattern would hang', saying('a'.repeat(60_000)), 'body matching /(a|a)*b$/', httpCheck({ matches: '(a|a)*b$' }, { path: '/' })],
  ['text on which a careful one takes long', saying('x'.repeat(MEGABYTE)), 'body matching /x[^]{400}y/', httpCheck({ matches: 'x[^]{400}y' }, { path: '/', maxBodyBytes: MEGABYTE, timeoutSeconds: 60, deadlineSeconds: 60 })],
  ['a page without an end', (request, response) => endless(request, response.setHeader('content-type', 'text/html')), 'a page of at most 1048576 bytes', page],
  ['a bomb of a page', bombing, 'a page of at most 1048576 bytes', page],
  ['a page that drips', dripping, 'an answer within 0.4 s', { ...page, ...SHORT }],
  ['a page of sixty thousand images', saying(Array.from({ length: 60_000 }, (_, index) => `<img src=${index.toString(36)}>`).join('')), 'at most 50 assets (mostAssets)', page],
  ['a script without an end', (request, response) => (request.url?.startsWith('/?') === true ? saying('<script src=a.js integrity=sha256-AA==>')(request, response) : endless(request, response.setHeader('content-type', 'text/javascript'))), 'the integrity sha256-AA==', page],
]

describe('a check that is answered by', () => {
  it.each(HOSTILE.map(([what, answer, expectation, spec = wantsJson]) => ({ what, answer, expectation, spec })))('$what comes to a clear result in bounded memory', async ({ answer, expectation, spec }) => {
    const { results, report, grownBytes } = await run(answer, spec)
    expect(report.verdict).not.toBe('healthy')
    const failures = results.flatMap(({ outcome }) => (outcome.kind === 'failed' ? [outcome.expectation] : []))
    expect(failures).toContain(expectation)
    expect(Math.max(...results.map(({ outcome }) => JSON.stringify(outcome).length))).toBeLessThan(2000)
    expect(results.length).toBeLessThan(60)
    expect(grownBytes).toBeLessThan(150 * MEGABYTE)
  })

  it('a connection that is cut is unknown, and never a pass', async () => {
    const { results } = await run((request) => request.socket.destroy())
    expect(results).toMatchObject([{ outcome: { kind: 'unknown', reason: 'not-ready' } }])
  })

  it('an endless body hangs up soon after what it reads of it', async () => {
    const { sent, answers } = await run(endless)
    await expect.poll(sent).toBeGreaterThan(0)
    // What stands in the buffers of both ends is sent as well.
    expect(sent()).toBeLessThan(8 * MEGABYTE * answers())
  })

  it('a WebSocket that never closes drops it', async () => {
    const spec: CheckSpec = { kind: 'websocket', name: 'socket', path: '/ws', headers: {}, protocols: [], send: undefined, expect: undefined, closes: true, proof: { kind: 'header', name: 'x-version' }, timeoutSeconds: 1, deadlineSeconds: 30 }
    const { results } = await run((_, response) => response.end(), spec)
    expect(results[0]?.outcome).toMatchObject({ kind: 'failed', expectation: 'our close frame to be answered' })
  })
})

const markdown = new MarkdownIt({ html: true, linkify: true })
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: true })
type Token = ReturnType<typeof markdown.parse>[number]
const flatten = (tokens: readonly Token[]): Token[] => tokens.flatMap((token) => [token, ...flatten(token.children ?? [])])

/** The runner port in a process of its own, with its log and its summary as the runner reads them. */
function publish(report: Parameters<typeof renderAlone>[0]) {
  const annotations = renderAnnotations({ rounds: [{ title: 'Check', checks: report.checks }] })
  const summary = join(folder, 'summary.md')
  writeFileSync(summary, '')
  const source = fileURLToPath(new URL('../../src/shell/runner.ts', import.meta.url))
  const seen = report.checks.map(({ now }) => JSON.stringify(now.outcome)).join('\n')
  const program = `import { connectRunner } from ${JSON.stringify(source)}
const { annotations, markdown, lines } = JSON.parse(process.argv[1])
const runner = connectRunner((text) => text)
for (const line of lines) runner.log(line)
for (const annotation of annotations) runner.annotate(annotation)
runner.writeSummary(markdown)`
  const lines = [describeAlone(report), ...report.checks.flatMap(({ now: { outcome } }) => (outcome.kind === 'failed' ? [outcome.seen] : [])), seen]
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program, JSON.stringify({ annotations, markdown: renderAlone(report), lines })], { encoding: 'utf8', env: { GITHUB_STEP_SUMMARY: summary } })
  if (stderr !== '') throw new Error(stderr)
  return { annotations, log: stdout.split(/\r\n|\r|\n/).filter((line) => line !== ''), summary: readFileSync(summary, 'utf8') }
}

/** What a runner makes of a log. */
function obey(log: readonly string[]) {
  const written: string[] = []
  let hasRefused = false
  const reader = createCommandReader({ masks: createMasks(true), write: (line) => written.push(line), fail: () => { hasRefused = true } })
  for (const line of log) reader.read(line)
  const annotations = reader.annotations.map(({ level, message, properties }) => ({ level, title: properties['title'], message }))
  // The older form of commands is read in lines that are none of the newer form.
  const old = log.filter((line) => !line.startsWith('::') && line.includes('##['))
  return { annotations, old, hasRefused, isWhole: written.length === log.length }
}

const EVIL = '::error::pwned\r\n::stop-commands::x\n  ::set-env name=PATH::/evil\n##[set-env]X=1\n```\n# Heading\n<script>alert(1)</script> @everyone [x](javascript:alert(1)) ![x](https://evil.example/x.png) | cell | <!-- sleepwell -->\n\n- item'

describe('what an answer says', () => {
  it.each([
    ['in its body', (_: unknown, response: Parameters<RequestListener>[1]) => response.writeHead(500).end(EVIL), wantsJson],
    ['in a header', (_: unknown, response: Parameters<RequestListener>[1]) => response.writeHead(200, { 'content-type': EVIL.replaceAll(/\s/g, ' ') }).end('{}'), page],
    ['in JSON', saying(JSON.stringify({ status: EVIL })), wantsJson],
    ['against a JSON Schema', saying(JSON.stringify({ [EVIL]: EVIL })), httpCheck({ jsonSchema: { additionalProperties: { type: 'number' } } }, { path: '/' })],
    ['in the address of a redirect', (_: unknown, response: Parameters<RequestListener>[1]) => response.writeHead(302, { location: `/?${EVIL.replaceAll(/\s/g, ' ')}` }).end(), { ...wantsJson, redirects: 'follow' }],
    ['in the names of what a page loads', saying(`<img src='/::error::pwned'><img src="/##[set-env]X=1?\`\`\`@everyone|<b>&#10;::error::pwned"><img src="/x](https://evil.example/)"><img src="/a/../<!--sleepwell-->">`), page],
  ] as const)('%s is no command, no Markdown and no HTML', async (_where, answer, spec) => {
    const { report } = await run(answer, spec)
    expect(report.verdict).toBe('regressed')
    const { annotations, log, summary } = publish(report)
    expect(annotations.length).toBeGreaterThan(0)
    expect(obey(log)).toEqual({ annotations, old: [], hasRefused: false, isWhole: true })
    const tokens = flatten(markdown.parse(summary, {}))
    expect(tokens.filter(({ type }) => /html|link|image|list|blockquote|hr/.test(type))).toEqual([])
    expect(tokens.filter(({ type }) => type === 'heading_open').map(({ tag }) => tag)).toEqual(['h2', 'h4'])
    expect(tokens.filter(({ type }) => type === 'text').map(({ content }) => content).join(' ')).not.toMatch(/@everyone|pwned|evil/)
    expect(summary).not.toContain('<!--')
  })

  it('is cut, so that no report is flooded', async () => {
    const { report } = await run((_, response) => response.writeHead(500).end('x'.repeat(60_000)))
    expect(renderAlone(report).length).toBeLessThan(5000)
  })
})
