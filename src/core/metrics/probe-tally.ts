import type { Counts } from '../analysis/counts.ts'
import type { ProbeMeaning } from './probe-answer.ts'

/** One version's probes of one poll. */
export interface ProbeTally {
  readonly errors: Counts
  /** Of every answer, and infinite where none came in time. */
  readonly durationsMs: readonly number[]
}

export type PairTally =
  | { readonly kind: 'ok'; readonly candidate: ProbeTally; readonly baseline: ProbeTally }
  | { readonly kind: 'unknown'; readonly message: string }

type Meanings = readonly ProbeMeaning[]

/**
 * Counts both versions' probes. Which version a request asks for is drawn at random, so whatever fails without proof may be
 * counted for the version that was asked for: whoever it was, it strikes both alike. That holds only while nothing is
 * left out: were the good answers of somebody else left out and their failures not, every failure would weigh more. (Where a
 * share m of one version's answers always came from others, failures in the polls that escape would weigh 1/(1 - m).)
 */
export function tallyPairs(candidate: Meanings, baseline: Meanings | 'nobody'): PairTally {
  const others = baseline === 'nobody' ? [] : baseline
  const all = [...candidate, ...others]
  if (all.some(({ kind }) => kind === 'stopped')) return unknown('stopped before all were answered')
  for (const [version, meanings] of [['candidate', candidate], ['baseline', baseline]] as const) {
    if (meanings === 'nobody') continue
    const doubt = doubtOf(version, meanings)
    if (doubt !== undefined) return unknown(doubt)
  }
  const stray = all.find((one) => one.kind === 'stray')
  const failure = all.find((one) => one.kind === 'unproven-failure')
  if (stray !== undefined && failure !== undefined) {
    return unknown(`a request failed without proof of a version (${failure.seen}) while others were not answered by the version asked for (${stray.seen}): nobody can tell whose failure it was`)
  }
  const hasAnswer = all.some((one) => one.kind === 'proven' || (one.kind === 'unproven-failure' && one.hasAnswered))
  if (!hasAnswer) return unknown(`no request was answered (${failure?.seen ?? 'none was sent'}): the way to the Worker may be cut`)
  return { kind: 'ok', candidate: tallyOf(candidate), baseline: tallyOf(others) }
}

function doubtOf(version: 'candidate' | 'baseline', meanings: Meanings): string | undefined {
  const strays = meanings.filter((one) => one.kind === 'stray')
  if (meanings.length === 0) return `no request was sent to the ${version}`
  if (strays.length * 2 <= meanings.length) return undefined
  return `${strays.length} of ${meanings.length} requests to the ${version} were not answered by it: ${strays[0]?.seen ?? ''}`
}

/** One version's probes, strays left out. */
export function tallyOf(meanings: Meanings): ProbeTally {
  const counted = meanings.filter((one) => one.kind === 'proven' || one.kind === 'unproven-failure')
  const bad = counted.filter((one) => one.kind === 'unproven-failure' || one.isFailure).length
  return { errors: { total: counted.length, bad }, durationsMs: counted.flatMap(({ durationMs }) => (durationMs === undefined ? [] : [durationMs])) }
}

const unknown = (message: string): PairTally => ({ kind: 'unknown', message })
