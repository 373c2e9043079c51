import { renderRound } from './check-table.ts'
import { code, link, marker, truncate } from './escape.ts'
import { titleOf, type Report } from './report.ts'
import { renderEnding } from './summary.ts'

/** GitHub's limit is 65,536 characters a comment; several Workers may share one. */
const LONGEST_COMMENT = 65_536
const LONGEST_SECTION = 12_000
const DETAIL = { mostWrongs: 3, longestSeen: 500 }

/** The first line of every comment of ours; an author check belongs to whoever looks for it. */
export const COMMENT_MARKER = '<!-- sleepwell -->'

/** One Worker's and environment's part of the sticky comment, between its own two markers. */
export function renderSection(report: Report): string {
  const [open, close] = markersOf(report.key)
  const failing = report.rounds.flatMap(({ title, checks }) => {
    const notable = checks.filter(({ standing }) => standing !== 'passed')
    return notable.length === 0 ? [] : [{ title, checks: notable }]
  })
  const body = [
    `### ${titleOf(report)}: ${code(report.worker)} in ${code(report.environment)}`,
    renderEnding(report),
    ...(report.sha === undefined ? [] : [`Commit ${code(report.sha)}`]),
    ...failing.map((round) => renderRound(round, DETAIL)),
    [...linkTo('Details', report.urls.run), ...linkTo('Deployment', report.urls.ledger)].join(' · '),
  ]
  return `${open}\n${shorten(body)}\n\n${close}`
}

/** The comment with this section in its place: replaced where it was, else appended; other sections are kept. */
export function placeSection(comment: string | undefined, key: string, section: string): string {
  const [open, close] = markersOf(key)
  const current = comment?.startsWith(COMMENT_MARKER) === true ? comment : COMMENT_MARKER
  const from = current.indexOf(open)
  const to = from < 0 ? -1 : current.indexOf(close, from)
  const placed = to < 0 ? `${current}\n${section}` : `${current.slice(0, from)}${section}${current.slice(to + close.length)}`
  // A comment that has no room for all Workers keeps the one that is speaking.
  return placed.length <= LONGEST_COMMENT ? placed : `${COMMENT_MARKER}\n${section}`
}

function markersOf(key: string): readonly [string, string] {
  return [marker(key), marker(key, '/')]
}

/** Whole blocks are left out rather than cut: half a fence would swallow what follows it. */
function shorten(blocks: readonly string[]): string {
  const kept: string[] = []
  let length = 0
  for (const block of blocks) {
    if (length + block.length > LONGEST_SECTION) continue
    kept.push(block)
    length += block.length
  }
  return truncate(kept.filter((block) => block !== '').join('\n\n'), LONGEST_COMMENT)
}

function linkTo(label: string, address: string | undefined): readonly string[] {
  return address === undefined ? [] : [link(label, address)]
}
