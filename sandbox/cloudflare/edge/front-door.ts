import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { takeFault, type Fault } from '../../faults.ts'
import { portOf, type RequestRecord, type World } from '../../world.ts'
import { passRequest, passUpgrade, type Passed } from './proxy.ts'
import type { VersionRuntime } from './runtime.ts'
import type { Visit } from './tally.ts'

/** Where one request goes. */
export interface Route {
  readonly scriptName: string
  readonly location: number
  /** `undefined`: no version of such a script is to be seen at this location. */
  readonly runtime: VersionRuntime | undefined
}

export interface FrontDoorContext {
  readonly world: World
  /** `portScript` is the script whose own port the request came to. */
  readonly route: (incoming: IncomingMessage, portScript: string | undefined) => Route
  readonly onVisit: (visit: Visit, outcome: Passed['outcome']) => void
  /** A request or a WebSocket has ended. */
  readonly onClosed: () => void
}

interface Arrival extends Route {
  readonly incoming: IncomingMessage
  readonly record: RequestRecord
  readonly startedAt: number
}

export interface FrontDoors extends AsyncDisposable {
  /** Origin of the port that serves all scripts. */
  readonly url: string
  /** Origin of the port of one script. */
  urlFor(scriptName: string): Promise<string>
}

/** Listens on loopback for users: on one port for all scripts, and on one for each script that is asked for. */
export async function openFrontDoors(context: FrontDoorContext, port: number): Promise<FrontDoors> {
  const shared = await openFrontDoor(context, port)
  const own = new Map<string, Promise<Server>>()
  return {
    url: originOf(shared),
    async urlFor(scriptName) {
      const server = own.get(scriptName) ?? openFrontDoor(context, 0, scriptName)
      own.set(scriptName, server)
      return originOf(await server)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([shared, ...(await Promise.all(own.values()))].map(close))
    },
  }
}

/** WebSockets of each server. */
const openSockets = new WeakMap<Server, Set<Duplex>>()

async function openFrontDoor(context: FrontDoorContext, port: number, scriptName?: string): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    void answer(context, arrive(context, incoming, scriptName), outgoing)
  })
  server.on('upgrade', (incoming, client, head) => {
    void upgrade(context, arrive(context, incoming, scriptName), client, head)
  })
  // `close` waits for WebSockets too, but `closeAllConnections` no longer knows them.
  const upgraded = new Set<Duplex>()
  openSockets.set(server, upgraded)
  server.on('upgrade', (_, client) => {
    upgraded.add(client)
    client.once('close', () => upgraded.delete(client))
  })
  // Longer than clients pause between requests: a socket closed under a client is a failed request.
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return server
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${portOf(server)}`
}

async function close(server: Server): Promise<void> {
  for (const client of openSockets.get(server) ?? []) client.destroy()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

function arrive(context: FrontDoorContext, incoming: IncomingMessage, portScript: string | undefined): Arrival {
  const { pathname: path, search: query } = new URL(incoming.url ?? '/', 'http://edge')
  const at = context.world.now().toISOString()
  const method = incoming.method ?? 'GET'
  const record: RequestRecord = { at, service: 'edge', method, path, query, body: '', status: 0 }
  context.world.requests.push(record)
  return { ...context.route(incoming, portScript), incoming, record, startedAt: performance.now() }
}

async function answer(context: FrontDoorContext, arrival: Arrival, outgoing: ServerResponse): Promise<void> {
  const fault = takeFault(context.world.faults, arrival.record)
  if (fault !== undefined) arrival.record.fault = fault.kind
  if (fault?.kind === 'answer' || fault?.kind === 'dropped') {
    settle(context, { ...arrival, runtime: undefined }, interfere(fault, outgoing))
    return
  }
  await whileOpen(context, arrival, async () => {
    if (fault?.kind === 'delay') await pause(fault.milliseconds)
    if (fault?.kind === 'observe') await fault.before?.()
    // The version answers, and the answer goes nowhere.
    if (fault?.kind === 'reply-lost') outgoing.write = () => outgoing.destroy() !== undefined
    settle(context, arrival, await pass(arrival, outgoing))
    if (fault?.kind === 'observe') fault.after?.()
  })
}

/** No version's process ends under a request, from its arrival on. */
async function whileOpen(context: FrontDoorContext, { runtime }: Arrival, act: () => Promise<void>): Promise<void> {
  if (runtime === undefined) return act()
  runtime.openConnections += 1
  try {
    await act()
  } finally {
    runtime.openConnections -= 1
    context.onClosed()
  }
}

/** Something between the user and the version answers, or cuts the connection. */
function interfere(fault: Extract<Fault, { kind: 'answer' | 'dropped' }>, outgoing: ServerResponse): Passed {
  if (fault.kind === 'dropped') {
    outgoing.destroy()
    return { status: 0, outcome: 'canceled' }
  }
  const text = typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? '')
  outgoing.writeHead(fault.status, fault.headers).end(text)
  return { status: fault.status, outcome: 'ok' }
}

async function pass({ runtime, incoming, scriptName }: Arrival, outgoing: ServerResponse): Promise<Passed> {
  if (runtime !== undefined) return passRequest(incoming, outgoing, runtime.port)
  outgoing.writeHead(404, { 'content-type': 'text/plain' }).end(nothingHere(scriptName))
  return NOT_FOUND
}

async function upgrade(context: FrontDoorContext, arrival: Arrival, client: Duplex, head: Buffer): Promise<void> {
  const { runtime, incoming, scriptName } = arrival
  if (runtime === undefined) {
    client.end(`HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n${nothingHere(scriptName)}`)
    settle(context, arrival, NOT_FOUND)
    return
  }
  const onAnswer = (passed: Passed) => settle(context, arrival, passed)
  await whileOpen(context, arrival, () => passUpgrade(incoming, client, head, { port: runtime.port, onAnswer }))
}

const NOT_FOUND: Passed = { status: 404, outcome: 'ok' }

function nothingHere(scriptName: string): string {
  return `There is nothing here yet: no version of the Worker "${scriptName}" is deployed at this location.\n`
}

function settle(context: FrontDoorContext, arrival: Arrival, { status, outcome }: Passed): void {
  const { record, incoming, runtime } = arrival
  record.status = status
  const visit: Visit = {
    at: record.at,
    scriptName: arrival.scriptName,
    versionId: runtime?.version.id,
    location: arrival.location,
    method: record.method,
    path: record.path,
    userAgent: incoming.headers['user-agent'] ?? '',
    override: incoming.headers['cloudflare-workers-version-overrides'] !== undefined,
    status,
    durationMs: performance.now() - arrival.startedAt,
  }
  context.onVisit(visit, outcome)
}
