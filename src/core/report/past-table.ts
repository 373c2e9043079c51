import { codeInCell } from './escape.ts'
import type { PastDeploy } from './report.ts'

const MOST_DEPLOYS = 10
const MOST_ROWS = 60

/** Each check through the last deploys, oldest at the left: what was slow or broken before, and since when. */
export function renderPast(past: readonly PastDeploy[]): string {
  const shown = past.slice(0, MOST_DEPLOYS).toReversed()
  if (shown.length < 2) return ''
  const names = [...new Set(shown.toReversed().flatMap(({ checks }) => checks.map(({ name }) => name)))]
  const head = ['Check', ...shown.map(({ sha, endedAt }) => `${codeInCell(sha.slice(0, 7))} ${dayAndTime(endedAt)}`)]
  const endings = ['*ended*', ...shown.map(({ ending }) => codeInCell(ending))]
  const rows = names.slice(0, MOST_ROWS).map((name) => [codeInCell(name), ...shown.map((deploy) => cellOf(deploy, name))])
  const lines = [head, head.map(() => '---'), endings, ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  const more = names.length > MOST_ROWS ? [`… and ${names.length - MOST_ROWS} more.`] : []
  return ['### The last deploys', lines.join('\n'), ...more].join('\n\n')
}

function cellOf({ checks }: PastDeploy, name: string): string {
  const found = checks.find((check) => check.name === name)
  if (found === undefined) return '–'
  const mark = MARKS[found.standing] ?? '?'
  return found.observed === undefined ? mark : `${mark} ${codeInCell(found.observed, 40)}`
}

const MARKS: Readonly<Record<string, string>> = {
  passed: '✓', unproven: '✓ unproven', fixed: '✓ fixed', flaky: '✓ flaky', tolerated: '✗ optional',
  regressed: '✗', 'pre-existing': '✗ as before', unknown: '? unknown', blocked: '? blocked',
}

/** `11-23 14:03` of an ISO 8601 instant. */
function dayAndTime(iso: string): string {
  return /^\d{4}-(\d\d-\d\d)T(\d\d:\d\d)/.exec(iso)?.slice(1).join(' ') ?? ''
}
