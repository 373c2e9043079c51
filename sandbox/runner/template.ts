import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { asText, evaluate, type Contexts, type Json, type Status } from './expressions.ts'
import { allowSchemasAsModules } from './json-modules.ts'

allowSchemasAsModules()
const parser = await import('@actions/workflow-parser')
type Token = NonNullable<ReturnType<typeof parser.parseWorkflow>['value']>
const { isBasicExpression, isBoolean, isMapping, isNumber, isSequence, isString } = parser

/** A value of a workflow file in which expressions are still to be evaluated. */
export type Template = null | boolean | number | string | Expression | readonly Template[] | TemplateMap
export interface TemplateMap {
  readonly [key: string]: Template
}

const EXPRESSION = Symbol('expression')
export interface Expression {
  readonly [EXPRESSION]: true
  /** Without `${{ }}`; a text with several expressions has become one `format(…)`. */
  readonly source: string
}

/** A workflow file as GitHub's parser read it, or its complaints. */
export interface ParsedWorkflow {
  readonly root: Template
  /** Job id to its condition, completed with `success() &&` where GitHub does so. */
  readonly jobConditions: ReadonlyMap<string, string>
  /** Job id to the id and condition of each step, in order. */
  readonly steps: ReadonlyMap<string, readonly { readonly id: string; readonly condition: string }[]>
  readonly errors: readonly string[]
}

export async function parseWorkflowFile(path: string, shownPath: string): Promise<ParsedWorkflow> {
  const file = { name: shownPath, content: readFileSync(path, 'utf8') }
  const { context, value } = parser.parseWorkflow(file, new parser.NoOperationTraceWriter())
  const nothing = { root: null, jobConditions: new Map(), steps: new Map() }
  if (value === undefined) return { ...nothing, errors: context.errors.getErrors().map((each) => each.message) }
  const converted = await parser.convertWorkflowTemplate(context, value)
  const errors = context.errors.getErrors().map((each) => each.message)
  if (errors.length > 0) return { ...nothing, errors }
  const jobs = converted.jobs.map((job) => ({
    id: job.id.value,
    condition: job.if.expression,
    steps: (job.type === 'job' ? job.steps : []).map((step) => ({
      id: step.id,
      condition: step.if?.expression ?? 'success()',
    })),
  }))
  return {
    root: fromToken(value),
    jobConditions: new Map(jobs.map((job) => [job.id, job.condition])),
    steps: new Map(jobs.map((job) => [job.id, job.steps])),
    errors,
  }
}

export function isExpression(value: unknown): value is Expression {
  return typeof value === 'object' && value !== null && EXPRESSION in value
}

/** For decoding: one value of any shape, whose expressions are evaluated when its time comes. */
export const templateSchema = z.custom<Template>(() => true)
export const expressionSchema = z.custom<Expression>(isExpression, 'not an expression')
/** A text, or what becomes one. */
export const textSchema = z.union([expressionSchema, z.string(), z.number(), z.boolean()])

/** Evaluates every expression within a value. */
export function resolve(template: Template, contexts: Contexts, status?: Status): Json {
  if (isExpression(template)) return evaluate(template.source, contexts, status)
  if (isTemplateList(template)) return template.map((each) => resolve(each, contexts, status))
  if (typeof template === 'object' && template !== null) {
    return Object.fromEntries(
      Object.entries(template).map(([key, each]) => [key, resolve(each, contexts, status)]),
    )
  }
  return template
}

export function resolveText(template: Template, contexts: Contexts): string {
  return asText(resolve(template, contexts))
}

/** Evaluates a mapping of texts, such as `env:` and `with:`; undefined is an empty one. */
export function resolveTexts(template: Template | undefined, contexts: Contexts): Record<string, string> {
  const value = resolve(template ?? {}, contexts)
  if (!isJsonRecord(value)) throw new Error(`expected a mapping, got ${JSON.stringify(value)}`)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asText(each)]))
}

export function isJsonRecord(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTemplateList(template: Template): template is readonly Template[] {
  return Array.isArray(template)
}

function fromToken(token: Token): Template {
  if (isBasicExpression(token)) return { [EXPRESSION]: true, source: token.expression }
  if (isString(token) || isNumber(token) || isBoolean(token)) return token.value
  if (isSequence(token)) return Array.from({ length: token.count }, (_, index) => fromToken(token.get(index)))
  if (isMapping(token)) {
    const pairs = Array.from({ length: token.count }, (_, index) => token.get(index))
    return Object.fromEntries(pairs.map((pair) => [keyText(pair.key), fromToken(pair.value)]))
  }
  if (token.typeName() === 'NullToken') return null
  throw new Error(`the sandbox's runner cannot do ${token.typeName()} (line ${token.line ?? '?'} of a workflow)`)
}

function keyText(token: Token): string {
  if (isString(token)) return token.value
  throw new Error(`the sandbox's runner cannot do a key that is a ${token.typeName()} (line ${token.line ?? '?'})`)
}
