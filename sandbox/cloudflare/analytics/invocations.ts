import { GraphQLError, Kind, type FieldNode } from 'graphql'
import { z } from 'zod'
import { SandboxGap } from '../gap.ts'
import { quantile } from '../telemetry/calculations.ts'
import type { Event, Outcome } from '../telemetry/columns.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'

/** Docs "Workers metrics": statuses of invocations; a Worker that answers 500 itself is a success. */
const statusOf: Readonly<Record<Outcome, string>> = {
  ok: 'success',
  canceled: 'clientDisconnected',
  exception: 'scriptThrewException',
  internalError: 'internalError',
}
const NO_ERRORS: ReadonlySet<string> = new Set(['success', 'clientDisconnected'])

const time = z.iso.datetime().optional()
/** As the schema lets them through. */
const argsSchema = z.object({ limit: z.number(), filter: z.looseObject({ datetime_geq: time, datetime_gt: time, datetime_leq: time, datetime_lt: time }) })
type Filter = z.infer<typeof argsSchema>['filter']

/** Rows of `workersInvocationsAdaptive`: one for each combination of the dimensions that are selected. */
export function invocationRows(telemetry: Telemetry, args: unknown, field: FieldNode) {
  const { filter, limit } = argsSchema.parse(args)
  const dimensions = fieldsIn(fieldsIn(field).find(({ name }) => name.value === 'dimensions')).map(({ name }) => name.value)
  const { sampleInterval } = telemetry.showing('analytics')
  const groups = Map.groupBy(matching(telemetry, filter), (event) => JSON.stringify(dimensions.map((name) => dimensionOf(event, name))))
  return [...groups.values()].slice(0, limit).map((events) => rowOf(events, dimensions, sampleInterval))
}

function fieldsIn(field: FieldNode | undefined): readonly FieldNode[] {
  return (field?.selectionSet?.selections ?? []).map((selection) => {
    if (selection.kind !== Kind.FIELD) throw new SandboxGap('GraphQL fragments')
    return selection
  })
}

function rowOf(events: readonly Event[], dimensions: readonly string[], sampleInterval: number) {
  const [first] = events
  const micros = events.map(({ durationMs }) => Math.round(durationMs * 1000)).toSorted((one, other) => one - other)
  return {
    dimensions: first === undefined ? {} : Object.fromEntries(dimensions.map((name) => [name, dimensionOf(first, name)])),
    // Of events of one sample each stands for as many.
    sum: { requests: sampleInterval * events.length, errors: sampleInterval * events.filter(isError).length },
    avg: { sampleInterval },
    quantiles: { wallTimeP50: quantile(micros, 0.5), wallTimeP95: quantile(micros, 0.95), wallTimeP99: quantile(micros, 0.99) },
  }
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

function* matching(telemetry: Telemetry, filter: Filter): Iterable<Event> {
  const { fromMs, toMs } = boundsOf(filter)
  const conditions = Object.entries(filter).filter(([name]) => !name.startsWith('datetime')).map(([name, value]) => conditionOf(name, value))
  // Events of the last second, until its end.
  for (const event of telemetry.seen('analytics', { fromMs, toMs: Math.min(toMs + 999, Number.MAX_SAFE_INTEGER) })) {
    const at = wholeSecond(event.atMs)
    if (at >= fromMs && at <= toMs && conditions.every((isMet) => isMet(event))) yield event
  }
}

function conditionOf(name: string, value: unknown): (event: Event) => boolean {
  const [dimension = '', suffix] = name.split('_')
  const wanted = new Set(Array.isArray(value) ? value : [value])
  if (suffix !== undefined && suffix !== 'in') throw new SandboxGap(`the filter ${name}`)
  return (event) => wanted.has(dimensionOf(event, dimension))
}

const secondOf = (text: string | undefined) => (text === undefined ? undefined : wholeSecond(Date.parse(text)))

/** Whole seconds, both inside. */
function boundsOf(filter: Filter): { readonly fromMs: number; readonly toMs: number } {
  const after = secondOf(filter.datetime_gt)
  const before = secondOf(filter.datetime_lt)
  const fromMs = secondOf(filter.datetime_geq) ?? (after === undefined ? undefined : after + 1000)
  const toMs = secondOf(filter.datetime_leq) ?? (before === undefined ? undefined : before - 1000)
  // Users report that a query without a bound on time is refused.
  if (fromMs === undefined && toMs === undefined) throw new GraphQLError('must specify a time range')
  return { fromMs: fromMs ?? 0, toMs: toMs ?? Number.MAX_SAFE_INTEGER }
}
