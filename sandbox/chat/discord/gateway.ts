import type { Server } from 'node:http'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { z } from 'zod'
import type { Application } from './state.ts'

/** Docs "Gateway", section "Hello Event". */
const hello = { t: null, s: null, op: 10, d: { heartbeat_interval: 41_250 } }

const ops = { heartbeat: 1, identify: 2, heartbeatAck: 11 }

const payload = z.object({ op: z.int() })

/** The gateway's port: says HELLO and answers heartbeats. Whoever identifies would take a session from the real bot. */
export function openGateway(server: Server, application: Application): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    const problem = queryProblem(new URL(request.url ?? '/', 'http://gateway'))
    if (problem !== undefined) {
      application.world.violations.push(`Discord sandbox, gateway ${request.url ?? ''}: ${problem}`)
    }
    if (problem !== undefined || application.gatewayMood === 'refused') {
      socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (client) => greet(application, client))
  })
  return sockets
}

/** Docs "Gateway", section "Gateway URL Query String Params"; compression and ETF are not played. */
function queryProblem(url: URL): string | undefined {
  if (url.pathname !== '/') return 'the sandbox has no such path'
  for (const [name, value] of url.searchParams) {
    if (name === 'v' && value === '10') continue
    if (name === 'encoding' && value === 'json') continue
    return `the sandbox does not know ${name}=${value}`
  }
  return undefined
}

function greet(application: Application, client: WebSocket): void {
  application.gatewayConnections += 1
  // A client that breaks the connection is no concern of the gateway's.
  client.on('error', () => {})
  client.on('message', (data) => hear(application, client, data))
  if (application.gatewayMood === 'hello') client.send(JSON.stringify(hello))
  if (application.gatewayMood === 'garbled') client.send('<html>Bad gateway</html>')
}

function hear(application: Application, client: WebSocket, data: RawData): void {
  const said = parsed(data)
  if (said === undefined) {
    client.close(4002, 'Error while decoding payload.')
    return
  }
  application.gatewayCalls.push({ op: said.op })
  switch (said.op) {
    case ops.heartbeat:
      client.send(JSON.stringify({ t: null, s: null, op: ops.heartbeatAck, d: null }))
      return
    case ops.identify:
      application.world.violations.push('Discord sandbox, gateway: a check identified (op 2), which takes a session')
      client.close(4004, 'Authentication failed.')
      return
  }
  // Docs "Opcodes and Status Codes", close code 4003: a payload prior to identifying.
  application.world.violations.push(`Discord sandbox, gateway: op ${said.op} before any session`)
  client.close(4003, 'Not authenticated.')
}

function parsed(data: RawData): z.infer<typeof payload> | undefined {
  try {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data instanceof ArrayBuffer ? new Uint8Array(data) : data)
    return payload.parse(JSON.parse(bytes.toString('utf8')))
  } catch {
    return undefined
  }
}
