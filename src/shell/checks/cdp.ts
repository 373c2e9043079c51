import { debuggerPathIn, GET_VERSION, hasAnswered, hearBrowser, isBelowBase, judgeBrowser, judgeLookUp, needsLookUp, type BrowserSays, type CdpCheckSpec } from '../../core/checks/cdp.ts'
import type { HttpFacts } from '../../core/checks/answer.ts'
import { alone, type Seen } from '../../core/checks/seen.ts'
import { askWorker, doorHeaders, MAX_BODY_BYTES, urlBelow, type Asking, type AskingPorts } from './asking.ts'
import { converse } from './socket.ts'
import { asSocket, socketUrl } from './websocket.ts'

/** Asks a browser for its version, and nothing else. */
export async function attemptCdp(spec: CdpCheckSpec, asking: Asking, ports: AskingPorts): Promise<Seen> {
  const startedAt = performance.now()
  if (!needsLookUp(spec)) return ask(spec, asking, { path: spec.endpoint, startedAt })
  const found = await lookUp(spec, asking, ports)
  const path = debuggerPathIn(found)
  if (path === undefined) return alone(judgeLookUp(spec, found, asking.subject.versionId))
  const prefix = isBelowBase(spec) ? spec.endpoint.replace(/\/json\/version[^]*$/, '') : ''
  return ask(spec, asking, { path: `${prefix}${path}`, startedAt })
}

function lookUp(spec: CdpCheckSpec, asking: Asking, ports: AskingPorts): Promise<HttpFacts> {
  const { endpoint: path, headers } = spec
  if (isBelowBase(spec)) return askWorker({ path, method: 'GET', headers }, asking, ports)
  const url = new URL(path.replace(/^ws/, 'http'))
  return ports.probe.send({ url, method: 'GET', headers, limitMs: asking.limitMs, maxBodyBytes: MAX_BODY_BYTES }, asking.signal)
}

async function ask(spec: CdpCheckSpec, { baseUrl, subject, limitMs, signal }: Asking, { path, startedAt }: { readonly path: string; readonly startedAt: number }): Promise<Seen> {
  let says: BrowserSays = { count: 0 }
  const door = isBelowBase(spec) ? doorHeaders(subject) : {}
  const facts = await converse({
    url: addressOf(spec, baseUrl, path),
    headers: { ...spec.headers, ...door },
    protocols: [],
    send: [GET_VERSION],
    hasEnough(message) {
      if (message !== undefined) says = hearBrowser(says, message)
      return hasAnswered(says)
    },
    messageLimitMs: limitMs,
    startedAt,
    limitMs,
    signal,
  })
  return judgeBrowser(spec, facts, says, subject.versionId)
}

/** A path that was looked up never leads to another host: headers that are meant for this one would go there. */
function addressOf(spec: CdpCheckSpec, baseUrl: URL, path: string): URL {
  if (isBelowBase(spec)) return socketUrl(baseUrl, path)
  return asSocket(path === spec.endpoint ? new URL(path) : urlBelow(new URL('/', spec.endpoint), path))
}
