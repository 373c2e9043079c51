import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type WebSocket from 'ws'
import type { HttpFacts } from '../../core/checks/answer.ts'
import type { Closing, HearingEnd, SocketFacts } from '../../core/checks/websocket.ts'
import { MAX_BODY_BYTES } from './asking.ts'

/** One WebSocket: what is said, and until when it is listened to. */
export interface Conversation {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly protocols: readonly string[]
  readonly send: readonly string[]
  /** Asked once at the opening, and after each message: whether enough was heard. */
  hasEnough(message?: string): boolean
  /** From the opening to a message. */
  readonly messageLimitMs: number
  /** What the attempt began with, by `performance.now()`: a look-up may have come before. */
  readonly startedAt: number
  /** Of the whole attempt. */
  readonly limitMs: number
  readonly signal: AbortSignal
}

const MAX_MESSAGE_BYTES = 1_048_576
const MOST_MESSAGES = 100
/** As many as ws answers before it hangs up without a word. */
const MOST_PINGS = 60
const CLOSING_MS = 2000

/** How the conversation ended; an HTTP answer in place of a WebSocket ends it too. */
type End = HearingEnd | { readonly kind: 'answer'; readonly exchange: HttpFacts } | { readonly kind: 'failed'; readonly code: string; readonly message: string }

interface Opening {
  headers?: Readonly<Record<string, string>>
  openMs?: number
}

/** Opens, speaks, listens and closes; never throws, and leaves no connection behind. */
export async function converse(asked: Conversation): Promise<SocketFacts> {
  const elapsedMs = () => Math.round(performance.now() - asked.startedAt)
  const socket = await open(asked)
  if (socket instanceof Error) return { kind: 'not-opened', exchange: { kind: 'no-answer', reason: 'invalid', message: socket.message, durationMs: elapsedMs() } }
  const opening: Opening = {}
  socket.once('upgrade', ({ headers }) => {
    opening.headers = flatten(headers)
    opening.openMs = elapsedMs()
  })
  const closed = new Promise<number>((resolve) => { socket.once('close', resolve) })
  const end = await endOf(socket, asked, elapsedMs)
  const { headers, openMs } = opening
  if (headers === undefined || openMs === undefined || end.kind === 'answer') {
    socket.terminate()
    return { kind: 'not-opened', exchange: exchangeOf(end, asked.limitMs, elapsedMs()) }
  }
  const closing = await close(socket, { end, closed, leftMs: asked.limitMs - elapsedMs() })
  const ended: HearingEnd = end.kind === 'failed' ? { kind: 'broken', message: end.message } : end
  return { kind: 'opened', headers, openMs, durationMs: elapsedMs(), limitMs: asked.limitMs, end: ended, closing }
}

async function open({ url, headers, protocols }: Conversation): Promise<WebSocket | Error> {
  const { default: Socket } = await import('ws')
  try {
    // Nothing compressed is asked for, and nobody is followed: what may be read is bounded, and who is asked is known.
    const socket = new Socket(url, [...protocols], { headers: { 'user-agent': 'sleepwell', ...headers }, maxPayload: MAX_MESSAGE_BYTES, maxFragments: 1024, perMessageDeflate: false, followRedirects: false })
    // An error with nobody to hear it would end the process; terminating is one.
    return socket.on('error', () => undefined)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

async function endOf(socket: WebSocket, asked: Conversation, elapsedMs: () => number): Promise<End> {
  const end = Promise.withResolvers<End>()
  const timers: NodeJS.Timeout[] = []
  const silentAfter = (ms: number, limit: 'message' | 'attempt') => timers.push(setTimeout(() => end.resolve({ kind: 'silent', limit }), ms))
  const stop = () => end.resolve({ kind: 'stopped' })
  let messages = 0
  socket.once('open', () => {
    for (const text of asked.send) socket.send(text)
    if (asked.hasEnough()) end.resolve({ kind: 'enough' })
    else silentAfter(asked.messageLimitMs, 'message')
  })
  const listen = (data: WebSocket.RawData) => {
    messages += 1
    if (asked.hasEnough(textOf(data))) end.resolve({ kind: 'enough' })
    else if (messages >= MOST_MESSAGES) end.resolve({ kind: 'too-many', most: MOST_MESSAGES })
    else return
    // Whatever else arrives, be it in the same packet, is not looked at.
    socket.off('message', listen)
  }
  socket.on('message', listen)
  let pings = 0
  socket.on('ping', () => {
    pings += 1
    if (pings >= MOST_PINGS) end.resolve({ kind: 'broken', message: `${MOST_PINGS} pings and more` })
  })
  socket.once('unexpected-response', (_: ClientRequest, answer: IncomingMessage) => {
    void readAnswer(answer, elapsedMs).then((exchange) => end.resolve({ kind: 'answer', exchange }))
  })
  socket.once('close', (code, reason) => end.resolve({ kind: 'hung-up', code, reason: reason.toString('utf8') }))
  socket.once('error', (error) => end.resolve({ kind: 'failed', code: codeOf(error), message: error.message === '' ? codeOf(error) : error.message }))
  silentAfter(asked.limitMs - elapsedMs(), 'attempt')
  asked.signal.addEventListener('abort', stop, { once: true })
  if (asked.signal.aborted) stop()
  try {
    return await end.promise
  } finally {
    asked.signal.removeEventListener('abort', stop)
    timers.forEach(clearTimeout)
    socket.off('message', listen)
  }
}

/** Says goodbye to a peer that behaved, and hangs up on every other and on one that does not answer. */
async function close(socket: WebSocket, { end, closed, leftMs }: { readonly end: End; readonly closed: Promise<number>; readonly leftMs: number }): Promise<Closing> {
  const isPolite = end.kind === 'enough' || end.kind === 'silent'
  if (!isPolite || leftMs <= 0) {
    socket.terminate()
    return { kind: 'not-tried' }
  }
  const drop = setTimeout(() => socket.terminate(), Math.min(CLOSING_MS, leftMs))
  socket.close(1000)
  const code = await closed
  clearTimeout(drop)
  // RFC 6455, 7.1.5: 1006 stands for a connection that ended without a close frame.
  return code === 1006 ? { kind: 'unanswered' } : { kind: 'answered', code }
}

function exchangeOf(end: End, limitMs: number, durationMs: number): HttpFacts {
  switch (end.kind) {
    case 'answer':
      return end.exchange
    case 'silent':
      return { kind: 'timed-out', limitMs, durationMs }
    case 'stopped':
      return { kind: 'stopped', durationMs }
    case 'failed':
      return { kind: 'no-answer', reason: reasonOf(end.code), message: end.message.includes(end.code) ? end.message : `${end.code}: ${end.message}`, durationMs }
    case 'enough':
    case 'hung-up':
    case 'too-many':
    case 'broken':
      return { kind: 'no-answer', reason: 'other', message: 'the connection ended before it was a WebSocket', durationMs }
  }
}

/** Reads up to the limit and no further; the conversation's own limit ends a slow one. */
async function readAnswer(answer: IncomingMessage, elapsedMs: () => number): Promise<HttpFacts> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of answer) {
      const data: Buffer = Buffer.from(chunk)
      chunks.push(data)
      bytes += data.byteLength
      if (bytes > MAX_BODY_BYTES) break
    }
  } catch (error) {
    return { kind: 'no-answer', reason: 'reset', message: error instanceof Error ? error.message : String(error), durationMs: elapsedMs() }
  }
  const body = Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString('utf8')
  return { kind: 'answer', status: answer.statusCode ?? 0, headers: flatten(answer.headers), body, isBodyCut: bytes > MAX_BODY_BYTES, durationMs: elapsedMs() }
}

function flatten(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]): [string, string] => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]))
}

function textOf(data: WebSocket.RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8')
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8')
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function reasonOf(code: string): 'refused' | 'invalid' | 'other' {
  if (code === 'ECONNREFUSED') return 'refused'
  return code.startsWith('HPE_') ? 'invalid' : 'other'
}
