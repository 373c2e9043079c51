import type { RawData, WebSocket } from 'ws'
import type { GatewayFacts } from '../../core/checks/discord.ts'

const MAX_MESSAGE_BYTES = 65_536
const CLOSING_MS = 1000

/**
 * Connects, waits for the first message, and closes: Discord says HELLO by itself, and IDENTIFY would take a session
 * from the real bot. Never throws.
 */
export async function hearGateway(address: string, limitMs: number, stop: AbortSignal): Promise<GatewayFacts> {
  const url = gatewayUrl(address)
  if (url === undefined) return { kind: 'none', why: 'Discord gave no address of a gateway' }
  const limit = AbortSignal.timeout(Math.max(1, Math.ceil(limitMs)))
  const { default: Socket } = await import('ws')
  const socket = new Socket(url, { maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false, followRedirects: false })
  try {
    return { kind: 'message', text: await firstMessage(socket, AbortSignal.any([limit, stop])) }
  } catch (error) {
    if (stop.aborted) return { kind: 'none', why: 'stopped before the gateway said HELLO' }
    if (limit.aborted) return { kind: 'none', why: 'the gateway did not say HELLO in time' }
    return { kind: 'none', why: `the gateway: ${error instanceof Error ? error.message : String(error)}` }
  } finally {
    hangUp(socket)
  }
}

/** Encrypted, but on this machine. Docs "Gateway", Gateway URL Query String Params. */
function gatewayUrl(address: string): URL | undefined {
  if (!URL.canParse(address)) return undefined
  const url = new URL(address)
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url.protocol !== 'wss:' && !(url.protocol === 'ws:' && isLoopback)) return undefined
  url.search = '?v=10&encoding=json'
  url.hash = ''
  return url
}

/** Rejects when the connection fails, ends or is given up first. */
function firstMessage(socket: WebSocket, signal: AbortSignal): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const giveUp = () => reject(new Error('given up'))
  socket.once('message', (data) => resolve(textOf(data)))
  socket.once('error', reject)
  socket.once('close', (code) => reject(new Error(`it hung up with code ${code}`)))
  signal.addEventListener('abort', giveUp, { once: true })
  if (signal.aborted) giveUp()
  return promise
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8')
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString('utf8')
}

/** A peer that never closes is dropped; an error after this is nobody's concern. */
function hangUp(socket: WebSocket): void {
  socket.on('error', () => undefined)
  const drop = setTimeout(() => socket.terminate(), CLOSING_MS).unref()
  socket.once('close', () => clearTimeout(drop))
  socket.close(1000)
}
