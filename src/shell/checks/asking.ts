import { randomUUID } from 'node:crypto'
import type { HttpFacts } from '../../core/checks/answer.ts'
import { OVERRIDE_HEADER, overrideValue } from '../../core/checks/override.ts'
import type { VersionId } from '../../core/ids.ts'
import type { Redact } from '../../core/redact.ts'
import type { Clock } from '../clock.ts'
import type { Probe } from './probe.ts'
import type { StorageLists } from './storage.ts'

/** Kept of a body for judging; what follows is not read. */
export const MAX_BODY_BYTES = 65_536

/** Which version is asked for, and whether by the override header or because it serves everybody. */
export interface CheckSubject {
  /** Absent: whichever version answers (a check on its own). */
  readonly versionId?: VersionId
  readonly via: { readonly kind: 'override'; readonly scriptName: string } | { readonly kind: 'plain' }
}

/** What one attempt of a check asks with. */
export interface Asking {
  readonly baseUrl: URL
  readonly subject: CheckSubject
  /** Of this attempt: the check's own limit, or less when the deadline is nearer. */
  readonly limitMs: number
  readonly signal: AbortSignal
  /** Since when the version asked for answers for what happens; absent while no rollout has changed anything. */
  readonly sinceMs?: number | undefined
}

export interface AskingPorts {
  readonly probe: Probe
  readonly clock: Clock
  /** Absent where the run has no token for Cloudflare's API. */
  readonly storage?: StorageLists
  /** Absent where no program may be run. */
  readonly commands?: CommandSurroundings
}

/** What programs are run in. */
export interface CommandSurroundings {
  /** The repository's root; absolute. */
  readonly workspace: string
  /** This process's own environment. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Applied before output is cut, so that no half of a secret is left over. */
  readonly redact: Redact
}

interface RequestBasics {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly maxBodyBytes?: number | undefined
  /** See `ProbeRequest`. */
  readonly keptBodyBytes?: number | undefined
  readonly digests?: readonly string[] | undefined
}

/** `path`: below the base URL's own path; may hold a query. */
export type WorkerRequest = RequestBasics & ({ readonly path: string } | { readonly url: URL })

/** Asks the Worker by the door that the subject names; never throws. */
export function askWorker(request: WorkerRequest, asking: Asking, ports: AskingPorts): Promise<HttpFacts> {
  const url = 'url' in request ? new URL(request.url) : urlBelow(asking.baseUrl, request.path)
  // Caches key by URL; a query that was never seen before has no entry in any.
  url.searchParams.append('sleepwell', randomUUID())
  return send({ ...request, url, headers: { ...request.headers, ...doorHeaders(asking.subject) } }, asking, ports)
}

/** Asks any other address as it is, without the header that chooses a version; never throws. */
export function askElsewhere(request: RequestBasics & { readonly url: URL }, asking: Asking, ports: AskingPorts): Promise<HttpFacts> {
  return send(request, asking, ports)
}

function send(request: RequestBasics & { readonly url: URL }, { limitMs, signal }: Asking, { probe }: AskingPorts): Promise<HttpFacts> {
  const { url, method, headers, body, maxBodyBytes = MAX_BODY_BYTES, keptBodyBytes = maxBodyBytes, digests = [] } = request
  return probe.send({ url, method, headers, ...(body === undefined ? {} : { body }), limitMs, maxBodyBytes, keptBodyBytes, digests }, signal)
}

/** The header that chooses the version, where one must be chosen. */
export function doorHeaders({ versionId, via }: CheckSubject): Readonly<Record<string, string>> {
  if (via.kind === 'plain' || versionId === undefined) return {}
  const value = overrideValue(via.scriptName, versionId)
  return value === undefined ? {} : { [OVERRIDE_HEADER]: value }
}

/** Why the subject's door cannot be used; `undefined` when it can. */
export function doorProblem({ versionId, via }: CheckSubject): string | undefined {
  if (via.kind === 'plain' || versionId === undefined || overrideValue(via.scriptName, versionId) !== undefined) return undefined
  return `${via.scriptName} cannot be named in ${OVERRIDE_HEADER}`
}

/** The path below the base's own; a path can never lead to another host. */
export function urlBelow(baseUrl: URL, pathAndQuery: string): URL {
  const url = new URL(baseUrl)
  const [, path = '', query = ''] = /^([^?#]*)(\?[^#]*)?/.exec(pathAndQuery) ?? []
  url.pathname = `${baseUrl.pathname.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`
  url.search = query
  url.hash = ''
  return url
}
