import { seededRandom } from '../../random.ts'
import { createColumns, type Columns, type Draws, type Event, type Invocation } from './columns.ts'
import { createSpans, type Operation, type Span } from './spans.ts'

/** `observability`: events of Workers Observability. `analytics`: the data sets of GraphQL Analytics. */
export type DataSet = 'observability' | 'analytics'

/** How one data set shows what happened. */
export interface Showing {
  /** An event is to be seen so long after it ended … */
  readonly lagSeconds: number
  /** … and up to so much longer, each event for itself: an interval's tail arrives late. */
  readonly jitterSeconds: number
  /**
   * Answers come from one event in so many, and are drawn out to all (docs "Sampling": 1, 10 or 100); in Workers
   * Observability "any platform sampling applied to the account or script" (SDK), beside the Worker's own rate.
   */
  readonly sampleInterval: number
  /** Adaptive bit rate of Workers Observability; what it does to counts is not documented: here they are drawn out once more. */
  readonly abrLevel: number
}

export interface Interval {
  readonly fromMs: number
  /** Inside, like the beginning. */
  readonly toMs: number
}

/** What Cloudflare's analytics know of the edge's traffic, and how late. */
export interface Telemetry {
  record(invocation: Invocation): void
  /** What a binding was called for; Workers Observability shows it where the Worker is traced. */
  recordOperation(operation: Operation): void
  /** Sets what is given, for one data set, at once and for what has happened already. */
  show(dataSet: DataSet, changes: Partial<Showing>): void
  showing(dataSet: DataSet): Showing
  /** The share of a script's requests that Workers Observability writes down, asked at each request: 0 is off. */
  writeDown(shareOf: (scriptName: string) => number): void
  /** The same of its traces, whose rate is one of their own. */
  trace(shareOf: (scriptName: string) => number): void
  /** What can be seen by now of the sample. */
  seen(dataSet: DataSet, interval: Interval): Iterable<Event>
  /** The same of spans. */
  seenSpans(interval: Interval): readonly Span[]
  /** Forgets everything that happened. */
  clear(): void
}

/** Long enough for an hour of usual traffic before a rollout, and the rollout. */
const KEPT_MS = 3 * 3_600_000

const AT_ONCE: Showing = { lagSeconds: 0, jitterSeconds: 0, sampleInterval: 1, abrLevel: 1 }

const everything = (_scriptName: string) => 1

export function createTelemetry({ now = Date.now, seed = 11 }: { readonly now?: () => number; readonly seed?: number } = {}): Telemetry {
  // Its own chance: what is measured does not change what the edge does.
  const random = seededRandom(seed)
  const scripts = new Map<string, Columns>()
  const showings: Record<DataSet, Showing> = { observability: AT_ONCE, analytics: AT_ONCE }
  const spans = createSpans(KEPT_MS)
  let shareOf = everything
  let tracedShareOf = everything
  const drawn = (share: number): Draws => ({ sample: random(), jitter: random(), stored: random() < share ? 1 / share : 0 })
  return {
    record(invocation) {
      const { scriptName } = invocation
      const columns = scripts.get(scriptName) ?? createColumns(scriptName, KEPT_MS)
      scripts.set(scriptName, columns)
      columns.add({ isOverridden: false, ...invocation, ...drawn(shareOf(scriptName)) })
    },
    recordOperation: (operation) => spans.add({ ...operation, durationMs: 0, ...drawn(tracedShareOf(operation.scriptName)) }),
    show: (dataSet, changes) => void (showings[dataSet] = { ...showings[dataSet], ...changes }),
    showing: (dataSet) => showings[dataSet],
    writeDown: (share) => void (shareOf = share),
    trace: (share) => void (tracedShareOf = share),
    *seen(dataSet, { fromMs, toMs }) {
      const isSeen = visibility(dataSet, showings[dataSet], now())
      for (const columns of scripts.values()) {
        for (const event of columns.between(fromMs, toMs)) if (isSeen(event)) yield event
      }
    },
    seenSpans: ({ fromMs, toMs }) => spans.between(fromMs, toMs).filter(visibility('observability', showings.observability, now())),
    clear() {
      scripts.clear()
      spans.clear()
    },
  }
}

function visibility(dataSet: DataSet, { lagSeconds, jitterSeconds, sampleInterval, abrLevel }: Showing, nowMs: number): (event: Event | Span) => boolean {
  return ({ atMs, durationMs, jitter, sample, stored }) =>
    (dataSet === 'analytics' || stored > 0) &&
    sample * sampleInterval * abrLevel < 1 &&
    atMs + durationMs + (lagSeconds + jitter * jitterSeconds) * 1000 <= nowMs
}
