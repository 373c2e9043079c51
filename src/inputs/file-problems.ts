import { isAlias, isMap, isNode, isScalar, isSeq, type Document } from 'yaml'
import type { z } from 'zod'
import { quote, type Problem } from './problems.ts'

type Issue = z.core.$ZodIssue
type Path = readonly (string | number)[]

/** The file that a problem is found in. */
export interface Source {
  readonly document: Document
  /** `path:line:column` of an offset. */
  readonly at: (offset: number | undefined) => string
  /** Values as they stand in the file where a variable was put in. */
  readonly written: ReadonlyMap<unknown, string>
}

/** A finding of the schema, with its place, the value seen and what is allowed. */
export function describeIssue(issue: Issue, source: Source): Problem[] {
  const { document, at } = source
  const path = issue.path.filter((key) => typeof key !== 'symbol')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => invalid(at(offsetOfKey(document, path, key)), `${nameOf(path)} has no key ${quote(key)}; ${issue.message}.`))
  }
  if (issue.code === 'invalid_key') {
    const [parent, key] = [path.slice(0, -1), String(path.at(-1))]
    const expected = issue.issues[0]?.message ?? issue.message
    return [invalid(at(offsetOfKey(document, parent, key)), `${nameOf(parent)} has the key ${quote(key)}; ${expected}.`)]
  }
  const node = document.getIn(path, true)
  const offset = isNode(node) ? node.range?.[0] : offsetAround(document, path)
  const isWhole = issue.code === 'custom' && issue.params?.['isWhole'] === true
  return [invalid(at(offset), `${nameOf(path)} ${isWhole ? issue.message : `${seenAs(node, source)}; ${expectationOf(issue)}.`}`)]
}

function seenAs(node: unknown, source: Source): string {
  const { document, written } = source
  if (isSeq(node)) return node.items.length === 0 ? 'is an empty list' : 'is a list'
  if (isMap(node)) {
    const keys = node.items.map(({ key }) => (isScalar(key) ? String(key.value) : '…'))
    return keys.length === 0 ? 'is an empty map' : `is a map with ${quote(keys.join(', '))}`
  }
  if (isAlias(node)) return `is *${node.source}, which ${seenAs(node.resolve(document), source)}`
  if (!isScalar(node)) return 'is missing'
  const asWritten = written.get(node)
  if (asWritten !== undefined) return `is ${quote(asWritten)} with its variables put in`
  if (node.value === null) return 'is empty'
  return `is ${typeof node.value === 'string' ? quote(node.value) : JSON.stringify(node.value)}`
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
}

function expectationOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `allowed: ${issue.values.map(String).join(', ')}`
    case 'invalid_type':
      return `expected ${TYPES[issue.expected] ?? issue.expected}`
    case 'too_small':
      return `allowed: ${issue.inclusive === false ? 'more than' : 'at least'} ${String(issue.minimum)}${unitOf(issue.origin, issue.minimum)}`
    case 'too_big':
      return `allowed: at most ${String(issue.maximum)}${unitOf(issue.origin, issue.maximum)}`
    case 'invalid_format':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return issue.message
  }
}

function unitOf(origin: string, count: number | bigint): string {
  const isOne = Number(count) === 1
  if (origin === 'string') return isOne ? ' character' : ' characters'
  if (origin === 'array') return isOne ? ' entry' : ' entries'
  return ''
}

function nameOf(path: Path): string {
  return path.length === 0 ? 'the file' : `\`${path.join('.')}\``
}

function offsetOfKey(document: Document, path: Path, key: string): number | undefined {
  const parent = path.length === 0 ? document.contents : document.getIn(path, true)
  if (!isMap(parent)) return offsetAround(document, path)
  const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
  return isNode(pair?.key) ? pair.key.range?.[0] : parent.range?.[0]
}

/** Where something is missing: the nearest thing around it that is there. */
function offsetAround(document: Document, path: Path): number | undefined {
  if (path.length === 0) return isNode(document.contents) ? document.contents.range?.[0] : undefined
  const node = document.getIn(path.slice(0, -1), true)
  return isNode(node) ? node.range?.[0] : offsetAround(document, path.slice(0, -1))
}

export function invalid(place: string, message: string): Problem {
  return { code: 'config-invalid', place, message }
}
