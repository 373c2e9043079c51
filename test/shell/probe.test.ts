import { createHash } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { openProbe, type ProbeRequest } from '../../src/shell/checks/probe.ts'

const servers: { close(): void; closeAllConnections?(): void }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections?.()
    server.close()
  }
})

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<URL> {
  servers.push(server)
  const address = await new Promise<AddressInfo | string | null>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server.address()))
  })
  if (address === null || typeof address === 'string') throw new Error('no port')
  return new URL(`http://127.0.0.1:${address.port}/`)
}

function serve(respond: RequestListener): Promise<URL> {
  return listen(createServer(respond))
}

/** Answers every connection with these bytes, whatever was asked. */
function serveBytes(bytes: string): Promise<URL> {
  return listen(createTcpServer((socket) => socket.on('error', () => undefined).on('data', () => socket.end(bytes))))
}

async function ask(url: URL, over: Partial<ProbeRequest> = {}, signal = new AbortController().signal) {
  await using probe = openProbe('sleepwell/test')
  return await probe.send({ url, method: 'GET', headers: {}, limitMs: 2000, maxBodyBytes: 1024, ...over }, signal)
}

const digestOf = (bytes: Buffer, encoding: 'hex' | 'base64') => createHash('sha256').update(bytes).digest(encoding)

describe('a request of a check', () => {
  it('returns status, headers in lower case and body as text', async () => {
    const url = await serve((_, response) => response.writeHead(201, { 'X-Version': 'one', Vary: ['a', 'b'] }).end('grüß'))
    expect(await ask(url)).toMatchObject({
      kind: 'answer',
      status: 201,
      headers: { 'x-version': 'one', vary: 'a, b' },
      body: 'grüß',
      isBodyCut: false,
    })
  })

  it('names itself, refuses caches and sends the method, headers and body that it was given', async () => {
    const seen: unknown[] = []
    const url = await serve((request, response) => {
      const { 'user-agent': agent, 'cache-control': cache, 'x-key': key } = request.headers
      request.on('data', (data) => seen.push(String(data))).on('end', () => response.end())
      seen.push(request.method, agent, cache, key)
    })
    await ask(url, { method: 'POST', headers: { 'x-key': 'k' }, body: '{"a":1}' })
    expect(seen).toEqual(['POST', 'sleepwell/test', 'no-cache', 'k', '{"a":1}'])
  })

  it('shows a redirect instead of following it', async () => {
    const url = await serve((request, response) => response.writeHead(302, { location: `${request.url}x` }).end())
    expect(await ask(url)).toMatchObject({ status: 302, headers: { location: '/x' } })
  })

  it('reads no more of a huge or endless body than its limit', async () => {
    const url = await serve((_, response) => {
      const fill = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      }
      response.writeHead(200).on('drain', fill)
      fill()
    })
    const facts = await ask(url)
    expect(facts).toMatchObject({ kind: 'answer', status: 200, isBodyCut: true })
    expect(facts.kind === 'answer' && facts.body.length).toBe(1024)
  })

  it('unpacks what a server compressed unasked, up to the same limit', async () => {
    const small = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello')))
    expect(await ask(small)).toMatchObject({ kind: 'answer', body: 'hello', isBodyCut: false })
    const bomb = gzipSync(Buffer.alloc(50_000_000))
    const big = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb))
    expect(await ask(big)).toMatchObject({ kind: 'answer', isBodyCut: true })
    const broken = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip'))
    expect(await ask(broken)).toMatchObject({ kind: 'no-answer', reason: 'invalid' })
  })

  it('digests what it reads, and keeps no more of it than it is told to', async () => {
    const sent = Buffer.alloc(300_000, 'abc')
    const url = await serve((_, response) => response.end(sent))
    const kept = { maxBodyBytes: 1_000_000, keptBodyBytes: 4, digests: ['sha256', 'sha512'] }
    expect(await ask(url, kept)).toMatchObject({ body: 'abca', isBodyCut: false, bodyBytes: 300_000, bodySha256: digestOf(sent, 'hex'), bodyDigests: { sha256: digestOf(sent, 'base64') } })
    expect(await ask(url, { maxBodyBytes: 1000 })).toMatchObject({ isBodyCut: true, bodyBytes: 1000, bodySha256: digestOf(sent.subarray(0, 1000), 'hex') })
  })

  it('replaces bytes that are no UTF-8', async () => {
    const url = await serve((_, response) => response.end(Buffer.from([0x61, 0xff, 0xfe, 0x62])))
    expect(await ask(url)).toMatchObject({ body: 'a\ufffd\ufffdb' })
  })
})

describe('a request that goes wrong', () => {
  it('times out when no answer comes, and when a body drips', async () => {
    const silent = await serve(() => undefined)
    expect(await ask(silent, { limitMs: 60 })).toMatchObject({ kind: 'timed-out', limitMs: 60 })
    const slow = await serve((_, response) => {
      const drip = setInterval(() => response.write('.'), 10)
      response.writeHead(200).on('close', () => clearInterval(drip))
    })
    expect(await ask(slow, { limitMs: 100 })).toMatchObject({ kind: 'timed-out' })
  })

  it('tells a refused connection from a dropped one, from garbage and from an unknown host', async () => {
    const gone = await serve(() => undefined)
    for (const server of servers.splice(0)) await new Promise<void>((resolve) => { server.close(); resolve() })
    expect(await ask(gone)).toMatchObject({ kind: 'no-answer', reason: 'refused' })
    const dropping = await serve((request) => request.socket.destroy())
    expect(await ask(dropping)).toMatchObject({ kind: 'no-answer', reason: 'reset' })
    expect(await ask(await serveBytes('What is this?\r\n\r\n'))).toMatchObject({ kind: 'no-answer', reason: 'invalid' })
    expect(await ask(new URL('http://no-such-host.invalid/'))).toMatchObject({ kind: 'no-answer', reason: 'dns' })
  })

  it('gives up on a flood of headers', async () => {
    const flood = `HTTP/1.1 200 OK\r\n${'x-flood: 0123456789\r\n'.repeat(10_000)}\r\n`
    expect(await ask(await serveBytes(flood))).toMatchObject({ kind: 'no-answer', reason: 'invalid' })
  })

  it('keeps a connection error apart from speaking TLS to a server that does not', async () => {
    const plain = await serve((_, response) => response.end())
    expect(await ask(new URL(plain.href.replace('http:', 'https:')))).toMatchObject({ kind: 'no-answer', reason: 'tls' })
  })

  it('stops when it is told to', async () => {
    const stop = new AbortController()
    const url = await serve(() => stop.abort())
    expect(await ask(url, {}, stop.signal)).toMatchObject({ kind: 'stopped' })
    expect(await ask(url, {}, AbortSignal.abort())).toMatchObject({ kind: 'stopped' })
  })

  it('turns a request that cannot be sent into an observation', async () => {
    const url = await serve((_, response) => response.end())
    expect(await ask(url, { headers: { 'bad name': 'x' } })).toMatchObject({ kind: 'no-answer' })
  })
})
