/** How an invocation ended; docs "Tail Workers" and "Workers metrics" have a word each for it. */
export const outcomes = ['ok', 'exception', 'canceled', 'internalError'] as const
export type Outcome = (typeof outcomes)[number]

/** One invocation of a Worker by a request. */
export interface Invocation {
  readonly scriptName: string
  /** Optional on the events of Workers Observability. */
  readonly versionId: string | undefined
  /** When it began, milliseconds since 1970. */
  readonly atMs: number
  readonly durationMs: number
  readonly outcome: Outcome
  /** HTTP status of its answer, if it gave one. */
  readonly status: number | undefined
  /** Whether it asked for a version by `Cloudflare-Workers-Version-Overrides`. */
  readonly isOverridden?: boolean
}

/** What chance made of an event, each from 0 to 1. */
export interface Draws {
  /** Below a rate: in a sample of that rate. */
  readonly sample: number
  /** Its part of the longest jitter. */
  readonly jitter: number
  /** For how many requests it stands in Workers Observability, by the rate at which those were written down; 0 where it was not. */
  readonly stored: number
}

export type Event = Required<Invocation> & Draws

const EVENTS_A_BLOCK = 4096

/** Events of one script, 46 bytes each: minutes of hundreds a second are megabytes. */
interface Block {
  used: number
  oldestMs: number
  newestMs: number
  readonly at: Float64Array
  readonly duration: Float64Array
  readonly sample: Float64Array
  readonly jitter: Float64Array
  readonly version: Uint16Array
  readonly status: Uint16Array
  readonly outcome: Uint8Array
  readonly stored: Float64Array
  readonly isOverridden: Uint8Array
}

export interface Columns {
  add(event: Event): void
  /** Events that began in the interval; both ends are inside. */
  between(fromMs: number, toMs: number): Iterable<Event>
}

/** Events of one script; those that began so much earlier than the newest are forgotten. */
export function createColumns(scriptName: string, keptMs: number): Columns {
  const blocks: Block[] = []
  const versions: (string | undefined)[] = []
  return {
    add(event) {
      const last = blocks.at(-1)
      const block = last === undefined || last.used === EVENTS_A_BLOCK ? newBlock() : last
      if (block !== last) blocks.push(block)
      const known = versions.indexOf(event.versionId)
      write(block, event, known === -1 ? versions.push(event.versionId) - 1 : known)
      while (blocks[0] !== undefined && blocks[0].newestMs < event.atMs - keptMs) blocks.shift()
    },
    *between(fromMs, toMs) {
      for (const block of blocks) {
        if (block.newestMs < fromMs || block.oldestMs > toMs) continue
        for (let index = 0; index < block.used; index += 1) {
          const atMs = block.at[index] ?? 0
          if (atMs < fromMs || atMs > toMs) continue
          yield { scriptName, versionId: versions[block.version[index] ?? 0], atMs, ...read(block, index) }
        }
      }
    },
  }
}

function newBlock(): Block {
  const numbers = () => new Float64Array(EVENTS_A_BLOCK)
  return {
    used: 0,
    oldestMs: Infinity,
    newestMs: -Infinity,
    at: numbers(),
    duration: numbers(),
    sample: numbers(),
    jitter: numbers(),
    version: new Uint16Array(EVENTS_A_BLOCK),
    status: new Uint16Array(EVENTS_A_BLOCK),
    outcome: new Uint8Array(EVENTS_A_BLOCK),
    stored: numbers(),
    isOverridden: new Uint8Array(EVENTS_A_BLOCK),
  }
}

function write(block: Block, event: Event, version: number): void {
  const index = block.used
  block.used += 1
  block.oldestMs = Math.min(block.oldestMs, event.atMs)
  block.newestMs = Math.max(block.newestMs, event.atMs)
  block.at[index] = event.atMs
  block.duration[index] = event.durationMs
  block.sample[index] = event.sample
  block.jitter[index] = event.jitter
  block.version[index] = version
  block.status[index] = event.status ?? 0
  block.outcome[index] = outcomes.indexOf(event.outcome)
  block.stored[index] = event.stored
  block.isOverridden[index] = event.isOverridden ? 1 : 0
}

function read(block: Block, index: number) {
  const status = block.status[index] ?? 0
  return {
    durationMs: block.duration[index] ?? 0,
    sample: block.sample[index] ?? 0,
    jitter: block.jitter[index] ?? 0,
    status: status === 0 ? undefined : status,
    outcome: outcomes[block.outcome[index] ?? 0] ?? 'ok',
    stored: block.stored[index] ?? 0,
    isOverridden: block.isOverridden[index] === 1,
  }
}
