import { randomUUID } from 'node:crypto'
import type { Seen } from '../../core/checks/seen.ts'
import { beginHearing, hear, isEnough, judgeWebSocket, type WebSocketCheckSpec } from '../../core/checks/websocket.ts'
import { doorHeaders, urlBelow, type Asking } from './asking.ts'
import { converse } from './socket.ts'

/** Opens a WebSocket to the Worker, by the door that the subject names. */
export async function attemptWebSocket(spec: WebSocketCheckSpec, asking: Asking): Promise<Seen> {
  const { subject, limitMs, signal } = asking
  let hearing = beginHearing(spec)
  const facts = await converse({
    url: socketUrl(asking.baseUrl, spec.path),
    headers: { ...spec.headers, ...doorHeaders(subject) },
    protocols: spec.protocols,
    send: [spec.send ?? []].flat(),
    hasEnough(message) {
      if (message !== undefined) hearing = hear(spec, hearing, message)
      return isEnough(spec, hearing)
    },
    messageLimitMs: spec.expect?.withinSeconds === undefined ? limitMs : spec.expect.withinSeconds * 1000,
    startedAt: performance.now(),
    limitMs,
    signal,
  })
  return judgeWebSocket(spec, facts, hearing, subject.versionId)
}

/** Below the base's own path, with a query that no cache has seen. */
export function socketUrl(baseUrl: URL, path: string): URL {
  const url = asSocket(urlBelow(baseUrl, path))
  url.searchParams.append('sleepwell', randomUUID())
  return url
}

export function asSocket(address: URL): URL {
  const url = new URL(address)
  url.protocol = { 'http:': 'ws:', 'https:': 'wss:' }[address.protocol] ?? address.protocol
  return url
}
