import { isAlias, isMap, isNode, isScalar, isSeq, type Document, type Node } from 'yaml'
import type { z } from 'zod'
import { closestName } from './closest-name.ts'
import { quote, type Problem } from './problems.ts'

type Path = readonly (string | number)[]
type Issue = z.core.$ZodIssue

/** A parsed file with what messages need to name a place in it. */
export interface Source {
  readonly document: Document
  /** `file:line:column` of an offset. */
  at(offset: number | undefined): string
  /** What was written where a variable has been put in. */
  readonly written: ReadonlyMap<unknown, string>
}

/** Everything that one issue of the schema has to tell, at the places that it is about. */
export function describeIssue(issue: Issue, source: Source): readonly Problem[] {
  const path = issue.path.filter((key) => typeof key !== 'symbol')
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path, issue.message, source))
  const isKey = issue.code === 'invalid_key'
  const node = nodeAt(source.document, path)
  const place = isKey ? offsetOfKey(path, source) : offsetOf(path, source)
  const seen = isKey ? quote(String(path.at(-1))) : describeValue(node, source)
  const subject = isKey ? nameOf(path.slice(0, -1)) : nameOf(path)
  return [invalid(source.at(place), `${subject} ${isKey ? 'has the key' : 'is'} ${seen}; ${expectationOf(issue)}.`)]
}

export function invalid(place: string, message: string): Problem {
  return { code: 'config-invalid', place, message }
}

/** The node at a path, through aliases; `undefined` where nothing is written. */
export function nodeAt(document: Document, path: Path): Node | undefined {
  let node: unknown = document.contents
  for (const key of path) {
    const whole = isAlias(node) ? node.resolve(document) : node
    node = isMap(whole) || isSeq(whole) ? whole.get(key, true) : undefined
  }
  const last = isAlias(node) ? node.resolve(document) : node
  return isNode(last) ? last : undefined
}

function unknownKey(key: string, path: Path, allowedText: string, source: Source): Problem {
  const near = closestName(key, allowedText.replace('allowed: ', '').split(', '))
  const hint = near === undefined ? '' : ` did you mean ${quote(near)}?`
  return invalid(source.at(offsetOfKey([...path, key], source)), `${nameOf(path)} has no key ${quote(key)};${hint} ${allowedText}.`)
}

/** Never the value that a variable gave: it may be a secret. */
function describeValue(node: Node | undefined, { written }: Source): string {
  if (node === undefined) return 'missing'
  if (isMap(node)) return 'a map'
  if (isSeq(node)) return 'a list'
  if (!isScalar(node)) return 'there'
  const { value } = node
  if (value === null || value === '') return 'empty'
  return typeof value === 'string' ? quote(written.get(node) ?? value) : String(value)
}

function expectationOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `allowed: ${issue.values.map(String).join(', ')}`
    case 'invalid_type':
      return `expected ${TYPE_NAMES.get(issue.expected) ?? issue.expected}`
    case 'too_small':
      return `allowed: ${issue.inclusive === false ? 'more than' : 'at least'} ${amount(issue.origin, issue.minimum)}`
    case 'too_big':
      return `allowed: at most ${amount(issue.origin, issue.maximum)}`
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message
    case 'invalid_format':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_union':
    case 'invalid_element':
    case 'custom':
      return issue.message
  }
}

/** YAML's words for what zod calls by JavaScript's. */
const TYPE_NAMES: ReadonlyMap<string, string> = new Map([
  ['object', 'a map'],
  ['record', 'a map'],
  ['array', 'a list'],
  ['string', 'text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
])

function amount(origin: string, limit: number | bigint): string {
  if (origin === 'array') return `${limit} ${limit === 1 ? 'entry' : 'entries'}`
  return origin === 'string' ? `${limit} characters` : String(limit)
}

function nameOf(path: Path): string {
  if (path.length === 0) return 'the file'
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('')
  return `\`${text.replace(/^\./, '')}\``
}

/** Where something is, or, when it is missing, the nearest thing around it. */
function offsetOf(path: Path, source: Source): number | undefined {
  const node = nodeAt(source.document, path)
  if (node !== undefined) return node.range?.[0]
  return path.length === 0 ? 0 : offsetOf(path.slice(0, -1), source)
}

function offsetOfKey(path: Path, source: Source): number | undefined {
  const parent = nodeAt(source.document, path.slice(0, -1))
  const pair = isMap(parent) ? parent.items.find((item) => isScalar(item.key) && String(item.key.value) === path.at(-1)) : undefined
  return isNode(pair?.key) ? pair.key.range?.[0] : offsetOf(path.slice(0, -1), source)
}
