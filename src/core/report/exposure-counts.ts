import type { Served } from '../analysis/served.ts'
import { duration, secondsOf } from './clock-face.ts'
import { grouped, sharePercent } from './numerals.ts'
import type { SplitPoint } from './report.ts'

const MOST_SHARES = 8

/** A share that users had, and for how long. */
interface ShareHeld {
  /** Above 0, to 100. */
  readonly percent: number
  readonly seconds: number
}

/**
 * What the candidate has served as far as it was counted, which is at least that: a step's first seconds are never
 * counted, nor are its last before a verdict, nor what a source could not tell.
 */
export function servedWords({ traffic, unit, total, failed }: Served): string {
  if (traffic === 'own') return `Nobody counted its users' requests; it answered ${grouped(total)} of Sleepwell's own${failed === undefined ? '' : `, ${grouped(failed)} of them failed`}`
  const isUsers = unit === 'user'
  const ill = failed === undefined ? '' : `, ${grouped(failed)} of them ${isUsers ? 'with a failure' : 'failed'}`
  return `It served at least ${grouped(total)} ${isUsers ? 'users' : 'requests'}${ill}`
}

/** The shares above 0 % in order, each from its first reading to the first of another; a share that no later reading ended is left out. */
export function sharesOf(splits: readonly SplitPoint[]): readonly ShareHeld[] {
  const held: { percent: number; seconds: number }[] = []
  for (const [index, { at, candidatePercent }] of splits.entries()) {
    const [from, to] = [secondsOf(at), secondsOf(splits[index + 1]?.at ?? '')]
    if (candidatePercent <= 0 || from === undefined || to === undefined || to < from) continue
    const last = held.at(-1)
    if (last?.percent === candidatePercent) last.seconds += to - from
    else held.push({ percent: candidatePercent, seconds: to - from })
  }
  return held
}

/** Share × time by step, the time in which all of production gets as many requests, and, by its rate, how many those are. */
export function sharesWords(shares: readonly ShareHeld[], perSecond: number | undefined): string {
  if (shares.length === 0) return ''
  const full = shares.reduce((sum, { percent, seconds }) => sum + (percent / 100) * seconds, 0)
  const named = shares.slice(-MOST_SHARES).map(({ percent, seconds }) => `${sharePercent(percent)} for ${duration(seconds * 1000)}`)
  const left = shares.length > MOST_SHARES ? 'lastly ' : ''
  const requests = perSecond === undefined ? '' : `: at ${perSecond < 10 ? perSecond.toFixed(1) : grouped(Math.round(perSecond))} requests a second about ${grouped(Math.round(full * perSecond))}`
  return `Its share was ${left}${named.join(', ')}, together as much as ${duration(full * 1000)} of all traffic${requests}`
}
