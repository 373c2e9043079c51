import type { HttpFacts } from '../../core/checks/answer.ts'
import type { MissOfSchema } from '../../core/checks/expectations.ts'
import { judgeCertificate, judgeHttp, type HttpCheckSpec } from '../../core/checks/http.ts'
import { alone, type PartSeen, type Seen } from '../../core/checks/seen.ts'
import { askWorker, urlBelow, type Asking, type AskingPorts } from './asking.ts'
import { askFollowing } from './http-redirects.ts'

/** One request, its redirects if they are to be followed, and the address's certificate if it is asked about. */
export async function attemptHttp(spec: HttpCheckSpec, asking: Asking, ports: AskingPorts): Promise<Seen> {
  const schemas = await schemasOf(spec)
  if (typeof schemas === 'string') return alone({ kind: 'failed', expectation: 'a JSON Schema that can be used', seen: schemas, isProven: true, isDefinite: true })
  const [facts, parts] = await Promise.all([ask(spec, asking, ports), certificateOf(spec, asking, ports)])
  return { own: judgeHttp(spec, facts, asking.subject.versionId, schemas), parts }
}

function ask({ method, path, query, headers, body, maxBodyBytes, redirects }: HttpCheckSpec, asking: Asking, ports: AskingPorts): Promise<HttpFacts> {
  const request = { url: withQuery(urlBelow(asking.baseUrl, path), query), method, headers, body, maxBodyBytes }
  return redirects === 'follow' ? askFollowing(request, asking, ports) : askWorker(request, asking, ports)
}

async function certificateOf({ certificateDays }: HttpCheckSpec, { baseUrl, limitMs, signal }: Asking, { clock }: AskingPorts): Promise<readonly PartSeen[]> {
  if (certificateDays === undefined) return []
  const { readCertificate } = await import('./certificate.ts')
  return [{ name: 'certificate', ...judgeCertificate(certificateDays, await readCertificate(baseUrl, limitMs, signal), clock.now()) }]
}

type Schemas = MissOfSchema | undefined | string

/** A check is tried several times, and a schema takes longer to compile than most take to answer. */
const compiled = new WeakMap<HttpCheckSpec, Promise<Schemas>>()

function schemasOf(spec: HttpCheckSpec): Promise<Schemas> {
  const known = compiled.get(spec) ?? compile(spec)
  compiled.set(spec, known)
  return known
}

/** What judges the body, or what is wrong with a schema. */
async function compile({ expect, failAtOnce }: HttpCheckSpec): Promise<Schemas> {
  const schemas = [expect.jsonSchema, failAtOnce?.jsonSchema].flatMap((one) => (typeof one === 'object' && one !== null ? [one] : []))
  if (schemas.length === 0) return undefined
  const { compileSchemas } = await import('./json-schema.ts')
  try {
    return await compileSchemas(schemas)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function withQuery(url: URL, query: Readonly<Record<string, string>> = {}): URL {
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, value)
  return url
}
