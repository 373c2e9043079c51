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

/** What an HTTP answer must be; everything that is given must be met. */
export interface HttpExpectation {
  /** Any of these. */
  readonly status: readonly number[]
  /** Exact values, names in any case. */
  readonly headers: Readonly<Record<string, string>>
  readonly json: readonly JsonExpectation[]
  /** Text that the body contains. */
  readonly text?: string | undefined
  /** Regular expression that the body matches, see `pattern.ts`. */
  readonly matches?: string | undefined
}

/** An expectation that an answer did not meet, in words for the report. */
export interface Miss {
  readonly expectation: string
  readonly seen: string
}

/** A body that was not JSON. A symbol, because `undefined` and `null` are values of documents. */
export const NOT_JSON: unique symbol = Symbol('not JSON')

const LONGEST_SEEN = 300

/** The first expectation that is not met; `undefined` when all are. */
export function firstMiss(expect: HttpExpectation, answer: HttpAnswer, document: unknown): Miss | undefined {
  return missOfStatus(expect, answer) ?? missOfHeaders(expect, answer) ?? missOfText(expect, answer) ?? missOfJson(expect, answer, document)
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
  if (expect.status.includes(answer.status)) return undefined
  return { expectation: `status ${expect.status.join(' or ')}`, seen: describeAnswer(answer) }
}

function missOfHeaders(expect: HttpExpectation, answer: HttpAnswer): Miss | undefined {
  for (const [name, wanted] of Object.entries(expect.headers)) {
    const seen = answer.headers[name.toLowerCase()]
    if (seen !== wanted) return { expectation: `header ${name}: ${wanted}`, seen: seen === undefined ? 'no such header' : excerpt(seen) }
  }
  return undefined
}

function missOfText({ text, matches }: HttpExpectation, answer: HttpAnswer): Miss | undefined {
  const seen = `${excerpt(answer.body.trim())}${answer.isBodyCut ? ' (only the start was read)' : ''}`
  if (text !== undefined && !answer.body.includes(text)) return { expectation: `body containing ${text}`, seen }
  if (matches !== undefined && compilePattern(matches)?.test(answer.body) !== true) {
    return { expectation: `body matching /${matches}/`, seen }
  }
  return undefined
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
  const seen = found.kind === 'absent' ? 'nothing there' : excerpt(JSON.stringify(found.value))
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
