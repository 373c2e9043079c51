import { isMap, isNode, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml'
import type { z } from 'zod'
import { quote, type Problem } from './problems.ts'
import { sleepwellSchema, type SleepwellFile, type SleepwellPart } from './schema.ts'

export interface ParsedFile {
  /** The common part with the environment's own over it; absent when there were problems. */
  readonly part: SleepwellPart | undefined
  readonly problems: readonly Problem[]
  /** Values that came from `${secret:NAME}`: to be masked before anything is printed. */
  readonly secrets: readonly string[]
}

type Variables = Readonly<Record<string, string | undefined>>

/** Parses sleepwell.yml once; every problem has its line and column, the value seen and what is allowed. */
export function parseFile(path: string, text: string, given: { environment: string; variables: Variables }): ParsedFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const at = (offset: number | undefined) => {
    const place = lines.linePos(offset ?? 0)
    return `${path}:${place.line}:${place.col}`
  }
  const broken = document.errors.map((error) => invalid(at(error.pos[0]), `${error.message}.`))
  if (broken.length > 0) return { part: undefined, problems: broken, secrets: [] }
  const substituted = substitute(document, given.variables)
  const missing = substituted.missing.map(({ name, offset }) =>
    invalid(at(offset), `the variable ${name} is not set; set it in the step's \`env:\`.`),
  )
  const seen: unknown = document.toJS({ maxAliasCount: 100 })
  const decoded = sleepwellSchema.safeParse(seen ?? {})
  const wrong = decoded.success ? [] : decoded.error.issues.flatMap((issue) => describeIssue(issue, document, at))
  const problems = [...missing, ...wrong, ...(decoded.success ? repeatedNames(decoded.data, path) : [])]
  const part = decoded.success && problems.length === 0 ? partFor(decoded.data, given.environment) : undefined
  return { part, problems, secrets: substituted.secrets }
}

/** The environment's keys stand over the common ones, each as a whole. */
function partFor({ environments, ...common }: SleepwellFile, environment: string): SleepwellPart {
  return { ...common, ...environments?.[environment] }
}

function repeatedNames(file: SleepwellFile, path: string): Problem[] {
  const parts = [file, ...Object.values(file.environments ?? {})]
  const repeated = parts.flatMap(({ checks }) => {
    const names = (checks ?? []).map((check) => check.name)
    return names.filter((name, index) => names.indexOf(name) !== index)
  })
  return repeated.map((name) => invalid(path, `two checks are named ${quote(name)}; names must be unique.`))
}

interface Substituted {
  readonly missing: { readonly name: string; readonly offset: number | undefined }[]
  readonly secrets: string[]
}

/** Replaces `${NAME}` and `${secret:NAME}` in every value (never in a key) by the step's environment. */
function substitute(document: Document, variables: Variables): Substituted {
  const found: Substituted = { missing: [], secrets: [] }
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string') return
      node.value = node.value.replaceAll(/\$\{(secret:)?([A-Za-z_][A-Za-z0-9_]*)\}/g, (_whole, secret, name: string) => {
        const value = variables[name]
        if (value === undefined || value === '') found.missing.push({ name, offset: node.range?.[0] })
        if (secret !== undefined && value !== undefined && value !== '') found.secrets.push(value)
        return value ?? ''
      })
    },
  })
  return found
}

type Issue = z.core.$ZodIssue

function describeIssue(issue: Issue, document: Document, at: (offset: number | undefined) => string): Problem[] {
  const path = issue.path.filter((key) => typeof key !== 'symbol')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => invalid(at(offsetOfKey(document, path, key)), `${nameOf(path)}has no key ${quote(key)}.`))
  }
  const node = document.getIn(path, true)
  const offset = isNode(node) ? node.range?.[0] : offsetOf(document, path)
  const seen = isScalar(node) ? ` is ${quote(String(node.value))};` : ''
  return [invalid(at(offset), `${nameOf(path)}${seen === '' ? 'is wrong:' : seen.trim()} ${expectationOf(issue)}.`)]
}

function expectationOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `allowed: ${issue.values.map(String).join(', ')}`
    case 'invalid_type':
      return `expected ${issue.expected}`
    case 'too_small':
      return `the least allowed is ${String(issue.minimum)}${issue.inclusive === false ? ' (exclusive)' : ''}`
    case 'too_big':
      return `the most allowed is ${String(issue.maximum)}`
    case 'invalid_format':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return issue.code === 'invalid_union' ? 'none of the allowed forms fits' : issue.message
  }
}

function nameOf(path: readonly (string | number)[]): string {
  return path.length === 0 ? 'the file ' : `\`${path.join('.')}\` `
}

function offsetOfKey(document: Document, path: readonly (string | number)[], key: string): number | undefined {
  const parent = path.length === 0 ? document.contents : document.getIn(path, true)
  if (!isMap(parent)) return undefined
  const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === key)
  return isNode(pair?.key) ? pair.key.range?.[0] : undefined
}

/** Where something is missing: the nearest thing around it that is there. */
function offsetOf(document: Document, path: readonly (string | number)[]): number | undefined {
  if (path.length === 0) return 0
  const node = document.getIn(path.slice(0, -1), true)
  return isNode(node) ? node.range?.[0] : offsetOf(document, path.slice(0, -1))
}

function invalid(place: string, message: string): Problem {
  return { code: 'config-invalid', place, message }
}
