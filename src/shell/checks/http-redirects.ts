import type { HttpAnswer, HttpFacts } from '../../core/checks/answer.ts'
import { askElsewhere, askWorker, type Asking, type AskingPorts, type WorkerRequest } from './asking.ts'

const MOST_REDIRECTS = 5

type FollowingRequest = Extract<WorkerRequest, { readonly url: URL }>

/** Asks, and follows up to five redirects, all within the attempt's limit; the answer's time is that of all of them. */
export async function askFollowing(request: FollowingRequest, asking: Asking, ports: AskingPorts): Promise<HttpFacts> {
  let next = request
  let spentMs = 0
  for (let left = MOST_REDIRECTS; ; left -= 1) {
    const facts = await askOnce(next, { ...asking, limitMs: Math.max(1, asking.limitMs - spentMs) }, ports)
    spentMs += facts.durationMs
    const after = facts.kind === 'answer' ? redirected(next, facts, asking.baseUrl) : undefined
    if (after === undefined || left === 0) return ofAll(facts, { spentMs, limitMs: asking.limitMs, isEndless: after !== undefined })
    next = after
  }
}

function ofAll(facts: HttpFacts, { spentMs, limitMs, isEndless }: { readonly spentMs: number; readonly limitMs: number; readonly isEndless: boolean }): HttpFacts {
  switch (facts.kind) {
    case 'answer':
      return { ...facts, durationMs: spentMs, ...(isEndless ? { isEndless } : {}) }
    case 'timed-out':
      // Of the whole attempt: that the last request had less is our doing.
      return { ...facts, durationMs: spentMs, limitMs }
    case 'no-answer':
    case 'stopped':
      return { ...facts, durationMs: spentMs }
  }
}

/**
 * Headers may hold secrets, and the override header is this Worker's: neither goes to another host. The query that
 * passes caches does not go there either, since others sign their addresses.
 */
function askOnce(request: FollowingRequest, asking: Asking, ports: AskingPorts): Promise<HttpFacts> {
  if (request.url.origin === asking.baseUrl.origin) return askWorker(request, asking, ports)
  return askElsewhere({ ...request, headers: {} }, asking, ports)
}

/** The request that a redirect asks for; `undefined` where it is no redirect, or one that is not followed. */
function redirected(request: FollowingRequest, { status, headers }: HttpAnswer, home: URL): FollowingRequest | undefined {
  const location = headers['location'] ?? ''
  if (![301, 302, 303, 307, 308].includes(status) || location === '' || !URL.canParse(location, request.url.href)) return undefined
  const url = new URL(location, request.url)
  const isHome = url.origin === home.origin
  if (url.protocol !== 'https:' && !isHome) return undefined
  // RFC 9110, 15.4: 303 asks with GET; clients do so after 301 and 302 to a POST as well.
  const becomesGet = status === 303 ? request.method !== 'HEAD' : (status === 301 || status === 302) && request.method === 'POST'
  if (becomesGet) return { ...request, url, method: 'GET', body: undefined, headers: withoutContent(request.headers) }
  // A body may hold secrets like a header.
  return !isHome && request.body !== undefined ? undefined : { ...request, url }
}

/** Fetch Standard, "request-body-header name". */
function withoutContent(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^content-(?:type|length|encoding|language|location)$/i.test(name)))
}
