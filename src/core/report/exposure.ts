import type { Judgement } from '../analysis/judgement.ts'
import { duration, secondsOf, timeOfDay } from './clock-face.ts'
import { servedWords, sharesOf, sharesWords } from './exposure-counts.ts'
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

export type Exposed = Pick<Report, 'command' | 'ending' | 'splits' | 'rounds'>

/**
 * Whom a candidate that did not stay has met, and where it was found out; empty where nothing is to be said. With what
 * was counted it also says how many requests that were, and how long it took to find out; `foundAt` is when that was,
 * ISO 8601, else the end of the interval whose counts were the proof.
 */
export function renderExposure({ command, ending, splits, rounds }: Exposed, judgement?: Judgement, foundAt?: string): string {
  if (command === 'rollback' || (ending.kind !== 'rolled-back' && ending.kind !== 'stranded') || splits.length === 0) return ''
  const exposure = exposureOf(splits)
  if (exposure === undefined) return 'none, the candidate stayed at 0 %'
  const { mostPercent, since, until } = exposure
  const share = `${Math.round(mostPercent * 100) / 100} % of requests`
  const lasted = until === undefined ? `since ${timeOfDay(since)} UTC, not over` : `from ${timeOfDay(since)} to ${timeOfDay(until)} UTC${lengthOf(since, until)}`
  const counted = judgement === undefined ? [] : [servedWords(judgement), sharesWords(sharesOf(splits)), findingWords(judgement, exposure, foundAt)]
  return [`${share}, ${lasted}`, ...counted, roundWords(rounds)].filter((part) => part !== '').join('. ')
}

/** How long until it was found out, and from then until the baseline was read back. */
function findingWords(judgement: Judgement, { since, until }: Exposure, foundAt: string | undefined): string {
  const detectSeconds = secondsToDetect(judgement, since, foundAt)
  if (detectSeconds === undefined) return ''
  const found = `Found out ${duration(detectSeconds * 1000)} after its first share`
  const total = secondsBetween(since, until)
  if (total === undefined) return `${found}; the baseline was not read back alone since`
  return total < detectSeconds ? found : `${found}, and the baseline was read back ${duration((total - detectSeconds) * 1000)} later`
}

/** Without a moment of the verdict, only proof of harm tells: what a check found out has no poll. */
function secondsToDetect({ finding, overTime, harm }: Judgement, since: string, foundAt: string | undefined): number | undefined {
  if (foundAt !== undefined) return secondsBetween(since, foundAt)
  if (finding.verdict !== 'regressed') return undefined
  const proof = overTime.find((look) => look.harm >= harm.needed) ?? overTime.at(-1)
  return proof === undefined || Math.abs(proof.atSeconds) > 1e9 ? undefined : Math.max(0, proof.atSeconds)
}

function secondsBetween(from: string, to: string | undefined): number | undefined {
  const [start, end] = [secondsOf(from), secondsOf(to ?? '')]
  return start === undefined || end === undefined || end < start ? undefined : end - start
}

function lengthOf(since: string, until: string): string {
  const from = secondsOf(since)
  const to = secondsOf(until)
  return from === undefined || to === undefined ? '' : ` (${duration((to - from) * 1000)}, each end as it was read back)`
}

/** Where a bug hides that only a share of users can show, such as one inside a Durable Object. */
function roundWords(rounds: readonly CheckedRound[]): string {
  const at = rounds.findIndex(({ checks }) => checks.some(({ standing }) => standing === 'regressed'))
  const found = rounds[at]
  if (found === undefined || at === 0) return ''
  return `First seen in "${found.title}"; the rounds before it showed nothing`
}
