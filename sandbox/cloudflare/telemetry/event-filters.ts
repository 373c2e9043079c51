import { z } from 'zod'
import { SandboxGap } from '../gap.ts'
import type { Event } from './columns.ts'
import type { Span } from './spans.ts'

type Value = string | number | boolean

/** What a query may find: an invocation, or one of its spans. */
export type Row = Event | Span

interface Field<Of> {
  readonly type: 'string' | 'number' | 'boolean'
  readonly of: (row: Of) => Value | undefined
}

/** Keys of an event of a request, as the Cloudflare SDK 7.3.0 types them (`workers/observability/telemetry`). */
const fields: ReadonlyMap<string, Field<Event>> = new Map<string, Field<Event>>([
  ['$metadata.service', { type: 'string', of: ({ scriptName }) => scriptName }],
  ['$metadata.type', { type: 'string', of: () => 'cf-worker-event' }],
  ['$workers.scriptVersion.id', { type: 'string', of: ({ versionId }) => versionId }],
  ['$workers.outcome', { type: 'string', of: ({ outcome }) => (outcome === 'internalError' ? 'unknown' : outcome) }],
  ['$workers.eventType', { type: 'string', of: () => 'fetch' }],
  ['$workers.durableObjectId', { type: 'string', of: () => undefined }],
  // Whether an exception carries the status that the user saw is unconfirmed: here it does not.
  ['$workers.event.response.status', { type: 'number', of: ({ status, outcome }) => (outcome === 'ok' ? status : undefined) }],
  // Headers have no types there; users of the API filter by their names in lower case.
  ['$workers.event.request.headers.cloudflare-workers-version-overrides', { type: 'string', of: ({ isOverridden }) => (isOverridden ? 'named' : undefined) }],
  ['$workers.wallTimeMs', { type: 'number', of: ({ durationMs }) => durationMs }],
])

/** Attributes of spans, under the names that they have there; users of the API filter by them so. */
const attributes: ReadonlyMap<string, Field<Span>['type']> = new Map([
  ['cloudflare.script_name', 'string'],
  ['cloudflare.script_version.id', 'string'],
  ['cloudflare.r2.operation', 'string'],
  ['cloudflare.r2.response.success', 'boolean'],
  ['cloudflare.r2.error.message', 'string'],
])

/** A key of one kind of row; the other kind lacks it. */
export function fieldNamed(key: string, type: string | undefined): Field<Row> {
  const field = fields.get(key)
  const known = field?.type ?? attributes.get(key)
  if (known === undefined) throw new SandboxGap(`no event of the sandbox has the key "${key}"`)
  // SDK: "Must match the actual type of the key being filtered".
  if (type !== known) throw new SandboxGap(`"${key}" is a ${known}, not a ${type}`)
  return { type: known, of: (row) => ('attributes' in row ? row.attributes[key] : field?.of(row)) }
}

export const filterSchema = z.strictObject({
  kind: z.literal('filter').optional(),
  key: z.string(),
  operation: z.enum(['exists', 'is_null', 'in', 'not_in', 'eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'includes', 'starts_with']),
  type: z.enum(['string', 'number', 'boolean']),
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
})
export type Filter = z.infer<typeof filterSchema>

/** Whether an event passes; without a value for the key it passes `is_null` alone. */
export function passes({ key, operation, type, value }: Filter): (row: Row) => boolean {
  const field = fieldNamed(key, type)
  if (operation === 'is_null') return (row) => field.of(row) === undefined
  if (operation === 'exists') return (row) => field.of(row) !== undefined
  if (value === undefined) throw new SandboxGap(`the filter of "${key}" has no value`)
  const isMatch = comparison(operation, value)
  return (row) => {
    const found = field.of(row)
    return found !== undefined && isMatch(found)
  }
}

function comparison(operation: Exclude<Filter['operation'], 'is_null' | 'exists'>, value: Value): (found: Value) => boolean {
  // SDK: "Set membership: in, not_in (comma-separated values)".
  const members = new Set(String(value).split(','))
  switch (operation) {
    case 'eq':
      return (found) => found === value
    case 'neq':
      return (found) => found !== value
    case 'gt':
      return (found) => found > value
    case 'gte':
      return (found) => found >= value
    case 'lt':
      return (found) => found < value
    case 'lte':
      return (found) => found <= value
    case 'in':
      return (found) => members.has(String(found))
    case 'not_in':
      return (found) => !members.has(String(found))
    case 'includes':
      return (found) => String(found).includes(String(value))
    case 'starts_with':
      return (found) => String(found).startsWith(String(value))
  }
}
