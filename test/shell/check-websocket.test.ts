import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex, Writable } from 'node:stream'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocketServer, type RawData, type ServerOptions, type WebSocket } from 'ws'
import type { WebSocketCheckSpec } from '../../src/core/checks/websocket.ts'
import { versionIdSchema } from '../../src/core/schemas.ts'
import type { Asking } from '../../src/shell/checks/asking.ts'
import { openProbe } from '../../src/shell/checks/probe.ts'
import { runChecks } from '../../src/shell/checks/round.ts'
import { attemptWebSocket } from '../../src/shell/checks/websocket.ts'
import { ANOTHER, WANTED } from '../core/check-samples.ts'

const closers: (() => void)[] = []
afterEach(() => closers.splice(0).forEach((close) => close()))

function socketCheck(over: Partial<WebSocketCheckSpec> = {}): WebSocketCheckSpec {
  return { kind: 'websocket', name: 'live', path: '/live', headers: {}, protocols: [], closes: true, proof: { kind: 'header', name: 'X-Version' }, timeoutSeconds: 5, deadlineSeconds: 60, ...over }
}

const subject = { versionId: versionIdSchema.parse(WANTED), via: { kind: 'override', scriptName: 'shop' } } as const

function askAt(baseUrl: URL, spec: WebSocketCheckSpec, over: Partial<Asking> = {}) {
  return attemptWebSocket(spec, { baseUrl, subject, limitMs: spec.timeoutSeconds * 1000, signal: new AbortController().signal, ...over })
}

async function listen(server: Server): Promise<URL> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)))
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return new URL(`http://127.0.0.1:${address.port}/app/`)
}

/** A server that speaks the protocol as it should; what it does then is the test's. */
async function serve(onSocket: (socket: WebSocket, request: IncomingMessage) => void, options: ServerOptions & { readonly version?: string } = {}): Promise<URL> {
  const { version = WANTED, ...rest } = options
  const server = createServer()
  const sockets = new WebSocketServer({ server, ...rest })
  sockets.on('headers', (headers) => headers.push(`x-version: ${version}`))
  sockets.on('connection', onSocket)
  return listen(server)
}

/** A server that upgrades and then does what no library would. */
async function serveRaw(onSocket: (socket: Duplex) => void): Promise<URL> {
  const server = createServer()
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
    socket.on('error', () => undefined)
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nX-Version: ${WANTED}\r\n\r\n`)
    onSocket(socket)
  })
  return listen(server)
}

const textOf = (data: RawData) => (Buffer.isBuffer(data) ? data.toString('utf8') : '')
const echo = (socket: WebSocket) => socket.on('message', (data) => socket.send(`echo ${textOf(data)}`))

/** Writes as long as the other side takes it, and no faster. */
function flood(socket: Writable, frame: Buffer): void {
  const chunk = Buffer.concat(Array.from({ length: Math.ceil(65_536 / frame.length) }, () => frame))
  const go = () => {
    while (!socket.destroyed && socket.write(chunk));
  }
  socket.on('drain', go)
  go()
}

describe('a check of a WebSocket', () => {
  it('asks for the version by the override header, sends, hears, closes, and tells how long opening took', async () => {
    const asked: IncomingMessage[] = []
    const codes: number[] = []
    const baseUrl = await serve((socket, request) => {
      asked.push(request)
      echo(socket).on('close', (code) => codes.push(code))
    })
    const seen = await askAt(baseUrl, socketCheck({ path: '/live?room=1', headers: { authorization: 'Bearer x' }, send: ['one', 'two'], expect: { text: 'echo two', json: [] } }))
    expect(seen).toEqual({
      own: { kind: 'passed', answeredBy: WANTED },
      parts: [{ name: 'open', attempt: { kind: 'passed', answeredBy: WANTED }, observed: expect.stringMatching(/^\d+ ms$/) }],
    })
    expect(asked[0]?.headers).toMatchObject({ 'cloudflare-workers-version-overrides': `shop="${WANTED}"`, authorization: 'Bearer x', 'user-agent': 'sleepwell' })
    expect(asked[0]?.headers).not.toHaveProperty('sec-websocket-extensions')
    expect(asked[0]?.url).toMatch(/^\/app\/live\?room=1&sleepwell=[0-9a-f-]{36}$/)
    expect(codes).toEqual([1000])
  })

  it('asks whichever version serves when that is what is meant', async () => {
    const asked: IncomingMessage[] = []
    const baseUrl = await serve((_, request) => void asked.push(request))
    await askAt(baseUrl, socketCheck(), { subject: { ...subject, via: { kind: 'plain' } } })
    expect(asked[0]?.headers).not.toHaveProperty('cloudflare-workers-version-overrides')
  })

  it('reads the proof from a message, whichever of them it is', async () => {
    const baseUrl = await serve((socket) => {
      socket.send(JSON.stringify({ type: 'hello', version: { id: WANTED } }))
      socket.send(JSON.stringify({ type: 'state', users: 3 }))
    }, { version: 'of no matter' })
    const proof = { kind: 'json', path: 'version.id' } as const
    const { own } = await askAt(baseUrl, socketCheck({ proof, expect: { json: [{ path: 'users', min: 1 }] } }))
    expect(own).toEqual({ kind: 'passed', answeredBy: WANTED })
  })

  it('knows another version by its handshake, whatever it says', async () => {
    const baseUrl = await serve(echo, { version: ANOTHER })
    expect(await askAt(baseUrl, socketCheck({ send: 'x', expect: { text: 'echo x', json: [] } }))).toEqual({ own: { kind: 'wrong-version', answeredBy: ANOTHER }, parts: [] })
  })

  it('takes the subprotocol that it offered, and misses one that was not taken', async () => {
    const taking = await serve(() => undefined, { handleProtocols: () => 'chat.v2' })
    expect(await askAt(taking, socketCheck({ protocols: ['chat.v1', 'chat.v2'] }))).toMatchObject({ own: { kind: 'passed' } })
    const deaf = await serve(() => undefined, { handleProtocols: () => false })
    expect(await askAt(deaf, socketCheck({ protocols: ['chat.v2'] }))).toMatchObject({ own: { kind: 'failed', seen: 'Server sent no subprotocol', isProven: true } })
  })

  it.each<[string, RequestListener, object]>([
    ['starting', (_, response) => response.writeHead(503, { 'retry-after': '1' }).end('soon'), { kind: 'starting', hasAnswered: true }],
    ['failed', (_, response) => response.writeHead(500, { 'x-version': WANTED }).end('no socket today'), { kind: 'failed', isProven: true, expectation: 'status 101: a WebSocket', seen: 'status 500, body: no socket today' }],
    ['blocked', (_, response) => response.writeHead(403, { 'cf-mitigated': 'challenge' }).end(), { kind: 'blocked', by: 'challenge' }],
    ['failed', (_, response) => response.writeHead(302, { location: 'https://elsewhere.example' }).end(), { kind: 'failed', seen: 'status 302, no body' }],
    ['wrong-version', (_, response) => response.writeHead(500, { 'x-version': ANOTHER }).end(), { kind: 'wrong-version' }],
  ])('is %s when it is answered by HTTP and that says so', async (_, respond, own) => {
    expect(await askAt(await listen(createServer(respond)), socketCheck())).toMatchObject({ own, parts: [] })
  })

  it('is starting when the connection is refused', async () => {
    const baseUrl = await listen(createServer())
    closers.splice(0).forEach((close) => close())
    expect(await askAt(baseUrl, socketCheck())).toMatchObject({ own: { kind: 'starting', hasAnswered: false } })
  })

  it('says what it heard instead', async () => {
    const baseUrl = await serve((socket) => socket.send('{"type":"sorry"}'))
    const { own } = await askAt(baseUrl, socketCheck({ expect: { json: [{ path: 'type', equals: 'welcome' }], withinSeconds: 0.1 } }))
    expect(own).toEqual({ kind: 'failed', expectation: 'a message as expected within 0.1 s (type equal to "welcome")', seen: '1 message, the last one: {"type":"sorry"}', isProven: true })
  })

  it('says with which code the Worker hung up', async () => {
    const baseUrl = await serve((socket) => socket.close(1011, 'no room'))
    expect(await askAt(baseUrl, socketCheck({ expect: { json: [] } }))).toMatchObject({ own: { kind: 'failed', seen: 'no message; then it hung up with code 1011: no room' } })
  })

  it('ends at once when it is told to', async () => {
    const stop = new AbortController()
    const baseUrl = await serve(() => stop.abort())
    expect(await askAt(baseUrl, socketCheck({ expect: { json: [] } }), { signal: stop.signal })).toMatchObject({ own: { kind: 'unreachable' } })
    expect(await askAt(baseUrl, socketCheck(), { signal: stop.signal })).toMatchObject({ own: { kind: 'unreachable' } })
  })
})

describe('a round of nothing but WebSockets', () => {
  it('waits for the version by their handshakes', async () => {
    let opened = 0
    const server = createServer()
    const sockets = new WebSocketServer({ server })
    sockets.on('headers', (headers) => {
      opened += 1
      headers.push(`x-version: ${opened < 4 ? ANOTHER : WANTED}`)
    })
    const baseUrl = await listen(server)
    await using probe = openProbe('sleepwell/test')
    let now = 0
    const clock = { now: () => now, sleep: async (seconds: number) => void (now += seconds * 1000) }
    const round = { ready: [], specs: [socketCheck()], subject, baseUrl, deadlineSeconds: 120, isPropagating: true, doesBaselineProve: true, proofsWanted: 3, settleSeconds: 10, concurrency: 4, isEachAloneFirst: false }
    const results = await runChecks(round, { probe, clock, signal: new AbortController().signal })
    expect(results).toMatchObject([
      { name: 'live', target: `WebSocket ${baseUrl.origin.replace('http', 'ws')}/app/live`, outcome: { kind: 'passed', answeredBy: WANTED }, attempts: 1 },
      { name: 'live/open', partOf: 'live', outcome: { kind: 'passed' }, observed: expect.stringMatching(/ ms$/) },
    ])
    expect(opened).toBe(3 + 3 + 1)
  })
})

describe('a hostile WebSocket', () => {
  const short = { timeoutSeconds: 0.3 }

  it('that never answers the handshake ends at the limit', async () => {
    const server = createServer()
    server.on('upgrade', () => undefined)
    expect(await askAt(await listen(server), socketCheck(short))).toMatchObject({ own: { kind: 'failed', expectation: 'an answer within 0.3 s' } })
  })

  it('that drips a refusal ends at the limit', async () => {
    const server = createServer((_, response) => {
      response.writeHead(500)
      const drip = setInterval(() => response.write('.'), 20)
      response.on('close', () => clearInterval(drip))
    })
    expect(await askAt(await listen(server), socketCheck(short))).toMatchObject({ own: { kind: 'failed', expectation: 'an answer within 0.3 s' } })
  })

  it('that refuses without end is read no further than the limit', async () => {
    const server = createServer((_, response) => {
      response.writeHead(500, { 'x-version': WANTED })
      flood(response, Buffer.from('x'))
    })
    expect(await askAt(await listen(server), socketCheck())).toMatchObject({ own: { kind: 'failed', seen: expect.stringMatching(/^status 500, body: x{300}…$/) } })
  })

  it('that says nothing ends at the limit, and does not count when that was the round’s', async () => {
    const baseUrl = await serve(() => undefined)
    const spec = socketCheck({ ...short, expect: { json: [] } })
    expect(await askAt(baseUrl, spec)).toMatchObject({ own: { kind: 'failed', seen: 'no message' } })
    expect(await askAt(baseUrl, { ...spec, timeoutSeconds: 5 }, { limitMs: 300 })).toMatchObject({ own: { kind: 'unreachable', seen: 'no such message before the deadline' } })
  })

  it('that never answers a close frame is dropped and told of', async () => {
    const dropped = Promise.withResolvers<undefined>()
    const baseUrl = await serveRaw((socket) => socket.on('end', () => dropped.resolve(undefined)).resume())
    expect(await askAt(baseUrl, socketCheck({ ...short }))).toMatchObject({ own: { kind: 'failed', expectation: 'our close frame to be answered', seen: 'no close frame, so the connection was dropped', isProven: true } })
    await dropped.promise
    expect(await askAt(baseUrl, socketCheck({ ...short, closes: false }))).toMatchObject({ own: { kind: 'passed' } })
  })

  it('that answers the close frame and keeps the connection is dropped as good', async () => {
    const baseUrl = await serveRaw((socket) => socket.once('data', () => socket.write(Buffer.from([0x88, 2, 3, 0xe8]))))
    expect(await askAt(baseUrl, socketCheck(short))).toMatchObject({ own: { kind: 'passed' } })
  })

  it('that answers the close frame with an error is told of', async () => {
    const baseUrl = await serveRaw((socket) => socket.once('data', () => socket.end(Buffer.from([0x88, 2, 3, 0xf3]))))
    expect(await askAt(baseUrl, socketCheck(short))).toMatchObject({ own: { kind: 'failed', seen: 'code 1011' } })
  })

  it('that floods with messages is heard a hundred times', async () => {
    const baseUrl = await serveRaw((socket) => flood(socket, Buffer.from([0x81, 2, 0x6e, 0x6f])))
    expect(await askAt(baseUrl, socketCheck({ expect: { text: 'yes', json: [] } }))).toMatchObject({ own: { kind: 'failed', seen: '100 messages, the last one: no; more than 100 are not read' } })
  })

  it('that floods on after enough was heard is dropped', async () => {
    const baseUrl = await serveRaw((socket) => flood(socket, Buffer.from([0x81, 2, 0x6e, 0x6f])))
    expect(await askAt(baseUrl, socketCheck({ ...short, expect: { text: 'no', json: [] } }))).toMatchObject({ own: { kind: 'failed', expectation: 'our close frame to be answered' } })
  })

  it('that pings without end, and takes no pong, is told of', async () => {
    const baseUrl = await serveRaw((socket) => flood(socket.pause(), Buffer.from([0x89, 0])))
    expect(await askAt(baseUrl, socketCheck({ expect: { json: [] } }))).toMatchObject({ own: { kind: 'failed', seen: '60 pings and more' } })
  })

  it('that pings now and then, and says nothing, ends at the limit', async () => {
    const baseUrl = await serve((socket) => {
      const pinging = setInterval(() => socket.ping(), 20)
      socket.on('close', () => clearInterval(pinging))
    })
    expect(await askAt(baseUrl, socketCheck({ ...short, expect: { json: [] } }))).toMatchObject({ own: { kind: 'failed', seen: 'no message' } })
  })

  it.each([
    ['a frame that says it is larger than may be read', Buffer.from([0x81, 0x7f, 0, 0, 0, 1, 0, 0, 0, 0]), 'Max payload size exceeded'],
    ['a message of endless fragments', Buffer.concat([Buffer.from([0x01, 1, 0x61]), ...Array.from({ length: 2000 }, () => Buffer.from([0x00, 1, 0x61]))]), 'Too many message fragments'],
    ['invalid UTF-8', Buffer.from([0x81, 1, 0xff]), 'Invalid WebSocket frame: invalid UTF-8 sequence'],
    ['a masked frame', Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x61]), 'Invalid WebSocket frame: MASK must be clear'],
    ['noise', Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), 'Invalid WebSocket frame: RSV1 must be clear'],
  ])('that sends %s is told of', async (_, bytes, message) => {
    const baseUrl = await serveRaw((socket) => socket.write(bytes))
    expect(await askAt(baseUrl, socketCheck({ expect: { json: [] } }))).toMatchObject({ own: { kind: 'failed', expectation: 'a sound WebSocket', seen: message } })
  })

  it('that accepts with a wrong key is told of', async () => {
    const server = createServer()
    server.on('upgrade', (_, socket: Duplex) => socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n'))
    expect(await askAt(await listen(server), socketCheck())).toMatchObject({ own: { kind: 'failed', seen: 'Invalid Sec-WebSocket-Accept header', isProven: false } })
  })

  it('that floods with headers is told of', async () => {
    const server = createServer()
    server.on('upgrade', (_, socket: Duplex) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\n')
      flood(socket, Buffer.from('X-More: and more\r\n'))
    })
    expect(await askAt(await listen(server), socketCheck())).toMatchObject({ own: { kind: 'failed', expectation: 'a well-formed HTTP answer' } })
  })
})
