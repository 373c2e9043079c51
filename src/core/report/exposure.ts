import type { Judgement } from '../analysis/judgement.ts'
import { duration, secondsOf, timeOfDay } from './clock-face.ts'
import type { EvidenceShown } from './evidence.ts'
import { servedWords, sharesOf, sharesWords } from './exposure-counts.ts'
import type { CheckedRound, Report, SplitPoint } from './report.ts'

/** How much of production's traffic a version that was taken back has met. */
interface Exposure {
  /** Largest share that was read back, 0 to 100. */
  readonly mostPercent: number
  /** When its first share of users was read back, ISO 8601; the write came shortly before. */
  readonly since: string
  /** When a split without it was read back; absent while there is none. */
  readonly until?: string
}

/** `undefined` when no split that gave users the candidate was ever read back. */
function exposureOf(splits: readonly SplitPoint[]): Exposure | undefined {
  const first = splits.findIndex(({ candidatePercent }) => candidatePercent > 0)
  const since = splits[first]?.at
  if (since === undefined) return undefined
  const until = splits.slice(first).find(({ candidatePercent }) => candidatePercent === 0)?.at
  const mostPercent = Math.max(...splits.map(({ candidatePercent }) => candidatePercent))
  return { mostPercent, since, ...(until === undefined ? {} : { until }) }
}

export type Exposed = Pick<Report, 'command' | 'ending' | 'splits' | 'rounds' | 'evidence'>

/**
 * Whom the candidate has met, as far as it was counted; of one that did not stay also for how long, at which share, how
 * soon it was found out and where. Empty where nothing is to be said.
 */
export function renderExposure({ command, ending, splits, rounds, evidence }: Exposed): string {
  if (command === 'rollback' || splits.length === 0) return ''
  const served = evidence?.served === undefined ? '' : servedWords(evidence.served)
  if (ending.kind === 'promoted' || ending.kind === 'yielded') return served
  if (ending.kind === 'refused') return ''
  const exposure = exposureOf(splits)
  if (exposure === undefined) return 'none, the candidate stayed at 0 %'
  const { mostPercent, since, until } = exposure
  const share = `${Math.round(mostPercent * 100) / 100} % of requests`
  const lasted = until === undefined ? `since ${timeOfDay(since)} UTC, not over` : `from ${timeOfDay(since)} to ${timeOfDay(until)} UTC${lengthOf(since, until)}`
  const shares = evidence === undefined ? '' : sharesWords(sharesOf(splits), evidence.served?.perSecond)
  return [`${share}, ${lasted}`, served, shares, findingWords(exposure, evidence, rounds), roundWords(rounds)].filter((part) => part !== '').join('. ')
}

/** How long until it was found out, and from then until the baseline was read back. */
function findingWords({ since, until }: Exposure, evidence: EvidenceShown | undefined, rounds: readonly CheckedRound[]): string {
  const detectSeconds = secondsToProof(evidence) ?? secondsToFailure(since, rounds)
  if (detectSeconds === undefined) return ''
  const found = `Found out ${duration(detectSeconds * 1000)} after its first share`
  const total = secondsBetween(since, until)
  if (total === undefined) return `${found}; the baseline was not read back alone since`
  return total < detectSeconds ? found : `${found}, and the baseline was read back ${duration((total - detectSeconds) * 1000)} later`
}

/** By the comparison: from the candidate's first share, which is what polls count their time from, to the look that was the proof. */
function secondsToProof(evidence: EvidenceShown | undefined): number | undefined {
  const judgements = evidence === undefined ? [] : [evidence.watch?.judgement, evidence.judgement]
  const regressed = judgements.find((judgement): judgement is Judgement => judgement?.finding.verdict === 'regressed')
  const proof = regressed?.overTime.find((look) => look.harm >= regressed.harm.needed) ?? regressed?.overTime.at(-1)
  return proof === undefined || Math.abs(proof.atSeconds) > 1e9 ? undefined : Math.max(0, proof.atSeconds)
}

/** By a check: until the last one that failed in the first round with such a one had ended. */
function secondsToFailure(since: string, rounds: readonly CheckedRound[]): number | undefined {
  const failed = firstBroken(rounds)?.checks.filter(({ standing }) => standing === 'regressed') ?? []
  const after = failed.flatMap(({ now }) => {
    const began = secondsBetween(since, now.startedAt)
    return began === undefined ? [] : [began + now.durationMs / 1000]
  })
  return after.length === 0 ? undefined : Math.max(...after)
}

function firstBroken(rounds: readonly CheckedRound[]): CheckedRound | undefined {
  return rounds.find(({ checks }) => checks.some(({ standing }) => standing === 'regressed'))
}

function secondsBetween(from: string, to: string | undefined): number | undefined {
  const [start, end] = [secondsOf(from), secondsOf(to ?? '')]
  return start === undefined || end === undefined || end < start ? undefined : end - start
}

function lengthOf(since: string, until: string): string {
  const seconds = secondsBetween(since, until)
  return seconds === undefined ? '' : ` (${duration(seconds * 1000)}, each end as it was read back)`
}

/** Where a bug hides that only a share of users can show, such as one inside a Durable Object. */
function roundWords(rounds: readonly CheckedRound[]): string {
  const found = firstBroken(rounds)
  if (found === undefined || found === rounds[0]) return ''
  return `First seen in "${found.title}"; the rounds before it showed nothing`
}
