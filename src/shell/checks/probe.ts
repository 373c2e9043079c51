import { createHash } from 'node:crypto'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { Readable } from 'node:stream'
import { Agent, request, type Dispatcher } from 'undici'
import type { HttpAnswer, HttpFacts } from '../../core/checks/answer.ts'

/** One HTTP request of a check, ready to be sent. */
export interface ProbeRequest {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** For headers and body together. */
  readonly limitMs: number
  /** Read of a body; what follows is not. */
  readonly maxBodyBytes: number
  /** Kept of what is read, for whoever needs but its digest and its start. */
  readonly keptBodyBytes?: number
  /** Algorithms to digest it by, besides SHA-256. */
  readonly digests?: readonly string[]
}

/** Sends HTTP requests of checks; closed when the round is over, so that a hanging socket holds nobody up. */
export interface Probe extends AsyncDisposable {
  /** Never throws: whatever happens is an observation. Redirects are not followed. */
  send(asked: ProbeRequest, signal: AbortSignal): Promise<HttpFacts>
}

export function openProbe(userAgent: string): Probe {
  const agent = new Agent({ pipelining: 1, maxHeaderSize: 65_536 })
  return {
    send: (asked, signal) => send(agent, userAgent, asked, signal),
    [Symbol.asyncDispose]: () => agent.destroy(),
  }
}

async function send(agent: Agent, userAgent: string, asked: ProbeRequest, signal: AbortSignal): Promise<HttpFacts> {
  const startedAt = performance.now()
  const durationMs = () => Math.round(performance.now() - startedAt)
  const limit = AbortSignal.timeout(Math.max(1, Math.floor(asked.limitMs)))
  try {
    const answer = await request(asked.url, {
      dispatcher: agent,
      method: asked.method,
      headers: {
        'user-agent': userAgent,
        accept: '*/*',
        'accept-encoding': 'identity',
        // Asks every cache on the way to let the Worker answer (RFC 9111, 5.2.1.4).
        'cache-control': 'no-cache',
        ...asked.headers,
      },
      body: asked.body ?? null,
      signal: AbortSignal.any([limit, signal]),
    })
    const body = await readBody(answer, asked)
    return { kind: 'answer', status: answer.statusCode, headers: flatten(answer.headers), ...body, durationMs: durationMs() }
  } catch (error) {
    if (signal.aborted) return { kind: 'stopped', durationMs: durationMs() }
    if (limit.aborted) return { kind: 'timed-out', limitMs: asked.limitMs, durationMs: durationMs() }
    return { kind: 'no-answer', ...explain(error), durationMs: durationMs() }
  }
}

type Body = Required<Pick<HttpAnswer, 'body' | 'isBodyCut' | 'bodyBytes' | 'bodySha256' | 'bodyDigests'>>

/** Reads up to the limit and hangs up: an endless body or a gzip bomb costs no more than the limit. */
async function readBody({ body, headers }: Dispatcher.ResponseData, asked: ProbeRequest): Promise<Body> {
  const { maxBodyBytes, keptBodyBytes = maxBodyBytes, digests = [] } = asked
  const sha256 = createHash('sha256')
  const hashes = digests.map((name) => ({ name, hash: createHash(name) }))
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of decoded(body, String(headers['content-encoding'] ?? ''))) {
      const data: Buffer = Buffer.from(chunk)
      const read = data.subarray(0, maxBodyBytes - bytes)
      if (bytes < keptBodyBytes) chunks.push(read)
      for (const hash of [sha256, ...hashes.map((one) => one.hash)]) hash.update(read)
      bytes += data.byteLength
      if (bytes > maxBodyBytes) break
    }
  } finally {
    // Leaving the loop early ends a decoder, but not the socket behind it.
    body.on('error', () => undefined).destroy()
  }
  return {
    body: Buffer.concat(chunks).subarray(0, keptBodyBytes).toString('utf8'),
    isBodyCut: bytes > maxBodyBytes,
    bodyBytes: Math.min(bytes, maxBodyBytes),
    bodySha256: sha256.digest('hex'),
    bodyDigests: Object.fromEntries(hashes.map(({ name, hash }) => [name, hash.digest('base64')])),
  }
}

/** Nothing compressed was asked for; some servers send it all the same. */
function decoded(body: Readable, encoding: string): Readable {
  const decoder = decoderOf(encoding.trim().toLowerCase())
  if (decoder === undefined) return body
  body.on('error', (error) => decoder.destroy(error))
  return body.pipe(decoder)
}

function decoderOf(encoding: string) {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip()
  if (encoding === 'br') return createBrotliDecompress()
  return encoding === 'deflate' ? createInflate() : undefined
}

function flatten(headers: Dispatcher.ResponseData['headers']): Readonly<Record<string, string>> {
  const flat = Object.entries(headers).map(([name, value]): [string, string] => [
    name.toLowerCase(),
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ])
  return Object.fromEntries(flat)
}

type Failure = Pick<Extract<HttpFacts, { kind: 'no-answer' }>, 'reason' | 'message'>

function explain(error: unknown): Failure {
  const code = codeOf(error)
  const text = error instanceof Error && error.message !== '' ? error.message : String(error)
  return { reason: reasonOf(code), message: code === '' || text.includes(code) ? text : `${code}: ${text}` }
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  // undici's parser gives most of its errors a code of llhttp, and some none.
  if (error instanceof Error && error.name === 'HTTPParserError') return 'HPE_UNKNOWN'
  return 'cause' in error ? codeOf(error.cause) : ''
}

/** Codes of Node (errno, TLS), its HTTP parser (HPE_*) and undici (UND_ERR_*). */
function reasonOf(code: string): Failure['reason'] {
  if (code === 'ECONNREFUSED') return 'refused'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'dns'
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET') return 'reset'
  if (/^(?:HPE_|UND_ERR_(?:HEADERS_OVERFLOW|RESPONSE|INVALID)|Z_|ERR_BROTLI|ERR__)/.test(code)) return 'invalid'
  return /^(?:CERT_|ERR_TLS|ERR_SSL|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code) ? 'tls' : 'other'
}
