import { createServer, type IncomingHttpHeaders } from 'node:http'
import { portOf } from '../../sandbox/world.ts'

export interface Seen {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Given {
  readonly status: number
  readonly type?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Endpoint extends AsyncDisposable {
  readonly url: string
  readonly seen: readonly Seen[]
}

/** What a chat service calls: an endpoint on loopback that answers as it is told. */
export async function openEndpoint(answer: (seen: Seen) => Given | Promise<Given>): Promise<Endpoint> {
  const seen: Seen[] = []
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const one = { headers: incoming.headers, body: Buffer.concat(chunks).toString('utf8') }
      seen.push(one)
      void Promise.resolve(answer(one)).then(({ status, type = 'application/json', body = '', headers = {} }) => {
        outgoing.writeHead(status, { 'content-type': type, ...headers }).end(body)
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${portOf(server)}/hook`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The answer of a chat service over plain fetch. */
export async function answerOf(response: Response) {
  const text = await response.text()
  const body: unknown = text === '' ? undefined : JSON.parse(text)
  return { status: response.status, headers: response.headers, body }
}
