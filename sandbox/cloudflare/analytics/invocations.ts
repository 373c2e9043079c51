import { SandboxGap } from '../gap.ts'
import { quantile } from '../telemetry/calculations.ts'
import type { Event, Outcome } from '../telemetry/columns.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { Field, Value } from './document.ts'
import { QueryError } from './tokens.ts'

/** Docs "Workers metrics": statuses of invocations; a Worker that answers 500 itself is a success. */
const statusOf: Readonly<Record<Outcome, string>> = {
  ok: 'success',
  canceled: 'clientDisconnected',
  exception: 'scriptThrewException',
  internalError: 'internalError',
}
const NO_ERRORS: ReadonlySet<string> = new Set(['success', 'clientDisconnected'])

type Row = Readonly<Record<string, unknown>>

/** Rows of `workersInvocationsAdaptive`: one for each combination of the dimensions that are selected. */
export function invocationRows(telemetry: Telemetry, { args, selection }: Field): readonly Row[] {
  const filter = args.get('filter')
  const limit = args.get('limit')
  if (filter?.kind !== 'object' || limit?.kind !== 'number') throw new QueryError('limit and filter are required')
  const dimensions = selection.find(({ name }) => name === 'dimensions')?.selection ?? []
  const { sampleInterval } = telemetry.showing('analytics')
  const groups = Map.groupBy(matching(telemetry, filter.fields), (event) => JSON.stringify(dimensions.map(({ name }) => dimensionOf(event, name))))
  return [...groups.values()].slice(0, limit.value).map((events) => Object.fromEntries(selection.map((part) => [part.alias, partOf(part, events, sampleInterval)])))
}

function partOf({ name, selection }: Field, events: readonly Event[], sampleInterval: number): Row {
  const of = (field: string): unknown => {
    const [first] = events
    if (name === 'dimensions') return first === undefined ? undefined : dimensionOf(first, field)
    if (name === 'sum') return sampleInterval * (field === 'errors' ? events.filter(isError).length : events.length)
    // Of events of one sample each stands for as many.
    if (name === 'avg') return sampleInterval
    const micros = events.map(({ durationMs }) => Math.round(durationMs * 1000)).toSorted((one, other) => one - other)
    return quantile(micros, Number(`0.${field.slice(-2)}`))
  }
  return Object.fromEntries(selection.map((field) => [field.alias, of(field.name)]))
}

const isError = ({ outcome }: Event) => !NO_ERRORS.has(statusOf[outcome])

function dimensionOf(event: Event, name: string): string {
  switch (name) {
    case 'scriptName':
      return event.scriptName
    case 'scriptVersion':
      return event.versionId ?? ''
    case 'status':
      return statusOf[event.outcome]
    case 'datetime':
      return new Date(wholeSecond(event.atMs)).toISOString().replace('.000', '')
    default:
      throw new SandboxGap(`the dimension ${name}`)
  }
}

/** The data set has times in whole seconds. */
const wholeSecond = (ms: number) => Math.floor(ms / 1000) * 1000

function* matching(telemetry: Telemetry, filter: ReadonlyMap<string, Value>): Iterable<Event> {
  const { fromMs, toMs } = boundsOf(filter)
  const conditions = [...filter].filter(([name]) => !name.startsWith('datetime')).map(([name, value]) => conditionOf(name, value))
  // Events of the last second, until its end.
  for (const event of telemetry.seen('analytics', { fromMs, toMs: Math.min(toMs + 999, Number.MAX_SAFE_INTEGER) })) {
    const at = wholeSecond(event.atMs)
    if (at >= fromMs && at <= toMs && conditions.every((isMet) => isMet(event))) yield event
  }
}

function conditionOf(name: string, value: Value): (event: Event) => boolean {
  const [dimension = '', suffix] = name.split('_')
  const values = value.kind === 'list' ? value.values : [value]
  const wanted = new Set(values.map((one) => (one.kind === 'string' ? one.value : '')))
  if (suffix !== undefined && suffix !== 'in') throw new SandboxGap(`the filter ${name}`)
  return (event) => wanted.has(dimensionOf(event, dimension))
}

/** Whole seconds, both inside. */
function boundsOf(filter: ReadonlyMap<string, Value>): { readonly fromMs: number; readonly toMs: number } {
  const of = (name: string) => {
    const value = filter.get(name)
    return value?.kind === 'string' ? wholeSecond(Date.parse(value.value)) : undefined
  }
  const after = of('datetime_gt')
  const before = of('datetime_lt')
  const fromMs = of('datetime_geq') ?? (after === undefined ? undefined : after + 1000)
  const toMs = of('datetime_leq') ?? (before === undefined ? undefined : before - 1000)
  // Users report that a query without a bound on time is refused.
  if (fromMs === undefined && toMs === undefined) throw new QueryError('must specify a time range')
  return { fromMs: fromMs ?? 0, toMs: toMs ?? Number.MAX_SAFE_INTEGER }
}
