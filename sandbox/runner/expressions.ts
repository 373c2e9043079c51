import { data, Evaluator, Lexer, Parser } from '@actions/expressions'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** The named values that an expression may use at one place of a workflow: `github`, `inputs`, `needs`, … */
export type Contexts = Readonly<Record<string, Json>>

/** What `success()`, `failure()` and `cancelled()` answer at one place; `always()` needs no answer. */
export interface Status {
  readonly success: boolean
  readonly failure: boolean
  readonly cancelled: boolean
}

/**
 * Evaluates one expression (without its `${{ }}`) by GitHub's own evaluator. Throws for a syntax error and for a
 * context or function that does not exist at this place.
 */
export function evaluate(expression: string, contexts: Contexts, status?: Status): Json {
  try {
    const { tokens } = new Lexer(expression).lex()
    const functions = status === undefined ? [] : statusFunctions(status)
    const tree = new Parser(tokens, Object.keys(contexts), functions).parse()
    const named = new Map(functions.map((each) => [each.name, each]))
    return fromData(new Evaluator(tree, dictionaryOf(contexts), named).evaluate())
  } catch (error) {
    throw new Error(`expression \`${expression}\`: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

/** Replaces each `${{ }}` of a text; a text that is one expression and nothing else keeps the value's type. */
export function interpolate(text: string, contexts: Contexts, status?: Status): Json {
  const parts = splitExpressions(text)
  const [only] = parts
  if (parts.length === 1 && only?.kind === 'expression') return evaluate(only.source, contexts, status)
  return parts
    .map((part) => (part.kind === 'text' ? part.source : asText(evaluate(part.source, contexts, status))))
    .join('')
}

/** GitHub's truth: false, 0, -0, '', null and NaN are false, all else is true (docs: Evaluate expressions). */
export function isTruthy(value: Json): boolean {
  return Boolean(value)
}

/** A value as GitHub writes it into a text: null is empty, an object is `Object`, numbers have no trailing zero. */
export function asText(value: Json): string {
  return toData(value).coerceString()
}

interface Part {
  readonly kind: 'text' | 'expression'
  readonly source: string
}

function splitExpressions(text: string): readonly Part[] {
  // A string literal inside an expression may hold `}}`, so literals are read as one unit.
  const pattern = /\$\{\{((?:'(?:[^']|'')*'|(?!\}\})[^'])*)\}\}/g
  const parts: Part[] = []
  let end = 0
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) parts.push({ kind: 'text', source: text.slice(end, match.index) })
    parts.push({ kind: 'expression', source: (match[1] ?? '').trim() })
    end = match.index + match[0].length
  }
  if (end < text.length) parts.push({ kind: 'text', source: text.slice(end) })
  return parts
}

function statusFunctions(status: Status) {
  const answers = { success: status.success, failure: status.failure, cancelled: status.cancelled, always: true }
  return Object.entries(answers).map(([name, answer]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(answer),
  }))
}

function toData(value: Json): data.ExpressionData {
  if (value === null) return new data.Null()
  if (typeof value === 'boolean') return new data.BooleanData(value)
  if (typeof value === 'number') return new data.NumberData(value)
  if (typeof value === 'string') return new data.StringData(value)
  if (isList(value)) return new data.Array(...value.map(toData))
  return dictionaryOf(value)
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

function dictionaryOf(value: Readonly<Record<string, Json>>): data.Dictionary {
  return new data.Dictionary(...Object.entries(value).map(([key, each]) => ({ key, value: toData(each) })))
}

function fromData(value: data.ExpressionData): Json {
  if (value instanceof data.StringData || value instanceof data.NumberData) return value.value
  if (value instanceof data.BooleanData) return value.value
  if (value instanceof data.Array) return value.values().map(fromData)
  if (value instanceof data.Dictionary) {
    return Object.fromEntries(value.pairs().map((pair) => [pair.key, fromData(pair.value)]))
  }
  return null
}
