import { z } from 'zod'
import { countsSchema, type Counts, type Stratum } from '../analysis/counts.ts'

export type Printed<Value> = { readonly kind: 'ok'; readonly value: Value } | { readonly kind: 'unknown'; readonly message: string }

export interface PrintedSetup {
  /** By metric: the baseline's, in the interval that was asked about. */
  readonly usual: Readonly<Record<string, Counts>>
  /** In milliseconds, by metric. */
  readonly thresholds: Readonly<Record<string, number>>
}

const strictCounts = z.strictObject({ total: z.unknown(), bad: z.unknown() }).pipe(countsSchema)
/** What a program says that could not count. */
const unknownSchema = z.strictObject({ unknown: z.string().min(1) })

/** `{ "metrics": { "<name>": { "candidate": { "total": 9, "bad": 0 }, "baseline": { … } } } }`, and nothing else. */
export function readCounts(text: string, names: readonly string[]): Printed<Readonly<Record<string, Stratum>>> {
  const stratum = z.strictObject({ candidate: strictCounts, baseline: strictCounts })
  const printed = read(text, z.strictObject({ metrics: eachOf(names, stratum) }))
  if (printed.kind === 'unknown') return printed
  const told = entriesOf(printed.value.metrics)
  if (told.length === 0) return unknown('it told no metric')
  // Where nobody was served, nothing was seen.
  return { kind: 'ok', value: Object.fromEntries(told.filter(([, { candidate, baseline }]) => candidate.total + baseline.total > 0)) }
}

/** `{ "metrics": { "<name>": { "baseline": { … } } }, "thresholds": { "<name>": 250 } }`; the thresholds may be left out. */
export function readSetup(text: string, names: readonly string[]): Printed<PrintedSetup> {
  const shape = z.strictObject({
    metrics: eachOf(names, z.strictObject({ baseline: strictCounts })),
    thresholds: eachOf(names, z.number().positive()).default({}),
  })
  const printed = read(text, shape)
  if (printed.kind === 'unknown') return printed
  const { metrics, thresholds } = printed.value
  const usual = entriesOf(metrics).map(([name, { baseline }]): [string, Counts] => [name, baseline])
  return { kind: 'ok', value: { usual: Object.fromEntries(usual), thresholds: Object.fromEntries(entriesOf(thresholds)) } }
}

/** A metric that could not be told is left out; one that nobody declared is a mistake. */
function eachOf<Value extends z.ZodType>(names: readonly string[], value: Value) {
  return z.strictObject(Object.fromEntries(names.map((name) => [name, value.optional()])))
}

function entriesOf<Value>(record: Readonly<Record<string, Value | undefined>>): [string, Value][] {
  return Object.entries(record).flatMap(([name, value]): [string, Value][] => (value === undefined ? [] : [[name, value]]))
}

function read<Value>(text: string, schema: z.ZodType<Value>): Printed<Value> {
  const document = parse(text)
  if (document === undefined) return unknown('it printed something else than one JSON document')
  const cannot = unknownSchema.safeParse(document.value)
  if (cannot.success) return unknown(cannot.data.unknown)
  const decoded = schema.safeParse(document.value)
  if (decoded.success) return { kind: 'ok', value: decoded.data }
  const [issue] = decoded.error.issues
  return unknown(`what it printed is not as expected: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

const unknown = (message: string) => ({ kind: 'unknown', message }) as const
