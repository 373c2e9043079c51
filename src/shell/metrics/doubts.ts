import { silent, unknown, type Doubt } from './source.ts'

/** Requests of one interval, raw: what tells whether the interval has been seen whole. */
export interface Traffic {
  /** By version. */
  readonly totals: ReadonlyMap<string, number>
  /** Requests that carry no version. */
  readonly unattributed: number
  /** Requests after the interval. */
  readonly later: number
}

/** Why these are not all requests of the interval, if they are not; `isFresh`: something later has to have arrived. */
export function doubtOfTraffic({ totals, unattributed, later }: Traffic, isFresh: boolean): Doubt | undefined {
  const versions = doubtOfVersions([...totals.values()], unattributed)
  if (versions !== undefined) return versions
  return isFresh && later === 0 ? silent('nothing later than the interval has arrived yet, so its own requests may be missing too') : undefined
}

/** A larger share of requests whose version nobody knows would make the others' rates a guess. */
const MOST_UNATTRIBUTED = 0.05

/** Why the requests without a version leave nothing to count, if they do; `totals` are those of each version. */
export function doubtOfVersions(totals: readonly number[], unattributed: number): Doubt | undefined {
  const all = totals.reduce((sum, total) => sum + total, unattributed)
  return unattributed > MOST_UNATTRIBUTED * all ? unknown(`${unattributed} of ${all} requests carry no version`) : undefined
}
