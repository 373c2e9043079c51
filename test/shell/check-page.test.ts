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
  readonly limitMs?: number
}

async function look({ html, files = {}, over = {}, limitMs = 5000 }: Site) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    asked.push(`${path} ${String(request.headers['cloudflare-workers-version-overrides'] ?? '')}`.trim())
    const file = files[path]
    if (file?.[0] === 'slow') return undefined
    if (file?.[0] === 'redirect') return response.writeHead(302, { location: file[1] }).end()
    return answer(response, path === '/admin' ? ['text/html; charset=utf-8', html, WANTED] : file)
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  if (!isVersionId(WANTED)) throw new Error('no version id')
  await using probe = openProbe('sleepwell/test')
  const asking = { baseUrl: new URL(`http://127.0.0.1:${portOf(server)}`), subject: { versionId: WANTED, via: { kind: 'override', scriptName: 'shop' } }, limitMs, signal: new AbortController().signal } as const
  const seen = await attemptPage({ ...spec, ...over }, asking, { probe, clock: systemClock })
  return { ...seen, asked }
}

function answer(response: ServerResponse, file: readonly [type: string, body: string, version?: string] | undefined): void {
  const [type, body, version] = file ?? ['text/plain', 'not here']
  const said = version === 'cache' ? { 'cf-cache-status': 'HIT' } : { 'x-version': version ?? '' }
  response.writeHead(file === undefined ? 404 : 200, { 'content-type': type, ...said }).end(body)
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

  it('tells apart what differs by its query alone', async () => {
    const html = `<img src="/image?w=1"><img src="/image?w=2"><img src="/${'x'.repeat(200)}1.png"><img src="/${'x'.repeat(200)}2.png">`
    const { parts } = await look({ html, files: { '/image': ['image/png', 'x'] } })
    const cut = `/${'x'.repeat(119)}`
    expect(parts.map(({ name }) => name)).toEqual(['/image?w=1', '/image?w=2', cut, `${cut} (2)`])
  })

  it('calls the same asset of two builds the same, and says which one was missing', async () => {
    const names = async (hash: string) => (await look({ html: ['/app.', '/assets/index-', '/_next/static/', '/img/product1234.'].map((path) => `<script src="${path}${hash}.js"></script>`).join('') })).parts.map(({ name }) => name)
    expect(await names('5b1f0c2e')).toEqual(['/app.*.js', '/assets/index-*.js', '/_next/static/*.js', '/img/product1234.*.js'])
    expect(await names('B4q2fX9z')).toEqual(await names('00a1b2c3d4e5f6'))
    const { parts } = await look({ html: '<script src="/app.5b1f0c2e.js"></script>' })
    expect(parts).toMatchObject([{ attempt: { seen: expect.stringMatching(/^status 404, body: not here, at http:.*\/app\.5b1f0c2e\.js$/) } }])
  })

  it('follows an asset where it went, and not for ever', async () => {
    const html = '<script src="/old.js"></script><script src="/round.js"></script>'
    const seen = await look({ html, files: { '/old.js': ['redirect', '/new.js'], '/new.js': js(WANTED), '/round.js': ['redirect', '/round.js'] } })
    expect(seen.parts).toMatchObject([{ name: '/old.js', attempt: passed }, { name: '/round.js', attempt: { kind: 'failed', expectation: 'an end of the redirects' } }])
    expect(seen.asked.filter((one) => one.startsWith('/round.js'))).toHaveLength(6)
  })

  it('asks another host only if it is to, without secrets and as the page has it, and takes no proof from it', async () => {
    const heard: unknown[] = []
    const cdn = createServer((request, response) => {
      heard.push(request.url, request.headers['authorization'], request.headers['cloudflare-workers-version-overrides'])
      response.writeHead(200, { 'content-type': 'text/javascript', 'x-version': ANOTHER }).end(SCRIPT)
    })
    await new Promise<void>((resolve) => { cdn.listen(0, '127.0.0.1', resolve) })
    closers.push(() => cdn.close())
    const html = `<script src="http://127.0.0.1:${portOf(cdn)}/lib.js?v=1" integrity="${integrity}"></script>`
    const headers = { authorization: 'Bearer secret' }
    expect((await look({ html, over: { headers } })).parts).toEqual([])
    expect(heard).toEqual([])
    expect((await look({ html, over: { headers, external: true } })).parts).toEqual([{ name: `http://127.0.0.1:${portOf(cdn)}/lib.js?v=1`, attempt: unproven }])
    expect(heard).toEqual(['/lib.js?v=1', undefined, undefined])
  })

  it('takes the strongest integrity that it knows, in either alphabet', async () => {
    const weak = `sha256-${'A'.repeat(43)}=`
    const files = { '/a.js': js() }
    const judged = async (value: string) => (await look({ html: `<script src="/a.js" integrity="${value}"></script>`, files })).parts[0]?.attempt.kind
    expect(await judged(`${weak} ${integrity}`)).toBe('unproven')
    expect(await judged(`md5-x ${integrity.replaceAll('+', '-').replaceAll('/', '_').replace('sha', 'SHA')}?opt`)).toBe('unproven')
    expect(await judged('md5-x')).toBe('unproven')
    expect(await judged(weak)).toBe('failed')
    expect(await judged(`${integrity} sha512-${'A'.repeat(86)}==`)).toBe('failed')
  })

  it('reads a large script whole for its integrity, and keeps but its start', async () => {
    const large = `//${'x'.repeat(3_000_000)}`
    const digest = `sha512-${createHash('sha512').update(large).digest('base64')}`
    const html = `<script src="/large.js" integrity="${digest}"></script>`
    expect((await look({ html, files: { '/large.js': ['text/javascript', large] } })).parts).toMatchObject([{ attempt: unproven }])
    const cut = await look({ html, files: { '/large.js': ['text/javascript', `${large}${'y'.repeat(6_000_000)}`] } })
    expect(cut.parts).toMatchObject([{ attempt: { kind: 'failed', seen: 'a body too large to be read whole' } }])
    const start = createHash('sha512').update('z'.repeat(8_388_608)).digest('base64')
    const lying = await look({ html: `<script src="/large.js" integrity="sha512-${start}"></script>`, files: { '/large.js': ['text/javascript', `${'z'.repeat(8_388_608)}evil()`] } })
    expect(lying.parts).toMatchObject([{ attempt: { kind: 'failed', seen: 'a body too large to be read whole' } }])
  })

  it('reads no more than 64 MiB of all that it loads', async () => {
    const large = 'x'.repeat(8_388_608)
    const images = Array.from({ length: 15 }, (_, index) => `<img src="/large.png?${index}">`).join('')
    const files = { '/large.png': ['image/png', large], '/a.js': js() } as const
    const { parts } = await look({ html: `${images}<script src="/a.js" integrity="${integrity}"></script>`, files, limitMs: 30_000 })
    expect(parts.at(-1)).toMatchObject({ name: '/a.js', attempt: { kind: 'failed', seen: 'a body too large to be read whole' } })
  })

  it('takes an asset from a cache, right or wrong', async () => {
    const html = '<script src="/a.js"></script><script src="/b.js"></script>'
    const { parts } = await look({ html, files: { '/a.js': ['text/javascript', SCRIPT, 'cache'], '/b.js': ['text/html', '<p>', 'cache'] } })
    expect(parts).toMatchObject([{ attempt: unproven }, { attempt: { kind: 'failed', expectation: 'the type of a script', isProven: false } }])
  })

  it('sees that an asset is empty', async () => {
    expect((await look({ html: '<script src="/a.js"></script>', files: { '/a.js': ['text/javascript', ''] } })).parts).toMatchObject([{ attempt: { kind: 'failed', expectation: 'a body' } }])
  })

  it('that is too long to be read whole fails, since what follows may be missing', async () => {
    expect((await look({ html: ' '.repeat(1_100_000) })).own).toMatchObject({ kind: 'failed', expectation: 'a page of at most 1048576 bytes' })
  })

  it('says that an asset did not come in time, and no more than the attempt had', async () => {
    const seen = await look({ html: '<script src="/slow.js"></script>', files: { '/slow.js': ['slow', ''] }, over: { timeoutSeconds: 0.3 }, limitMs: 300 })
    expect(seen.parts).toMatchObject([{ name: '/slow.js', attempt: { kind: 'failed', expectation: 'an answer within 0.3 s' } }])
  })

  it('says that there is more to load than may be', async () => {
    const html = Array.from({ length: 5 }, (_, index) => `<img src="/${index}.png">`).join('')
    const seen = await look({ html, over: { mostAssets: 2 } })
    expect(seen.parts.at(-1)).toMatchObject({ name: 'assets', attempt: { kind: 'failed', expectation: 'at most 2 assets (mostAssets)', seen: '5' } })
    expect(seen.asked).toHaveLength(3)
  })
})

const loadedBy = (html: string) => assetsIn(html, new URL('https://shop.example.com/a/page')).map(({ kind, url }) => `${kind} ${url}`)
const imagesFrom = (srcset: string) => loadedBy(`<img srcset="${srcset}">`).map((one) => one.replace('image https://shop.example.com/a/', ''))

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

  it('is what a srcset names, with or without blanks', () => {
    expect(imagesFrom('a.png 1x,b.png 2x')).toEqual(['a.png', 'b.png'])
    expect(imagesFrom(' , a,b.png, c.png 100w , d.png')).toEqual(['a,b.png', 'c.png', 'd.png'])
    expect(imagesFrom('data:image/gif;base64,AA== 1x, e.png 2x')).toEqual(['e.png'])
  })

  it('is no block of data, and what a preload knew too little of', () => {
    expect(loadedBy('<script type="application/json" src="d.json"></script><script type="text/template" src=t></script><script type=module src=m.js></script>')).toEqual(['script https://shop.example.com/a/m.js'])
    expect(assetsIn('<link rel=preload as=script href=/a.js><script src=/a.js integrity=sha384-x></script><script src=/a.js></script>', new URL('https://shop.example.com'))).toEqual([{ kind: 'script', url: 'https://shop.example.com/a.js', integrity: 'sha384-x' }])
    expect(loadedBy('<link rel=preload as=image imagesrcset="s.png 1x, l.png 2x">')).toEqual(['image https://shop.example.com/a/s.png', 'image https://shop.example.com/a/l.png'])
    expect(loadedBy('<link rel=preload as=constructor href=x.js>')).toEqual([])
  })

  it('has no base that is no place', () => {
    expect(loadedBy('<base href="javascript:alert(1)"><base href="/b/"><img src=x.png>')).toEqual(['image https://shop.example.com/a/x.png'])
  })

  it('is read in time that grows with its length alone', () => {
    const long = 1_000_000
    const floods = [`<img srcset="${', '.repeat(long / 2)}">`, `<img srcset="a${','.repeat(long)}x">`, `<img srcset="a${' '.repeat(long)}x">`, `<script type="${' '.repeat(long)}x" src=a>`, `<link rel="${' '.repeat(long)}" href=a>`, `<img ${'a '.repeat(long / 2)}>`, `<script src=a integrity="sha256-${'A'.repeat(long)}!">`, '<'.repeat(long), `<!--${'-'.repeat(long)}`]
    for (const html of floods) expect(loadedBy(html).length).toBeLessThan(3)
  })

  it('is read from broken HTML without an end', () => {
    expect(loadedBy('<img src="a.png"><div <script src=b.js><<<>><img src=\'http://[bad\'>')).toContain('image https://shop.example.com/a/a.png')
    expect(loadedBy(`${'<div>'.repeat(20_000)}<img src="z.png">`)).toEqual(['image https://shop.example.com/a/z.png'])
  })
})
