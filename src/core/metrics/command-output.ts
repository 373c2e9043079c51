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

/** The interval that was asked about, as the program was told it: what it prints has to say the same. */
export interface AskedInterval {
  readonly from: string
  readonly to: string
}

/** `{ "from": "…", "to": "…", "metrics": { "<name>": { "candidate": { "total": 9, "bad": 0 }, "baseline": { … } } } }`, and nothing else. */
export function readCounts(text: string, names: readonly string[], asked: AskedInterval): Printed<Readonly<Record<string, Stratum>>> {
  const stratum = z.strictObject({ candidate: strictCounts, baseline: strictCounts })
  const printed = read(text, z.strictObject({ ...interval, metrics: eachOf(names, stratum) }))
  if (printed.kind === 'unknown') return printed
  const told = entriesOf(printed.value.metrics)
  const doubt = doubtOfInterval(printed.value, asked)
  if (doubt !== undefined) return unknown(doubt)
  if (told.length === 0) return unknown('it told no metric')
  // Where nobody was served, nothing was seen.
  return { kind: 'ok', value: Object.fromEntries(told.filter(([, { candidate, baseline }]) => candidate.total + baseline.total > 0)) }
}

/** `{ "from": "…", "to": "…", "metrics": { "<name>": { "baseline": { … } } }, "thresholds": { "<name>": 250 } }`, a threshold for each that is frozen. */
export function readSetup(text: string, { names, frozen }: { readonly names: readonly string[]; readonly frozen: readonly string[] }, asked: AskedInterval): Printed<PrintedSetup> {
  const shape = z.strictObject({
    ...interval,
    metrics: eachOf(names, z.strictObject({ baseline: strictCounts })),
    thresholds: eachOf(names, z.number().positive()).default({}),
  })
  const printed = read(text, shape)
  if (printed.kind === 'unknown') return printed
  const { metrics, thresholds } = printed.value
  const doubt = doubtOfInterval(printed.value, asked)
  if (doubt !== undefined) return unknown(doubt)
  const unfrozen = frozen.filter((name) => thresholds[name] === undefined)
  // What is slow would be another thing at each poll, and for each version.
  if (unfrozen.length > 0) return unknown(`it gave no threshold for ${unfrozen.join(', ')}, of kind latency`)
  const usual = entriesOf(metrics).map(([name, { baseline }]): [string, Counts] => [name, baseline])
  return { kind: 'ok', value: { usual: Object.fromEntries(usual), thresholds: Object.fromEntries(entriesOf(thresholds)) } }
}

const interval = { from: z.string().optional(), to: z.string().optional() }

/** A document of an earlier poll, kept by a cache or a file, would count its requests twice. */
function doubtOfInterval({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }, asked: AskedInterval): string | undefined {
  if (from === undefined || to === undefined) return 'it does not repeat SLEEPWELL_FROM as "from" and SLEEPWELL_TO as "to": whether it counted that interval cannot be told'
  return from === asked.from && to === asked.to ? undefined : `it counted ${from} to ${to}, and was asked about ${asked.from} to ${asked.to}`
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
