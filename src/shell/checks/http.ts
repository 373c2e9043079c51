import type { HttpFacts } from '../../core/checks/answer.ts'
import type { MissOfSchema } from '../../core/checks/expectations.ts'
import { judgeCertificate, judgeHttp, type HttpCheckSpec } from '../../core/checks/http.ts'
import { alone, type Seen } from '../../core/checks/seen.ts'
import { askAt, askWorker, urlBelow, type Asking, type AskingPorts } from './asking.ts'

const MOST_REDIRECTS = 5

/** One request, its redirects if they are to be followed, and the address's certificate if it is asked about. */
export async function attemptHttp(spec: HttpCheckSpec, asking: Asking, ports: AskingPorts): Promise<Seen> {
  const judge = await schemaOf(spec)
  if (typeof judge === 'string') return alone({ kind: 'failed', expectation: 'a JSON Schema that can be used', seen: judge, isProven: true, isDefinite: true })
  const facts = await askFollowing(spec, asking, ports)
  const own = judgeHttp(spec, facts, asking.subject.versionId, judge)
  if (spec.certificateDays === undefined) return alone(own)
  const { readCertificate } = await import('./certificate.ts')
  const certificate = await readCertificate(asking.baseUrl, asking.limitMs, asking.signal)
  return { own, parts: [{ name: 'certificate', ...judgeCertificate(spec.certificateDays, certificate, ports.clock.now()) }] }
}

/** What judges the body, or what is wrong with the schema. */
async function schemaOf({ expect: { jsonSchema } }: HttpCheckSpec): Promise<MissOfSchema | undefined | string> {
  if (typeof jsonSchema !== 'object' || jsonSchema === null) return undefined
  const { compileSchema } = await import('./json-schema.ts')
  try {
    return await compileSchema(jsonSchema)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function askFollowing(spec: HttpCheckSpec, asking: Asking, ports: AskingPorts): Promise<HttpFacts> {
  const endsAt = performance.now() + asking.limitMs
  const { method, path, query, headers, body, maxBodyBytes } = spec
  const request = { method, headers, body, ...(maxBodyBytes === undefined ? {} : { maxBodyBytes }) }
  let url = withQuery(urlBelow(asking.baseUrl, path), query)
  let facts = await askWorker({ ...request, url }, asking, ports)
  for (let followed = 0; spec.redirects === 'follow'; followed += 1) {
    const next = nextOf(facts, url)
    if (next === undefined || facts.kind !== 'answer') return facts
    if (followed === MOST_REDIRECTS) return { kind: 'no-answer', reason: 'invalid', message: `more than ${MOST_REDIRECTS} redirects`, durationMs: facts.durationMs }
    const limitMs = Math.max(1, Math.floor(endsAt - performance.now()))
    // Headers may hold secrets, and the override header is this Worker's: neither goes to another host.
    const isHome = next.origin === asking.baseUrl.origin
    const again = { maxBodyBytes: request.maxBodyBytes, ...redirected(facts.status, request), headers: isHome ? headers : {} }
    facts = isHome ? await askWorker({ ...again, url: next }, { ...asking, limitMs }, ports) : await askAt({ ...again, url: next }, { ...asking, limitMs }, ports)
    url = next
  }
  return facts
}

/** RFC 9110, 15.4: 303 asks with GET; clients do so after 301 and 302 to a POST as well. */
function redirected(status: number, { method, body }: { readonly method: string; readonly body?: string | undefined }) {
  const becomesGet = status === 303 ? method !== 'HEAD' : (status === 301 || status === 302) && method === 'POST'
  return becomesGet ? { method: 'GET' } : { method, body }
}

function nextOf(facts: HttpFacts, from: URL): URL | undefined {
  if (facts.kind !== 'answer' || ![301, 302, 303, 307, 308].includes(facts.status)) return undefined
  const location = facts.headers['location'] ?? ''
  if (location === '' || !URL.canParse(location, from.href)) return undefined
  const next = new URL(location, from)
  return next.protocol === 'https:' || next.origin === from.origin ? next : undefined
}

function withQuery(url: URL, query: Readonly<Record<string, string>> = {}): URL {
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, value)
  return url
}
