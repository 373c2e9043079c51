import { z } from 'zod'
import { judgeChecks } from '../checks/judge.ts'
import type { Journal } from '../journal.ts'

/** One check of a past deploy, as its last round saw it. */
export const pastCheckSchema = z.object({
  name: z.string(),
  /** What it was called in that deploy's report. */
  standing: z.string(),
  /** A figure with its unit. */
  observed: z.string().optional(),
})
export type PastCheck = z.infer<typeof pastCheckSchema>

/** More would not fit a payload that people still want to read. */
const MOST_CHECKS = 120
const LONGEST_NAME = 140

/** What the last round on the new version (or on a rollback's target) came to, for the deploys that follow. */
export function pastChecksOf({ preflight, rounds }: Journal): readonly PastCheck[] {
  const round = rounds.findLast(({ judged }) => judged !== 'baseline')
  if (round === undefined) return []
  const { checks } = judgeChecks(round.results, preflight, { judged: round.judged, preExisting: 'warn' })
  return checks.slice(0, MOST_CHECKS).map(({ now: { name, observed }, standing }) => ({
    name: name.slice(0, LONGEST_NAME),
    standing,
    ...(observed === undefined ? {} : { observed }),
  }))
}
