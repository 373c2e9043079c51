import type { HttpAnswer } from './answer.ts'
import { parseJsonPath, readJsonPath, type Found } from './json-path.ts'
import { compilePattern } from './pattern.ts'

/** What a place in a JSON body must hold; everything that is given must be met. */
export interface JsonExpectation {
  readonly path: string
  readonly equals?: unknown
  /** A regular expression for a string's text. */
  readonly matches?: string | undefined
  readonly exists?: boolean | undefined
  readonly type?: 'string' | 'number' | 'boolean' | 'object' | 'array' | 'null' | undefined
  readonly min?: number | undefined
  readonly max?: number | undefined
}

/** A status, a class of them (`2xx`) or a range (`200-299`). */
export type StatusExpectation = number | string

/** A header's exact value, or what else it must be. */
export type HeaderExpectation = string | { readonly matches?: string | undefined; readonly exists?: boolean | undefined }

/** What an HTTP answer must be; everything that is given must be met. */
export interface HttpExpectation {
  /** Any of these. */
  readonly status: readonly StatusExpectation[]
  /** Names in any case. */
  readonly headers: Readonly<Record<string, HeaderExpectation>>
  readonly json: readonly JsonExpectation[]
  /** Text that the body contains. */
  readonly text?: string | undefined
  /** Regular expression that the body matches, see `pattern.ts`. */
  readonly matches?: string | undefined
  /** JSON Schema (2020-12) of the body; whoever sends the request gives `missOfSchema`, since its judge is no matter of the core's. */
  readonly jsonSchema?: unknown
  readonly bodyBytes?: { readonly min?: number | undefined; readonly max?: number | undefined } | undefined
  /** SHA-256 of the body, lower-case hexadecimal. */
  readonly sha256?: string | undefined
  /** From the request to the end of the body. */
  readonly withinMs?: number | undefined
}

/** Where and how a document breaks a check's JSON Schema; `undefined` when it fits. */
export type MissOfSchema = (schema: unknown, document: unknown) => string | undefined

/** An expectation that an answer did not meet, in words for the report. */
export interface Miss {
  readonly expectation: string
  readonly seen: string
}

/** A body that was not JSON. A symbol, because `undefined` and `null` are values of documents. */
export const NOT_JSON: unique symbol = Symbol('not JSON')

const LONGEST_SEEN = 300

/** The first expectation that is not met; `undefined` when all are. */
export function firstMiss(expect: HttpExpectation, answer: HttpAnswer, document: unknown, missOfSchema?: MissOfSchema): Miss | undefined {
  return (
    missOfStatus(expect, answer) ??
    missOfHeaders(expect, answer) ??
    missOfText(expect, answer) ??
    missOfJson(expect, answer, document) ??
    missOfJsonSchema(expect, answer, document, missOfSchema) ??
    missOfBytes(expect, answer) ??
    missOfTime(expect, answer)
  )
}

/** The document in a body, or `NOT_JSON`. */
export function parseDocument(answer: HttpAnswer): unknown {
  try {
    const document: unknown = JSON.parse(answer.body)
    return document
  } catch {
    return NOT_JSON
  }
}

/** Status and the start of the body: enough to recognise an error page. */
export function describeAnswer(answer: HttpAnswer): string {
  const body = answer.body.trim()
  return body === '' ? `status ${answer.status}, no body` : `status ${answer.status}, body: ${excerpt(body)}`
}

function missOfStatus(expect: HttpExpectation, answer: HttpAnswer): Miss | undefined {
  if (expect.status.some((wanted) => isStatus(wanted, answer.status))) return undefined
  return { expectation: `status ${expect.status.join(' or ')}`, seen: describeAnswer(answer) }
}

/** `2xx` is every status of its class, `200-299` every one from the first to the last. */
export function isStatus(wanted: StatusExpectation, status: number): boolean {
  if (typeof wanted === 'number') return wanted === status
  const [, least, most] = /^(\d{3})-(\d{3})$/.exec(wanted) ?? []
  if (least !== undefined && most !== undefined) return status >= Number(least) && status <= Number(most)
  return wanted.toLowerCase() === `${Math.floor(status / 100)}xx`
}

function missOfHeaders(expect: HttpExpectation, answer: HttpAnswer): Miss | undefined {
  for (const [name, wanted] of Object.entries(expect.headers)) {
    const value = answer.headers[name.toLowerCase()]
    const seen = value === undefined ? 'no such header' : excerpt(value)
    if (typeof wanted === 'string') {
      if (value !== wanted) return { expectation: `header ${name}: ${wanted}`, seen }
      continue
    }
    if (wanted.exists === false && value !== undefined) return { expectation: `no header ${name}`, seen }
    if (wanted.exists !== false && value === undefined) return { expectation: `a header ${name}`, seen }
    if (wanted.matches !== undefined && compilePattern(wanted.matches)?.test(value ?? '') !== true) return { expectation: `header ${name} matching /${wanted.matches}/`, seen }
  }
  return undefined
}

function missOfJsonSchema({ jsonSchema }: HttpExpectation, answer: HttpAnswer, document: unknown, missOfSchema: MissOfSchema | undefined): Miss | undefined {
  if (jsonSchema === undefined) return undefined
  const expectation = 'a body that fits the JSON Schema'
  if (document === NOT_JSON) return { expectation, seen: describeAnswer(answer) }
  // A schema that nobody can judge is no pass.
  const seen = missOfSchema === undefined ? 'nothing that judges schemas' : missOfSchema(jsonSchema, document)
  return seen === undefined ? undefined : { expectation, seen: excerpt(seen) }
}

function missOfBytes({ bodyBytes, sha256 }: HttpExpectation, { bodyBytes: seen = 0, bodySha256 = '', isBodyCut }: HttpAnswer): Miss | undefined {
  const size = `${isBodyCut ? 'more than ' : ''}${seen} bytes`
  if (bodyBytes?.min !== undefined && seen < bodyBytes.min) return { expectation: `a body of at least ${bodyBytes.min} bytes`, seen: size }
  if (bodyBytes?.max !== undefined && (isBodyCut || seen > bodyBytes.max)) return { expectation: `a body of at most ${bodyBytes.max} bytes`, seen: size }
  if (sha256 === undefined || (!isBodyCut && sha256 === bodySha256)) return undefined
  return { expectation: `a body with SHA-256 ${sha256}`, seen: isBodyCut ? `${size}, of which not all was read` : bodySha256 }
}

function missOfTime({ withinMs }: HttpExpectation, { durationMs }: HttpAnswer): Miss | undefined {
  return withinMs === undefined || durationMs <= withinMs ? undefined : { expectation: `an answer within ${withinMs} ms`, seen: `${durationMs} ms` }
}

function missOfText({ text, matches }: HttpExpectation, answer: HttpAnswer): Miss | undefined {
  const seen = `${excerpt(answer.body.trim())}${answer.isBodyCut ? ' (only the start was read)' : ''}`
  if (text !== undefined && !answer.body.includes(text)) return { expectation: `body containing ${text}`, seen }
  const matching = matches === undefined ? 'matches' : compilePattern(matches)?.judge(answer.body)
  if (matching === 'matches') return undefined
  return { expectation: `body matching /${matches}/`, seen: matching === 'too-much' ? `more text than this pattern can be matched against: ${answer.body.length} characters` : seen }
}

function missOfJson(expect: HttpExpectation, answer: HttpAnswer, document: unknown): Miss | undefined {
  if (expect.json.length === 0) return undefined
  if (document === NOT_JSON) return { expectation: 'a JSON body', seen: describeAnswer(answer) }
  for (const expectation of expect.json) {
    const miss = missAt(expectation, document)
    if (miss !== undefined) return miss
  }
  return undefined
}

function missAt(wanted: JsonExpectation, document: unknown): Miss | undefined {
  const path = parseJsonPath(wanted.path)
  const found: Found = path === undefined ? { kind: 'absent' } : readJsonPath(document, path)
  const seen = found.kind === 'absent' ? 'nothing there' : inJson(found.value)
  const miss = (what: string): Miss => ({ expectation: `${wanted.path} ${what}`, seen })
  if (wanted.exists === false) return found.kind === 'absent' ? undefined : miss('absent')
  if (found.kind === 'absent') return miss('present')
  const { value } = found
  if (wanted.type !== undefined && typeOf(value) !== wanted.type) return miss(`of type ${wanted.type}`)
  if (wanted.equals !== undefined && !isSameJson(value, wanted.equals)) return miss(`equal to ${JSON.stringify(wanted.equals)}`)
  if (wanted.matches !== undefined && !(typeof value === 'string' && compilePattern(wanted.matches)?.test(value) === true)) {
    return miss(`matching /${wanted.matches}/`)
  }
  if (wanted.min !== undefined && !(typeof value === 'number' && value >= wanted.min)) return miss(`at least ${wanted.min}`)
  if (wanted.max !== undefined && !(typeof value === 'number' && value <= wanted.max)) return miss(`at most ${wanted.max}`)
  return undefined
}

/** A value of a document, for people. It may nest deeper than anything that walks it can follow. */
export function inJson(value: unknown): string {
  try {
    return excerpt(JSON.stringify(value))
  } catch {
    return `${typeOf(value)}, nested too deeply to be shown`
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/** Equal as JSON documents; the order of keys does not matter. */
export function isSameJson(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const ones = new Map(Object.entries(one))
  const others = new Map(Object.entries(other))
  return ones.size === others.size && [...ones].every(([key, value]) => others.has(key) && isSameJson(value, others.get(key)))
}

export function excerpt(text: string): string {
  return text.length <= LONGEST_SEEN ? text : `${text.slice(0, LONGEST_SEEN).toWellFormed()}…`
}
