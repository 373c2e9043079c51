import type { Judgement } from '../checks/judge.ts'
import { renderRound } from './check-table.ts'
import { duration, secondsOf } from './clock-face.ts'
import { code } from './escape.ts'

/** Checks that were run on their own, beside no baseline. */
export interface AloneReport extends Judgement {
  readonly url: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly endedAt: string
}

const TITLES: Readonly<Record<Judgement['verdict'], string>> = { healthy: 'Healthy', regressed: 'Not healthy', unknown: 'Not known' }
const DETAIL = { mostWrongs: 20, longestSeen: 2600 }

/** One line for the log: how it is, and which checks are not well. */
export function describeAlone({ verdict, url, checks }: AloneReport): string {
  const wrong = checks.filter(({ standing }) => standing === 'failed' || standing === 'unknown' || standing === 'blocked')
  const named = wrong.map(({ now, standing }) => `${now.name} (${standing})`).join(', ')
  return `${TITLES[verdict]}: ${url}, ${checks.length - wrong.length} of ${checks.length} checks passed${named === '' ? '' : `; not ${named}`}.`
}

/** The job summary of checks on their own. */
export function renderAlone(report: AloneReport): string {
  const took = ((secondsOf(report.endedAt) ?? 0) - (secondsOf(report.startedAt) ?? 0)) * 1000
  const round = renderRound({ title: `Asked at ${report.startedAt.slice(0, 16).replace('T', ' ')} UTC, took ${duration(took)}`, checks: report.checks }, DETAIL)
  return `## ${TITLES[report.verdict]}: ${code(report.url)}\n\n${round}\n`
}
