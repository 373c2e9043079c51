import { createServer } from 'node:http'
import { portOf } from '../../sandbox/world.ts'

export interface EvilServer extends AsyncDisposable {
  readonly url: string
  /** Each request as one text: method, address, headers, body. */
  readonly received: string[]
}

/** Takes whatever it is sent, and says yes to everything as Cloudflare would. */
export async function startEvilServer(): Promise<EvilServer> {
  const received: string[] = []
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      received.push([`${incoming.method ?? ''} ${incoming.url ?? ''}`, ...incoming.rawHeaders, body].join('\n'))
      outgoing.writeHead(200, { 'content-type': 'application/json' })
      outgoing.end('{"success":true,"errors":[],"messages":[],"result":{}}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
