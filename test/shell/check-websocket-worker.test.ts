import { Log, LogLevel, Miniflare } from 'miniflare'
import { describe, expect, it } from 'vitest'
import type { WebSocketCheckSpec } from '../../src/core/checks/websocket.ts'
import { attemptWebSocket } from '../../src/shell/checks/websocket.ts'

/** Accepts, echoes, and names its version in the handshake, as the docs have it for the README's three lines. */
const WORKER = `export default { fetch(request) {
  if (request.headers.get('upgrade') !== 'websocket') return new Response('expected a WebSocket', { status: 426, headers: { 'x-version-id': 'v1' } })
  const { 0: client, 1: server } = new WebSocketPair()
  server.accept()
  server.addEventListener('message', ({ data }) => server.send(data))
  CLOSING
  return new Response(null, { status: 101, webSocket: client, headers: { 'x-version-id': 'v1' } })
} }`

const ANSWERS = 'server.addEventListener("close", ({ code }) => server.close(code))'

async function checkWorker(compatibilityDate: string, closing = '') {
  const modules = { 'index.js': { type: 'esm', contents: WORKER.replace('CLOSING', closing) } } as const
  const config = { name: 'live', compatibilityDate, compatibilityFlags: [], manifest: { mainModule: 'index.js', modules }, env: {} }
  const miniflare = new Miniflare({ cf: false, logRequests: false, enableDevRegistry: false, log: new Log(LogLevel.ERROR), workers: [{ config }] })
  try {
    const spec: WebSocketCheckSpec = { kind: 'websocket', name: 'live', path: '/', headers: {}, protocols: [], send: 'hello', expect: { text: 'hello', json: [] }, closes: true, proof: { kind: 'header', name: 'x-version-id' }, timeoutSeconds: 10, deadlineSeconds: 60 }
    const { own } = await attemptWebSocket(spec, { baseUrl: await miniflare.ready, subject: { via: { kind: 'plain' } }, limitMs: 10_000, signal: new AbortController().signal })
    return own
  } finally {
    await miniflare.dispose()
  }
}

// The runtime itself judges what a Worker can prove on a handshake, and when it answers a close frame by itself.
describe('a WebSocket of a real Worker', () => {
  it('gives proof in its handshake, and closes by itself since 2026-04-07', async () => {
    expect(await checkWorker('2026-04-07')).toEqual({ kind: 'passed', answeredBy: 'v1' })
  })

  it('of an older date closes only if it says so', async () => {
    expect(await checkWorker('2026-04-06', ANSWERS)).toEqual({ kind: 'passed', answeredBy: 'v1' })
    expect(await checkWorker('2026-04-06')).toMatchObject({ kind: 'failed', expectation: 'our close frame to be answered' })
  })
})
