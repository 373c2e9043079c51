import { SandboxGap } from '../gap.ts'
import { QueryError, readTokens, tokensOf, type Reader } from './tokens.ts'

export type Value =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'list'; readonly values: readonly Value[] }
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, Value> }
  /** `true`, `null`, or a name of an enumeration. */
  | { readonly kind: 'name'; readonly value: string }

export interface Field {
  readonly name: string
  /** Under which its value is answered. */
  readonly alias: string
  readonly args: ReadonlyMap<string, Value>
  /** Without any: a leaf. */
  readonly selection: readonly Field[]
}

/**
 * The fields of the one query of a document. Variables, fragments and directives, which nobody here sends,
 * are gaps: the sandbox would rather not answer than misread them.
 */
export function parseQuery(text: string): readonly Field[] {
  const reader = readTokens(tokensOf(text))
  if (reader.takes('query') && !reader.isNext('{')) {
    if (!reader.isNext('(')) reader.name()
    refuseGaps(reader)
  }
  const fields = selectionOf(reader)
  if (!reader.isAtEnd()) throw new SandboxGap('a document of several operations')
  return fields
}

function refuseGaps(reader: Reader): void {
  for (const [mark, what] of [['(', 'variables'], ['$', 'variables'], ['...', 'fragments'], ['@', 'directives']] as const) {
    if (reader.isNext(mark)) throw new SandboxGap(`GraphQL ${what}`)
  }
}

function selectionOf(reader: Reader): readonly Field[] {
  const fields: Field[] = []
  reader.expect('{')
  do {
    if (!reader.isNext('(')) refuseGaps(reader)
    const field = fieldOf(reader)
    if (fields.some(({ alias }) => alias === field.alias)) throw new QueryError(`"${field.alias}" is selected twice`)
    fields.push(field)
  } while (!reader.takes('}'))
  return fields
}

function fieldOf(reader: Reader): Field {
  const alias = reader.name()
  const name = reader.takes(':') ? reader.name() : alias
  const args = reader.takes('(') ? entriesOf(reader, ')') : new Map<string, Value>()
  if (!reader.isNext('(')) refuseGaps(reader)
  return { name, alias, args, selection: reader.isNext('{') ? selectionOf(reader) : [] }
}

function entriesOf(reader: Reader, end: string): ReadonlyMap<string, Value> {
  const entries = new Map<string, Value>()
  while (!reader.takes(end)) {
    const name = reader.name()
    reader.expect(':')
    if (entries.has(name)) throw new QueryError(`"${name}" is given twice`)
    entries.set(name, valueOf(reader))
  }
  return entries
}

function valueOf(reader: Reader): Value {
  refuseGaps(reader)
  if (reader.takes('{')) return { kind: 'object', fields: entriesOf(reader, '}') }
  if (reader.takes('[')) {
    const values: Value[] = []
    while (!reader.takes(']')) values.push(valueOf(reader))
    return { kind: 'list', values }
  }
  const token = reader.next()
  switch (token.kind) {
    case 'string':
      return { kind: 'string', value: token.value }
    case 'number':
      return { kind: 'number', value: Number(token.text) }
    case 'name':
      return { kind: 'name', value: token.text }
    case 'mark':
      throw new QueryError(`syntax error: expected a value, found ${token.text}`)
  }
}
