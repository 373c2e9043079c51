import type { Field, Value } from './document.ts'
import { QueryError, readTokens, tokensOf, type Reader } from './tokens.ts'

interface TypeRef {
  readonly name: string
  readonly isList: boolean
  readonly isRequired: boolean
}

interface FieldType {
  readonly type: TypeRef
  readonly args: ReadonlyMap<string, TypeRef>
}

/** Fields by type; a scalar has none. */
export type Schema = ReadonlyMap<string, ReadonlyMap<string, FieldType>>

/** Reads types, inputs and scalars in GraphQL's schema language, as far as the sandbox writes it. */
export function readSchema(text: string): Schema {
  const reader = readTokens(tokensOf(text))
  const types = new Map<string, ReadonlyMap<string, FieldType>>()
  while (!reader.isAtEnd()) {
    const keyword = reader.name()
    if (keyword === 'schema') fieldTypesOf(reader)
    else types.set(reader.name(), keyword === 'scalar' ? new Map() : fieldTypesOf(reader))
  }
  return types
}

function fieldTypesOf(reader: Reader): ReadonlyMap<string, FieldType> {
  const fields = new Map<string, FieldType>()
  reader.expect('{')
  while (!reader.takes('}')) {
    const name = reader.name()
    const args = new Map<string, TypeRef>()
    if (reader.takes('(')) {
      while (!reader.takes(')')) args.set(reader.name(), typeOf(reader))
    }
    fields.set(name, { args, type: typeOf(reader) })
  }
  return fields
}

/** After the colon; lists of lists are not known here. */
function typeOf(reader: Reader): TypeRef {
  reader.takes(':')
  const isList = reader.takes('[')
  const name = reader.name()
  if (isList) {
    reader.takes('!')
    reader.expect(']')
  }
  return { name, isList, isRequired: reader.takes('!') }
}

/** Throws what the first field or argument is wrong in (GraphQL specification, section 5). */
export function validate(schema: Schema, fields: readonly Field[], typeName = 'Query'): void {
  for (const { name, args, selection } of fields) {
    const field = schema.get(typeName)?.get(name)
    if (field === undefined) throw new QueryError(`unknown field "${name}" of ${typeName}`)
    validateEntries(schema, args, field.args, `argument of ${name}`)
    const isLeaf = schema.get(field.type.name)?.size === 0
    if (isLeaf === selection.length > 0) throw new QueryError(isLeaf ? `"${name}" has no fields` : `no fields of "${name}" are selected`)
    validate(schema, selection, field.type.name)
  }
}

function validateEntries(schema: Schema, entries: ReadonlyMap<string, Value>, types: ReadonlyMap<string, TypeRef>, what: string): void {
  for (const name of entries.keys()) if (!types.has(name)) throw new QueryError(`unknown ${what}: "${name}"`)
  for (const [name, type] of types) {
    const value = entries.get(name)
    if (value !== undefined) validateValue(schema, value, type, name)
    else if (type.isRequired) throw new QueryError(`missing ${what}: "${name}"`)
  }
}

function validateValue(schema: Schema, value: Value, { name: typeName, isList }: TypeRef, name: string): void {
  if (isList) {
    if (value.kind !== 'list') throw new QueryError(`"${name}" is no list`)
    for (const one of value.values) validateValue(schema, one, { name: typeName, isList: false, isRequired: true }, name)
    return
  }
  const inputs = schema.get(typeName)
  if (inputs !== undefined && inputs.size > 0) {
    if (value.kind !== 'object') throw new QueryError(`"${name}" is no ${typeName}`)
    const types = new Map([...inputs].map(([field, { type }]) => [field, type] as const))
    validateEntries(schema, value.fields, types, `field of ${name}`)
    return
  }
  if (!isOfScalar(value, typeName)) throw new QueryError(`"${name}" is no ${typeName}`)
}

function isOfScalar(value: Value, typeName: string): boolean {
  if (typeName === 'uint64') return value.kind === 'number' && Number.isSafeInteger(value.value) && value.value >= 0
  if (typeName === 'Time') return value.kind === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(value.value)
  return value.kind === 'string'
}
