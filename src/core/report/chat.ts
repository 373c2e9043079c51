import { outcomeOf } from '../ending.ts'
import { plainLine, truncate } from './escape.ts'
import { titleOf, type Report } from './report.ts'

/** What a team reads in chat: plain text, which each sink escapes in its own way. */
export interface ChatMessage {
  readonly title: string
  readonly lines: readonly string[]
  /** Where the whole story is. */
  readonly url?: string
  /** The same for programs. */
  readonly facts: Readonly<Record<string, unknown>>
}

/** A deploy that is beginning, in as much as is known of it. */
export interface Begun {
  readonly worker: string
  readonly environment: string
  readonly sha: string
  readonly url: string
}

const MARKS = { good: '✅', bad: '❌', calm: '⏸️', busy: '🚀' } as const
const LONGEST_LINE = 300
const MOST_NAMED = 5

export function messageOfBegun({ worker, environment, sha, url }: Begun): ChatMessage {
  return {
    title: `${MARKS.busy} Deploying ${worker} to ${environment}`,
    lines: [`Commit ${sha.slice(0, 7)}`],
    url,
    facts: { event: 'begun', worker, environment, sha },
  }
}

/** How it ended: what was deployed, which commit, whether the checks passed, what to do next if anything. */
export function messageOfReport(report: Report): ChatMessage {
  const { worker, environment, sha, commitTitle, sentence, next, urls, ending } = report
  const isGood = outcomeOf(ending).exitCode === 0
  const mark = !isGood ? MARKS.bad : ending.kind === 'promoted' || ending.kind === 'rolled-back' ? MARKS.good : MARKS.calm
  const commit = sha === undefined ? [] : [`Commit ${sha.slice(0, 7)}${commitTitle === undefined ? '' : `: ${commitTitle}`}`]
  const lines = [...commit, checksInWords(report), sentence, ...(isGood ? [] : [`Next: ${next}`])]
  return {
    title: `${mark} ${titleOf(report)}: ${worker} in ${environment}`,
    lines: lines.filter((line) => line !== '').map((line) => plainLine(line.replaceAll('`', ''), LONGEST_LINE)),
    ...(urls.run === undefined ? {} : { url: urls.run }),
    facts: { event: 'ended', ending: ending.kind, worker, environment, sha, versionId: report.candidateId, baselineId: report.baselineId, sentence, startedAt: report.startedAt, endedAt: report.endedAt },
  }
}

function checksInWords({ rounds }: Report): string {
  const last = rounds.findLast(({ checks }) => checks.some(({ before }) => before !== undefined)) ?? rounds.at(-1)
  const all = rounds.flatMap(({ checks }) => checks)
  if (last === undefined) return ''
  const broken = [...new Set(all.filter(({ standing }) => standing === 'regressed' || standing === 'failed').map(({ now }) => now.name))]
  if (broken.length > 0) return `Checks that failed: ${named(broken)}`
  const unclear = last.checks.filter(({ standing }) => standing === 'unknown' || standing === 'blocked').map(({ now }) => now.name)
  if (unclear.length > 0) return `Checks without an answer: ${named(unclear)}`
  const flaky = last.checks.filter(({ standing }) => standing === 'flaky').length
  return `${last.checks.length} checks passed${flaky === 0 ? '' : `, ${flaky} of them flaky`}`
}

function named(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : ''
  return `${names.slice(0, MOST_NAMED).join(', ')}${more}`
}

/** Title, lines and link as one text; `max` in UTF-16 units. */
export function asText({ title, lines, url }: ChatMessage, max: number): string {
  const link = url === undefined ? '' : `\n${url}`
  return `${truncate([title, ...lines].join('\n'), max - link.length)}${link}`
}
