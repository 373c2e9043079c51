import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { takeFault, type Fault, type FaultRule } from './faults.ts'
import { seededRandom, uuidFrom, type Random } from './random.ts'

/** The services that the sandbox stands in for; `edge` is the users' side of Cloudflare. */
export type Service = 'cloudflare' | 'edge' | 'github' | 'telegram' | 'discord' | 'slack' | 'webhook'

/** One request as it arrived, and what it was answered (`status` 0: no reply was sent). */
export interface RequestRecord {
  readonly at: string
  readonly service: Service
  readonly method: string
  readonly path: string
  readonly query: string
  readonly body: string
  /** Its `User-Agent`; absent where nobody asks who it was. */
  readonly agent?: string
  status: number
  fault?: Fault['kind']
}

export interface IncomingRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** A string or a Buffer is sent as it is, anything else as JSON; `undefined` sends no body. */
  readonly body?: unknown
}

export type Respond = (request: IncomingRequest) => Answer | Promise<Answer>

/**
 * What all services of one sandbox share: the log of requests, the queue of faults, seeded ids, a
 * clock whose readings are never equal, and the list of contract violations that fail a test.
 */
export interface World {
  readonly requests: RequestRecord[]
  readonly faults: FaultRule[]
  /** Sentences: a request or an answer that a published contract does not allow. */
  readonly violations: string[]
  readonly random: Random
  uuid(): string
  /** Strictly increasing, so that "newest first" has one meaning. */
  now(): Date
}

export function createWorld(seed = 1): World {
  const random = seededRandom(seed)
  let last = 0
  return {
    requests: [],
    faults: [],
    violations: [],
    random,
    uuid: () => uuidFrom(random),
    now: () => new Date((last = Math.max(last + 1, Date.now()))),
  }
}

export interface RunningService extends AsyncDisposable {
  /** Origin without a trailing slash, on loopback. */
  readonly url: string
  readonly server: Server
}

/** Serves one service on a loopback port: logs the request, lets a fault act, else asks the model. */
export async function serve(world: World, service: Service, respond: Respond, port = 0): Promise<RunningService> {
  const server = createServer((incoming, outgoing) => {
    void exchange(world, service, respond, incoming, outgoing)
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    server,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  return address.port
}

async function exchange(
  world: World,
  service: Service,
  respond: Respond,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const url = new URL(incoming.url ?? '/', 'http://sandbox')
  const body = await readBody(incoming)
  const method = incoming.method ?? 'GET'
  const record: RequestRecord = {
    at: world.now().toISOString(),
    service,
    method,
    path: url.pathname,
    query: url.search,
    body: body.toString('utf8'),
    status: 0,
    agent: incoming.headers['user-agent'] ?? '',
  }
  world.requests.push(record)
  const fault = takeFault(world.faults, record)
  if (fault !== undefined) record.fault = fault.kind
  const model = () => respond({ method, path: url.pathname, query: url.searchParams, headers: incoming.headers, body })
  const answer = await answerUnderFault(fault, () => answerOrConfess(model, record))
  if (answer === 'no-reply') {
    incoming.socket.destroy()
    return
  }
  record.status = answer.status
  send(outgoing, answer)
  if (fault?.kind === 'observe') fault.after?.()
}

/** The sandbox is strict: what a model cannot answer is a 500 that names the request, never a guess. */
async function answerOrConfess(model: () => Answer | Promise<Answer>, record: RequestRecord): Promise<Answer> {
  try {
    return await model()
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    console.error(`sandbox ${record.service}: ${record.method} ${record.path}${record.query}: ${reason}`)
    return { status: 500, body: { message: `sandbox cannot answer ${record.method} ${record.path}: ${reason}` } }
  }
}

async function answerUnderFault(fault: Fault | undefined, model: () => Promise<Answer>): Promise<Answer | 'no-reply'> {
  if (fault === undefined) return model()
  switch (fault.kind) {
    case 'answer':
      return { status: fault.status, headers: fault.headers ?? {}, body: fault.body }
    case 'delay':
      await new Promise((resolve) => setTimeout(resolve, fault.milliseconds))
      return model()
    case 'dropped':
      return 'no-reply'
    case 'reply-lost':
      await model()
      return 'no-reply'
    case 'observe':
      await fault.before?.()
      return model()
  }
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

function send(outgoing: ServerResponse, answer: Answer): void {
  const raw = typeof answer.body === 'string' || Buffer.isBuffer(answer.body)
  const headers: Record<string, string> = raw ? {} : { 'content-type': 'application/json; charset=utf-8' }
  outgoing.writeHead(answer.status, { ...headers, ...answer.headers })
  outgoing.end(answer.body === undefined || raw ? answer.body : JSON.stringify(answer.body))
}
