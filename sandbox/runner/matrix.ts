import { asText, type Contexts, type Json } from './expressions.ts'
import { isJsonRecord, resolve, type Template } from './template.ts'

/** One job of a matrix. */
export interface Combination {
  readonly matrix: Readonly<Record<string, Json>>
  /** ` (worker-a, eu)` behind the job's name; empty without a matrix. */
  readonly suffix: string
}

/** docs: Workflow syntax, `strategy.matrix`: the cross product, less `exclude`, plus `include`. */
export function expandMatrix(template: Template, contexts: Contexts): readonly Combination[] {
  const matrix = resolve(template, contexts)
  if (!isJsonRecord(matrix)) throw new Error(`strategy.matrix: expected a mapping, got ${JSON.stringify(matrix)}`)
  const { include, exclude, ...vectors } = matrix
  const excluded = records('exclude', exclude)
  const product = crossProduct(vectors).filter((each) => !excluded.some((pattern) => agrees(each, pattern)))
  const combined = applyInclude(product, records('include', include), Object.keys(vectors))
  if (combined.length === 0) throw new Error('strategy.matrix: Matrix must define at least one vector')
  return combined.map((each) => ({ matrix: each, suffix: ` (${Object.values(each).map(shownValue).join(', ')})` }))
}

type Row = Readonly<Record<string, Json>>

function crossProduct(vectors: Row): readonly Row[] {
  if (Object.keys(vectors).length === 0) return []
  let rows: readonly Row[] = [{}]
  for (const [name, values] of Object.entries(vectors)) {
    if (!Array.isArray(values) || values.length === 0) {
      throw new Error(`strategy.matrix: Matrix vector '${name}' does not contain any values`)
    }
    const list: readonly Json[] = values
    rows = rows.flatMap((row) => list.map((value) => ({ ...row, [name]: value })))
  }
  return rows
}

/** An entry joins every row whose own values it does not change; one that joins none becomes a row. */
function applyInclude(product: readonly Row[], include: readonly Row[], vectors: readonly string[]): readonly Row[] {
  const rows = product.map((row) => ({ original: row, row }))
  const added: Row[] = []
  for (const entry of include) {
    const own = Object.fromEntries(Object.entries(entry).filter(([name]) => vectors.includes(name)))
    const joined = rows.filter(({ original }) => agrees(original, own))
    for (const each of joined) each.row = { ...each.row, ...entry }
    if (joined.length === 0) added.push(entry)
  }
  return [...rows.map(({ row }) => row), ...added]
}

function agrees(row: Row, pattern: Row): boolean {
  return Object.entries(pattern).every(([name, value]) => JSON.stringify(row[name]) === JSON.stringify(value))
}

function records(key: string, value: Json | undefined): readonly Row[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new Error(`strategy.matrix.${key}: expected a list`)
  const list: readonly Json[] = value
  return list.map((each) => {
    if (isJsonRecord(each)) return each
    throw new Error(`strategy.matrix.${key}: expected mappings`)
  })
}

function shownValue(value: Json): string {
  return isJsonRecord(value) ? Object.values(value).map(shownValue).join(', ') : asText(value)
}
