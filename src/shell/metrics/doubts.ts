import type { CountQuestion } from './source.ts'

/** Requests of one interval, raw: what tells whether the interval has been seen whole. */
export interface Traffic {
  /** By version. */
  readonly totals: ReadonlyMap<string, number>
  /** Requests that carry no version. */
  readonly unattributed: number
  /** Requests after the interval. */
  readonly later: number
}

/** A larger share of requests whose version nobody knows would make the others' rates a guess. */
const MOST_UNATTRIBUTED = 0.05

/** Why these are not all requests of the interval, if they are not; `isQuiet`: nothing later has to have arrived. */
export function doubtOf({ candidate, baseline }: CountQuestion, { totals, unattributed, later }: Traffic, isQuiet: boolean): string | undefined {
  const versions = [candidate, baseline]
  const attributed = versions.reduce((sum, version) => sum + (totals.get(version) ?? 0), 0)
  if (attributed === 0) return unattributed === 0 ? 'no request of either version was recorded' : 'no request carries its version'
  // Only where every request is in some group does a missing group mean none.
  if (unattributed > 0 && versions.some((version) => !totals.has(version))) return `one version has no requests, but ${unattributed} carry no version`
  if (unattributed > MOST_UNATTRIBUTED * (attributed + unattributed)) return `${unattributed} of ${attributed + unattributed} requests carry no version`
  if (later === 0 && !isQuiet) return 'nothing later than the interval has arrived yet, so its own requests may be missing too'
  return undefined
}
