import { renderRound } from './check-table.ts'
import { duration, secondsOf, timeOfDay } from './clock-face.ts'
import { code, codeInCell, link, prose, proseInCell, truncate } from './escape.ts'
import { renderEvidence } from './evidence.ts'
import { renderExposure } from './exposure.ts'
import { renderPast } from './past-table.ts'
import { titleOf, type Report } from './report.ts'
import { renderSplits } from './split-chart.ts'

/** GitHub drops a step's summary above 1 MiB; a UTF-16 unit takes at most three bytes. */
const LONGEST_SUMMARY = 300_000
const DETAIL = { mostWrongs: 20, longestSeen: 2600 }

/** The job summary: how it ended, what to do next, and everything that led there. */
export function renderSummary(report: Report): string {
  const sections = [
    `## ${titleOf(report)}: ${code(report.worker)} in ${code(report.environment)}`,
    renderEnding(report),
    list('Warnings', report.warnings),
    renderFacts(report),
    report.plan === undefined ? '' : renderPlan(report.plan),
    report.rounds.length === 0 ? '' : ['### Checks', ...report.rounds.map((round) => renderRound(round, DETAIL))].join('\n\n'),
    ...(report.evidence === undefined ? [] : renderEvidence(report.evidence)),
    renderPast(report.past),
    report.command === 'dry-run' ? '' : `### Split\n\n${renderSplits(report.splits)}`,
    renderTimeline(report),
    list('Not delivered', report.undelivered),
    renderLinks(report),
  ]
  return truncate(`${sections.filter((section) => section !== '').join('\n\n')}\n`, LONGEST_SUMMARY)
}

/** The sentences that matter at 3 a.m.; the comment begins with the same. */
export function renderEnding(report: Report): string {
  const { sentence, live, next } = report
  const exposure = renderExposure(report)
  const told = exposure === '' ? [] : [`**Exposure:** ${prose(exposure)}.`]
  return [prose(sentence), `**Live now:** ${prose(live)}`, ...told, `**Next:** ${prose(next)}`].join('\n\n')
}

function renderFacts(report: Report): string {
  const { sha, commitTitle, givenReason, candidateId, baselineId, startedAt, endedAt } = report
  const began = secondsOf(startedAt)
  const ended = secondsOf(endedAt)
  const took = began === undefined || ended === undefined ? '' : `, took ${duration((ended - began) * 1000)}`
  const rows: (readonly [string, string])[] = [
    ...(sha === undefined ? [] : [['Commit', commitTitle === undefined ? codeInCell(sha) : `${codeInCell(sha)} ${codeInCell(commitTitle)}`] as const]),
    ...(givenReason === undefined ? [] : [['Reason given', codeInCell(givenReason, 300)] as const]),
    ...(candidateId === undefined ? [] : [['Candidate', codeInCell(candidateId)] as const]),
    ...(baselineId === undefined ? [] : [['Baseline', codeInCell(baselineId)] as const]),
    ['Time', `${startedAt.slice(0, 10)} ${timeOfDay(startedAt)} to ${timeOfDay(endedAt)} UTC${took}`],
  ]
  return ['| | |', '| --- | --- |', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n')
}

function renderPlan({ steps, missing }: NonNullable<Report['plan']>): string {
  const wants = missing.map(({ what, remedy }) => `- **${prose(what)}** ${prose(remedy)}`)
  const found = wants.length === 0 ? 'Nothing is missing.' : ['Missing:', '', ...wants].join('\n')
  return ['### Plan', steps.map((step, index) => `${index + 1}. ${prose(step)}`).join('\n'), found].join('\n\n')
}

function renderTimeline({ timeline }: Report): string {
  if (timeline.length === 0) return ''
  const rows = timeline.map(({ at, text }) => `| ${timeOfDay(at)} | ${proseInCell(text)} |`)
  return ['### Timeline', ['| UTC | |', '| --- | --- |', ...rows].join('\n')].join('\n\n')
}

function renderLinks({ urls }: Report): string {
  const links = [
    urls.worker === undefined ? '' : link('Worker', urls.worker),
    urls.ledger === undefined ? '' : link('Deployment in the ledger', urls.ledger),
    urls.run === undefined ? '' : link('Run', urls.run),
  ]
  return links.filter((part) => part !== '').join(' · ')
}

function list(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`### ${title}`, lines.map((line) => `- ${prose(line)}`).join('\n')].join('\n\n')
}
