import { duration, secondsOf, timeOfDay } from './clock-face.ts'
import type { CheckedRound, Report, SplitPoint } from './report.ts'

/** How much of production's traffic a version that was taken back has met. */
export interface Exposure {
  /** Largest share that was read back, 0 to 100. */
  readonly mostPercent: number
  /** When its first share of users was read back, ISO 8601; the write came shortly before. */
  readonly since: string
  /** When a split without it was read back; absent while there is none. */
  readonly until?: string
}

/** `undefined` when no split that gave users the candidate was ever read back. */
export function exposureOf(splits: readonly SplitPoint[]): Exposure | undefined {
  const first = splits.findIndex(({ candidatePercent }) => candidatePercent > 0)
  const since = splits[first]?.at
  if (since === undefined) return undefined
  const until = splits.slice(first).find(({ candidatePercent }) => candidatePercent === 0)?.at
  const mostPercent = Math.max(...splits.map(({ candidatePercent }) => candidatePercent))
  return { mostPercent, since, ...(until === undefined ? {} : { until }) }
}

/** Whom a candidate that did not stay has met, and where it was found out; empty where nothing is to be said. */
export function renderExposure({ command, ending, splits, rounds }: Pick<Report, 'command' | 'ending' | 'splits' | 'rounds'>): string {
  if (command === 'rollback' || (ending.kind !== 'rolled-back' && ending.kind !== 'stranded') || splits.length === 0) return ''
  const exposure = exposureOf(splits)
  if (exposure === undefined) return 'none, the candidate stayed at 0 %'
  const { mostPercent, since, until } = exposure
  const share = `${Math.round(mostPercent * 100) / 100} % of requests`
  const lasted = until === undefined ? `since ${timeOfDay(since)} UTC, not over` : `from ${timeOfDay(since)} to ${timeOfDay(until)} UTC${lengthOf(since, until)}`
  return [`${share}, ${lasted}`, foundAt(rounds)].filter((part) => part !== '').join('. ')
}

function lengthOf(since: string, until: string): string {
  const from = secondsOf(since)
  const to = secondsOf(until)
  return from === undefined || to === undefined ? '' : ` (${duration((to - from) * 1000)}, each end as it was read back)`
}

/** Where a bug hides that only a share of users can show, such as one inside a Durable Object. */
function foundAt(rounds: readonly CheckedRound[]): string {
  const at = rounds.findIndex(({ checks }) => checks.some(({ standing }) => standing === 'regressed'))
  const found = rounds[at]
  if (found === undefined || at === 0) return ''
  return `First seen in "${found.title}"; the rounds before it showed nothing`
}
