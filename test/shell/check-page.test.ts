import { createHash } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { portOf } from '../../sandbox/world.ts'
import type { PageCheckSpec } from '../../src/core/checks/page.ts'
import { isVersionId } from '../../src/core/ids.ts'
import { attemptPage } from '../../src/shell/checks/page.ts'
import { assetsIn } from '../../src/shell/checks/page-assets.ts'
import { openProbe } from '../../src/shell/checks/probe.ts'
import { systemClock } from '../../src/shell/clock.ts'
import { ANOTHER, WANTED } from '../core/check-samples.ts'

const spec: PageCheckSpec = { kind: 'page', name: 'admin', path: '/admin', headers: {}, external: false, mostAssets: 50, proof: { kind: 'header', name: 'x-version' }, timeoutSeconds: 10, deadlineSeconds: 60 }

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

const SCRIPT = 'console.log(1)'
const integrity = `sha384-${createHash('sha384').update(SCRIPT).digest('base64')}`

interface Site {
  readonly html: string
  readonly files?: Readonly<Record<string, readonly [type: string, body: string, version?: string]>>
  readonly over?: Partial<PageCheckSpec>
}

async function look({ html, files = {}, over = {} }: Site) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    asked.push(`${path} ${String(request.headers['cloudflare-workers-version-overrides'] ?? '')}`.trim())
    answer(response, path === '/admin' ? ['text/html; charset=utf-8', html, WANTED] : files[path])
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  if (!isVersionId(WANTED)) throw new Error('no version id')
  await using probe = openProbe('sleepwell/test')
  const asking = { baseUrl: new URL(`http://127.0.0.1:${portOf(server)}`), subject: { versionId: WANTED, via: { kind: 'override', scriptName: 'shop' } }, limitMs: 5000, signal: new AbortController().signal } as const
  const seen = await attemptPage({ ...spec, ...over }, asking, { probe, clock: systemClock })
  return { ...seen, asked }
}

function answer(response: ServerResponse, file: readonly [type: string, body: string, version?: string] | undefined): void {
  const [type, body, version] = file ?? ['text/plain', 'not here']
  response.writeHead(file === undefined ? 404 : 200, { 'content-type': type, ...(version === undefined ? {} : { 'x-version': version }) }).end(body)
}

const passed = { kind: 'passed', answeredBy: WANTED }
const unproven = { kind: 'unproven', about: 'surroundings' }
const js = (version?: string): readonly [string, string, string?] => (version === undefined ? ['text/javascript', SCRIPT] : ['text/javascript', SCRIPT, version])

describe('a page', () => {
  it('passes with everything that it refers to, asked through the same door', async () => {
    const html = `<link rel=stylesheet href="a.css"><script src="/a.js" integrity="${integrity}"></script><img src="i.svg" srcset="i.svg 1x, /i2.svg 2x">`
    const files = { '/a.css': ['text/css', 'b{}'], '/a.js': js(WANTED), '/i.svg': ['image/svg+xml', '<svg/>'], '/i2.svg': ['image/svg+xml', '<svg/>'] } as const
    const seen = await look({ html, files })
    expect(seen.own).toEqual(passed)
    expect(seen.parts).toEqual([{ name: '/a.css', attempt: unproven }, { name: '/a.js', attempt: passed }, { name: '/i.svg', attempt: unproven }, { name: '/i2.svg', attempt: unproven }])
    expect(seen.asked.every((one) => one.endsWith(`shop="${WANTED}"`))).toBe(true)
  })

  it('names the script of another build that is not there', async () => {
    const seen = await look({ html: '<script src="/app.00000000.js"></script><script src="/ok.js"></script>', files: { '/ok.js': js() } })
    expect(seen.own).toEqual(passed)
    expect(seen.parts).toMatchObject([{ name: '/app.00000000.js', attempt: { kind: 'failed', expectation: 'status 200' } }, { name: '/ok.js', attempt: unproven }])
  })

  it('sees that HTML came for a script, as single-page applications give it', async () => {
    const seen = await look({ html: '<script src="/app.js"></script>', files: { '/app.js': ['text/html', '<!doctype html>'] } })
    expect(seen.parts).toMatchObject([{ attempt: { kind: 'failed', expectation: 'the type of a script', seen: 'text/html' } }])
  })

  it('sees that a script is not what the page says that it is', async () => {
    const seen = await look({ html: `<script src="/a.js" integrity="${integrity}"></script>`, files: { '/a.js': ['text/javascript', 'evil()'] } })
    expect(seen.parts).toMatchObject([{ attempt: { kind: 'failed', expectation: `the integrity ${integrity}` } }])
  })

  it('takes a script of another version for what it is', async () => {
    const seen = await look({ html: '<script src="/a.js"></script>', files: { '/a.js': js(ANOTHER) } })
    expect(seen.parts).toEqual([{ name: '/a.js', attempt: { kind: 'wrong-version', answeredBy: ANOTHER } }])
  })

  it('is no page when it is something else, or lacks its text', async () => {
    expect((await look({ html: 'x', over: { path: '/none' } })).own).toMatchObject({ kind: 'failed', expectation: 'status 200' })
    expect((await look({ html: '<h1>Hello</h1>', over: { text: 'Admin' } })).own).toMatchObject({ kind: 'failed', expectation: 'a page containing Admin' })
  })

  it('says that there is more to load than may be', async () => {
    const html = Array.from({ length: 5 }, (_, index) => `<img src="/${index}.png">`).join('')
    const seen = await look({ html, over: { mostAssets: 2 } })
    expect(seen.parts.at(-1)).toMatchObject({ name: 'assets', attempt: { kind: 'failed', expectation: 'at most 2 assets (mostAssets)', seen: '5' } })
    expect(seen.asked).toHaveLength(3)
  })
})

const loadedBy = (html: string) => assetsIn(html, new URL('https://shop.example.com/a/page')).map(({ kind, url }) => `${kind} ${url}`)

describe('what a page loads', () => {
  it('is resolved as a browser does, by the first base', () => {
    expect(loadedBy('<base href="/b/"><base href="/c/"><script src="x.js"></script><link rel="ICON stylesheet" href="../y.css#z">')).toEqual(['script https://shop.example.com/b/x.js', 'style https://shop.example.com/y.css'])
  })

  it('is each address once, and nothing that is in the page itself', () => {
    expect(loadedBy('<img src="a.png"><img src="./a.png"><img src="data:image/png;base64,AA=="><script>src="x.js"</script><a href="b.html">b</a><!-- <img src="c.png"> -->')).toEqual(['image https://shop.example.com/a/a.png'])
  })

  it('is what it preloads, too', () => {
    expect(loadedBy('<link rel=modulepreload href=m.js><link rel=preload as=style href=s.css><link rel=preload as=font href=f.woff2>')).toEqual(['script https://shop.example.com/a/m.js', 'style https://shop.example.com/a/s.css'])
  })

  it('is read from broken HTML without an end', () => {
    expect(loadedBy('<img src="a.png"><div <script src=b.js><<<>><img src=\'http://[bad\'>')).toContain('image https://shop.example.com/a/a.png')
    expect(loadedBy(`${'<div>'.repeat(20_000)}<img src="z.png">`)).toEqual(['image https://shop.example.com/a/z.png'])
  })
})
