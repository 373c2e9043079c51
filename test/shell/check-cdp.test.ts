import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import type { CdpCheckSpec } from '../../src/core/checks/cdp.ts'
import { versionIdSchema } from '../../src/core/schemas.ts'
import type { Asking } from '../../src/shell/checks/asking.ts'
import { attempt, targetOf } from '../../src/shell/checks/attempt.ts'
import { openProbe } from '../../src/shell/checks/probe.ts'
import { asSocket } from '../../src/shell/checks/websocket.ts'
import { systemClock } from '../../src/shell/clock.ts'
import { WANTED } from '../core/check-samples.ts'

const closers: (() => void)[] = []
afterEach(() => closers.splice(0).forEach((close) => close()))

interface Browser {
  readonly host: string
  readonly asked: readonly IncomingMessage[]
  readonly heard: readonly string[]
}

const PRODUCT = '{"id":1,"result":{"protocolVersion":"1.3","product":"HeadlessChrome/149.0.1"}}'

/** As Chrome answers: a document that says where it is, under a name that only it knows, and a WebSocket there. */
async function startBrowser(says: (socket: WebSocket) => void = (socket) => socket.send(PRODUCT), path = '/devtools/browser/7c1'): Promise<Browser> {
  const asked: IncomingMessage[] = []
  const heard: string[] = []
  const server = createServer((request, response) => {
    asked.push(request)
    response.end(JSON.stringify({ Browser: 'HeadlessChrome/149.0.1', webSocketDebuggerUrl: `ws://browser.internal:9222${path}` }))
  })
  const sockets = new WebSocketServer({ server })
  sockets.on('headers', (headers) => headers.push(`x-version: ${WANTED}`))
  sockets.on('connection', (socket, request) => {
    asked.push(request)
    socket.on('message', (data: RawData) => {
      heard.push(Buffer.isBuffer(data) ? data.toString('utf8') : '')
      says(socket)
    })
  })
  closers.push(() => {
    for (const socket of sockets.clients) socket.terminate()
    server.closeAllConnections()
    server.close()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { host: `127.0.0.1:${address.port}`, asked, heard }
}

const subject = { versionId: versionIdSchema.parse(WANTED), via: { kind: 'override', scriptName: 'shop' } } as const

async function ask(over: Partial<CdpCheckSpec>, base: string, more: Partial<Asking> = {}) {
  const spec: CdpCheckSpec = { kind: 'cdp', name: 'browser', endpoint: '/devtools', headers: { authorization: 'Bearer x' }, proof: { kind: 'header', name: 'X-Version' }, timeoutSeconds: 5, deadlineSeconds: 60, ...over }
  await using probe = openProbe('sleepwell/test')
  return await attempt(spec, { baseUrl: new URL(base), subject, limitMs: spec.timeoutSeconds * 1000, signal: new AbortController().signal, ...more }, { probe, clock: systemClock })
}

const pathsOf = ({ asked }: Browser) => asked.map(({ url }) => (url ?? '').replace(/sleepwell=[0-9a-f-]{36}/, 'sleepwell=…'))
const ASKED_ONCE = ['{"id":1,"method":"Browser.getVersion"}']

describe('a check of a browser', () => {
  it('asks through the Worker for the version alone, by the override header', async () => {
    const browser = await startBrowser()
    expect(await ask({}, `http://${browser.host}/app`)).toEqual({
      own: { kind: 'passed', answeredBy: WANTED },
      parts: [{ name: 'product', attempt: { kind: 'passed', answeredBy: WANTED }, observed: 'HeadlessChrome/149.0.1' }],
    })
    expect(browser.heard).toEqual(ASKED_ONCE)
    expect(pathsOf(browser)).toEqual(['/app/devtools?sleepwell=…'])
    expect(browser.asked[0]?.headers).toMatchObject({ 'cloudflare-workers-version-overrides': `shop="${WANTED}"`, authorization: 'Bearer x' })
  })

  it('asks at an address of its own without a word of the Worker', async () => {
    const browser = await startBrowser()
    const { own } = await ask({ endpoint: `ws://${browser.host}/devtools/browser/7c1?token=x` }, 'https://shop.example.com')
    expect(own).toEqual({ kind: 'unproven', about: 'surroundings' })
    expect(pathsOf(browser)).toEqual(['/devtools/browser/7c1?token=x'])
    expect(browser.asked[0]?.headers).toMatchObject({ authorization: 'Bearer x' })
    expect(browser.asked[0]?.headers).not.toHaveProperty('cloudflare-workers-version-overrides')
  })

  it('looks a browser up, and goes to no other host for it', async () => {
    const browser = await startBrowser()
    expect(await ask({ endpoint: `http://${browser.host}/json/version` }, 'https://shop.example.com')).toMatchObject({ own: { kind: 'unproven' }, parts: [{ observed: 'HeadlessChrome/149.0.1' }] })
    expect(pathsOf(browser)).toEqual(['/json/version', '/devtools/browser/7c1'])
    const sly = await startBrowser(undefined, '//elsewhere.invalid/x?a=1')
    expect(await ask({ endpoint: `http://${sly.host}/json/version` }, 'https://shop.example.com')).toMatchObject({ own: { kind: 'unproven' } })
    expect(pathsOf(sly)).toEqual(['/json/version', '/elsewhere.invalid/x?a=1'])
  })

  it('looks a browser up through the Worker', async () => {
    const browser = await startBrowser()
    expect(await ask({ endpoint: '/browser/json/version' }, `http://${browser.host}/app`)).toMatchObject({ own: { kind: 'passed' } })
    expect(pathsOf(browser)).toEqual(['/app/browser/json/version?sleepwell=…', '/app/browser/devtools/browser/7c1?sleepwell=…'])
  })

  it('says when the look-up leads nowhere', async () => {
    const browser = await startBrowser(undefined, ' nowhere')
    expect(await ask({ endpoint: `http://${browser.host}/json/version` }, 'https://shop.example.com')).toMatchObject({ own: { kind: 'failed', expectation: 'status 200 and a webSocketDebuggerUrl' } })
    expect(await ask({ endpoint: 'http://127.0.0.1:1/json/version' }, 'https://shop.example.com')).toMatchObject({ own: { kind: 'starting', hasAnswered: false } })
  })

  it('fails when the browser refuses, and ends when it says nothing', async () => {
    const refusing = await startBrowser((socket) => socket.send('{"id":1,"error":{"message":"no such method"}}'))
    expect(await ask({}, `http://${refusing.host}`)).toMatchObject({ own: { kind: 'failed', seen: 'no such method' } })
    const silent = await startBrowser(() => undefined)
    expect(await ask({ timeoutSeconds: 0.3 }, `http://${silent.host}`)).toMatchObject({ own: { kind: 'failed', seen: 'no message' } })
    expect(await ask({ timeoutSeconds: 0.3, endpoint: `http://${silent.host}/json/version` }, 'https://shop.example.com')).toMatchObject({ own: { kind: 'failed', seen: 'no message' } })
    expect(silent.heard).toEqual([...ASKED_ONCE, ...ASKED_ONCE])
  })
})

describe('what is shown of an address', () => {
  const basics = { name: 'x', headers: {}, proof: { kind: 'none' }, timeoutSeconds: 5, deadlineSeconds: 60 } as const
  const base = new URL('https://shop.example.com/app')

  it('holds nothing that may open it', () => {
    expect(targetOf({ ...basics, kind: 'cdp', endpoint: 'wss://browser.example.com/t0ken?token=x' }, base)).toBe('CDP at browser.example.com')
    expect(targetOf({ ...basics, kind: 'websocket', path: '/live?token=x', protocols: [], closes: true }, base)).toBe('WebSocket wss://shop.example.com/app/live')
    expect(targetOf({ ...basics, kind: 'command', run: ['curl', '--header', 'authorization: x'], workingDirectory: 'e2e', env: {}, passExitCodes: [0] }, base)).toBe('curl in e2e')
  })

  it('is a WebSocket’s, encrypted where the Worker is', () => {
    expect(asSocket(new URL('https://a.example/x')).href).toBe('wss://a.example/x')
    expect(asSocket(new URL('http://127.0.0.1:81/x')).href).toBe('ws://127.0.0.1:81/x')
    expect(asSocket(new URL('wss://a.example/x')).href).toBe('wss://a.example/x')
  })
})
