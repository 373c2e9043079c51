import { asText, type Contexts, type Json } from './expressions.ts'
import { isExpression, isJsonRecord, resolve, type Template } from './template.ts'
import type { CallingJob, CallInput, CallInterface, DispatchInterface } from './workflow-file.ts'

/** What GitHub refuses before a run starts: actions/runner, WorkflowTemplateConverter.cs, `…WorkflowJobInputs`. */
export function checkCall(call: CallInterface, job: CallingJob): readonly string[] {
  const missingInputs = Object.entries(call.inputs)
    .filter(([name, input]) => input.required && input.default === undefined && !has(job.with, name))
    .map(([name]) => `Input ${name} is required, but not provided while calling.`)
  const wrongTypes = Object.entries(job.with).flatMap(([name, value]) => {
    const input = find(call.inputs, name)
    return input === undefined || isExpression(value) ? [] : typeError(name, input, value)
  })
  return [...missingInputs, ...undefinedNames('input', job.with, call.inputs), ...wrongTypes, ...checkSecrets(call, job)]
}

function checkSecrets(call: CallInterface, job: CallingJob): readonly string[] {
  if (job.secrets === 'inherit') return []
  const given = job.secrets
  const missing = Object.entries(call.secrets)
    .filter(([name, secret]) => secret?.required === true && !has(given, name))
    .map(([name]) => `Secret ${name} is required, but not provided while calling.`)
  return [...missing, ...undefinedNames('secret', given, call.secrets)]
}

function undefinedNames(kind: string, given: Readonly<Record<string, unknown>>, defined: Readonly<Record<string, unknown>>) {
  return Object.keys(given)
    .filter((name) => !has(defined, name))
    .map((name) => `Invalid ${kind}, ${name} is not defined in the referenced workflow.`)
}

function typeError(name: string, input: CallInput, value: Template): readonly string[] {
  const fits = input.type === 'string' || typeof value === input.type
  return fits ? [] : [`Input ${name}: unexpected value '${JSON.stringify(value)}', expected a ${input.type}.`]
}

/** The `inputs` context of a called workflow: given values over defaults, each of the declared type. */
export function callInputs(call: CallInterface, given: Readonly<Record<string, Json>>, contexts: Contexts): Contexts {
  const inputs: Record<string, Json> = {}
  for (const [name, input] of Object.entries(call.inputs)) {
    const value = find(given, name)
    if (value !== undefined) inputs[name] = ofType(name, input.type, value)
    else if (input.default !== undefined) inputs[name] = ofType(name, input.type, resolve(input.default, contexts))
    else inputs[name] = emptyValue(input.type)
  }
  return inputs
}

/** The `inputs` context of a dispatched run; the same values, as texts, are `github.event.inputs`. */
export function dispatchInputs(dispatch: DispatchInterface, given: Readonly<Record<string, Json>>): Contexts {
  const unknown = Object.keys(given).filter((name) => !has(dispatch.inputs, name))
  if (unknown.length > 0) throw new Error(`Unexpected inputs provided: ["${unknown.join('", "')}"]`)
  const inputs: Record<string, Json> = {}
  for (const [name, input] of Object.entries(dispatch.inputs)) {
    const value = find(given, name) ?? (isJson(input.default) ? input.default : undefined)
    if (value === undefined && input.required) throw new Error(`Required input '${name}' not provided`)
    if (input.type === 'choice' && value !== undefined && !(input.options ?? []).includes(asText(value))) {
      throw new Error(`Provided value '${asText(value)}' for input '${name}' not in the list of allowed values`)
    }
    inputs[name] = value === undefined ? emptyValue(input.type) : fromText(name, input.type, value)
  }
  return inputs
}

function isJson(value: Template | undefined): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** A form or the API sends texts, also for booleans and numbers. */
function fromText(name: string, type: string, value: Json): Json {
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true'
  if (type === 'number' && typeof value === 'string' && value.trim() !== '') return ofType(name, type, Number(value))
  return ofType(name, type === 'boolean' || type === 'number' ? type : 'string', value)
}

/** A text takes any scalar; a boolean and a number must be of their type: no text becomes one. */
function ofType(name: string, type: string, value: Json): Json {
  if (type === 'string' && (typeof value !== 'object' || value === null)) return asText(value)
  if (typeof value === type && !isJsonRecord(value) && !Number.isNaN(value)) return value
  throw new Error(`Input ${name}: unexpected value '${JSON.stringify(value)}', expected a ${type}.`)
}

function emptyValue(type: string): Json {
  if (type === 'boolean') return false
  return type === 'number' ? 0 : ''
}

/** Names of inputs and secrets are compared without case. */
function find<Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.entries(values).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
}

function has(values: Readonly<Record<string, unknown>>, name: string): boolean {
  return Object.keys(values).some((key) => key.toLowerCase() === name.toLowerCase())
}
