import { request, Agent, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { pipeline, type Duplex } from 'node:stream'
import type { Outcome } from '../telemetry/columns.ts'

/** Sockets to workerd are used again, but not when they have idled so long that it may close them. */
const agent = new Agent({ keepAlive: true, timeout: 2000 })

/** How a version's part in a request ended. */
export interface Passed {
  /** HTTP status that the user saw; 0: the connection broke before its end. */
  readonly status: number
  readonly outcome: Outcome
}

const BROKEN: Passed = { status: 0, outcome: 'canceled' }

/** Passes one request to a version, and its answer back as they come. */
export function passRequest(incoming: IncomingMessage, outgoing: ServerResponse, port: number): Promise<Passed> {
  return new Promise((resolve) => {
    const upstream = ask(incoming, port, agent)
    upstream.on('response', (answer) => {
      const status = answer.statusCode ?? 0
      outgoing.writeHead(status, answer.statusMessage, without(answer.rawHeaders, ['transfer-encoding']))
      const passed = { status, outcome: outcomeOf(answer) }
      pipeline(answer, outgoing, (error) => resolve(error === null || error === undefined ? passed : BROKEN))
    })
    upstream.on('error', (error) => {
      if (outgoing.destroyed || outgoing.headersSent) {
        outgoing.destroy()
        resolve(BROKEN)
        return
      }
      outgoing.writeHead(502, { 'content-type': 'text/plain' })
      outgoing.end(`the edge lost its version: ${error.message}`)
      resolve({ status: 502, outcome: 'internalError' })
    })
    outgoing.on('close', () => {
      if (!outgoing.writableFinished) upstream.destroy(new Error('the client went away'))
    })
    pipeline(incoming, upstream, () => undefined)
  })
}

/** workerd answers for code that threw, and closes the connection, which no code of a Worker can make it do. */
function outcomeOf({ statusCode, headers }: IncomingMessage): Outcome {
  return statusCode === 500 && headers.connection === 'close' ? 'exception' : 'ok'
}

/** Passes a WebSocket through; `onAnswer` hears the status once (101), the promise ends with the connection. */
export function passUpgrade(
  incoming: IncomingMessage,
  client: Duplex,
  head: Buffer,
  { port, onAnswer }: { readonly port: number; readonly onAnswer: (passed: Passed) => void },
): Promise<void> {
  return new Promise((resolve) => {
    const upstream = ask(incoming, port, false)
    upstream.on('upgrade', (answer, server, serverHead) => {
      client.write(responseHead(answer, answer.rawHeaders))
      client.write(serverHead)
      server.write(head)
      onAnswer({ status: 101, outcome: 'ok' })
      join(client, server, resolve)
    })
    upstream.on('response', (answer) => {
      // Not an upgrade after all: the end of the connection ends the body.
      const headers = [...without(answer.rawHeaders, ['transfer-encoding', 'connection']), 'connection', 'close']
      client.write(responseHead(answer, headers))
      onAnswer({ status: answer.statusCode ?? 0, outcome: outcomeOf(answer) })
      pipeline(answer, client, () => resolve())
    })
    upstream.on('error', () => {
      client.destroy()
      onAnswer(BROKEN)
      resolve()
    })
    client.on('error', () => upstream.destroy())
    upstream.end()
  })
}

function ask(incoming: IncomingMessage, port: number, through: Agent | false): ClientRequest {
  const headers = without(incoming.rawHeaders, through === false ? [] : ['connection', 'keep-alive'])
  const options = { host: '127.0.0.1', port, method: incoming.method ?? 'GET', path: incoming.url ?? '/' }
  return request({ ...options, headers, agent: through, setHost: false })
}

/** Raw headers are names and values in turn: repeated ones stay repeated. */
function without(rawHeaders: readonly string[], names: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => !names.includes((rawHeaders[index - (index % 2)] ?? '').toLowerCase()))
}

function responseHead(answer: IncomingMessage, rawHeaders: readonly string[]): string {
  const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1] ?? ''}`] : []))
  return [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`, ...lines, '', ''].join('\r\n')
}

function join(client: Duplex, server: Duplex, ended: () => void): void {
  let open = 2
  const closed = () => {
    open -= 1
    if (open === 0) ended()
  }
  for (const [one, other] of [[client, server] as const, [server, client] as const]) {
    one.pipe(other)
    one.on('error', () => other.destroy())
    one.on('close', () => {
      other.destroy()
      closed()
    })
  }
}
