import type { JudgedCheck, Standing } from '../checks/judge.ts'
import { isFlaky, type CheckOutcome, type CheckResult } from '../checks/result.ts'
import { duration, timeOfDay } from './clock-face.ts'
import { code, codeBlock, codeInCell, prose } from './escape.ts'
import type { CheckedRound } from './report.ts'

/** How much of what went wrong is shown; the table has every check. */
export interface Detail {
  readonly mostWrongs: number
  readonly longestSeen: number
}

/** A table of a round's checks, baseline beside candidate, and below it what went wrong in each. */
export function renderRound({ title, checks }: CheckedRound, detail: Detail): string {
  // Without a baseline there is nothing to put beside it.
  const hasBefore = checks.some(({ before }) => before !== undefined)
  const rows = checks.map(({ standing, now, before }) =>
    row([codeInCell(now.name), ...(hasBefore ? [before === undefined ? '–' : cell(before)] : []), cell(now), wordOf(standing)]),
  )
  const titles = ['Check', ...(hasBefore ? ['Baseline, before'] : []), 'Now', 'Meaning']
  const head = [row(titles), row(titles.map(() => '---'))]
  const wrongs = checks.filter(({ now }) => detailOf(now.outcome) !== undefined)
  const shown = wrongs.slice(0, detail.mostWrongs).map((check) => renderWrong(check, detail.longestSeen))
  const more = wrongs.length > shown.length ? [`… and ${wrongs.length - shown.length} more.`] : []
  return [`#### ${prose(title)}`, [...head, ...rows].join('\n'), ...shown, ...more].join('\n\n')
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** What a check's outcome says beyond its name, as plain text from the outside; `undefined` for good ones. */
export function detailOf(outcome: CheckOutcome): string | undefined {
  switch (outcome.kind) {
    case 'passed':
    case 'unproven':
      return undefined
    case 'failed':
      return `expected ${outcome.expectation}; saw ${outcome.seen}`
    case 'unknown':
      return `${UNKNOWN_WORDS[outcome.reason]}: ${outcome.seen}`
    case 'blocked':
      return outcome.remedy
  }
}

const UNKNOWN_WORDS = {
  'no-proof': 'nothing in the answer says which version gave it',
  'wrong-version': 'another version answered',
  unreachable: 'no answer',
  'not-ready': 'not ready',
  'cut-off': 'not finished',
} as const

function renderWrong({ now, standing }: JudgedCheck, longestSeen: number): string {
  const head = `**${wordOf(standing)}** ${code(now.name)} (${code(now.target, 300)})`
  return `${head}\n\n${codeBlock(detailOf(now.outcome) ?? '', longestSeen)}`
}

function cell(result: CheckResult): string {
  const tries = result.attempts > 1 ? `, ${result.attempts} attempts` : ''
  const flaky = isFlaky(result) ? `, flaky: failed ${result.failedAttempts} ×` : ''
  const took = result.attempts === 0 ? '' : ` ${duration(result.answerMs)} at ${timeOfDay(result.startedAt)}`
  const observed = result.observed === undefined ? '' : `, ${codeInCell(result.observed, 60)}`
  return `${outcomeWord(result.outcome)}${observed}${took}${tries}${flaky}`
}

function outcomeWord(outcome: CheckOutcome): string {
  switch (outcome.kind) {
    case 'unproven':
      return outcome.about === 'surroundings' ? 'passed (says nothing of the version)' : 'passed, unproven'
    case 'passed':
    case 'failed':
    case 'unknown':
      return outcome.kind
    case 'blocked':
      return `blocked (${outcome.by})`
  }
}

/** What a standing is called wherever people read it. */
export function wordOf(standing: Standing): string {
  switch (standing) {
    case 'passed':
      return 'passed'
    case 'flaky':
      return 'passed, but flaky'
    case 'unproven':
      return 'passed, unproven'
    case 'fixed':
      return 'fixed by this version'
    case 'failed':
      return 'failed'
    case 'regressed':
      return 'broken by this version'
    case 'pre-existing':
      return 'already so before'
    case 'tolerated':
      return 'not passing, optional'
    case 'unknown':
      return 'unknown'
    case 'blocked':
      return 'blocked'
  }
}
