import { outcomeOf, reasonOf, type Ending } from '../core/ending.ts'
import { renderAnnotations } from '../core/report/annotations.ts'
import { COMMENT_MARKER, placeSection, renderSection } from '../core/report/comment.ts'
import type { Report } from '../core/report/report.ts'
import { commitStatusContext, commitStatusDescription } from '../core/report/status.ts'
import { renderSummary } from '../core/report/summary.ts'
import { isSha } from '../core/ids.ts'
import type { Read } from '../shell/answers.ts'
import type { Runner } from '../shell/runner.ts'
import { buildReport } from './build-report.ts'
import type { Finished } from './finished.ts'
import { closeEntry } from './keep-ledger.ts'
import { keepResult } from './keep-results.ts'
import type { Session } from './session.ts'
import { tellEnded } from './tell-team.ts'

export interface About {
  readonly command: Report['command']
  readonly startedAtMs: number
}

/** Tells everybody how it ended. Nothing here decides, and nothing here can change the ending. */
export async function deliver(session: Session, finished: Finished, about: About): Promise<void> {
  const { github, journal, config } = { ...session, journal: finished.journal }
  const sha = journal?.sha ?? ('sha' in config ? config.sha : undefined)
  const title = sha === undefined ? undefined : await github.commitTitle(sha)
  const ledgerUrl = journal?.ledgerId === undefined ? undefined : `${config.github.serverUrl}/${config.github.owner}/${config.github.repo}/deployments/${encodeURIComponent(config.environment)}`
  const report = buildReport(session, finished, { ...about, commitTitle: title?.kind === 'ok' ? title.value : undefined, ledgerUrl })
  const undelivered = about.command === 'dry-run' ? [] : await deliverToGitHub(session, report, finished)
  const [past, untold] = await Promise.all([keepPast(session, report, finished), about.command === 'dry-run' ? [] : tellEnded(session, report, finished.journal)])
  const told: Report = { ...report, ...past, undelivered: [...undelivered, ...past.undelivered, ...untold] }
  for (const line of told.undelivered) session.runner.warn(line)
  for (const annotation of renderAnnotations(told)) session.runner.annotate(annotation)
  session.runner.writeSummary(renderSummary(told))
  session.runner.log(`${told.sentence} Live now: ${told.live} Next: ${told.next}`)
  session.runner.setOutputs(outputsOf(told))
}

async function keepPast(session: Session, report: Report, { journal }: Finished): Promise<Pick<Report, 'past' | 'undelivered'>> {
  if (journal === undefined) return { past: [], undelivered: [] }
  const kept = await keepResult(session, report, journal)
  if (kept.kind === 'ok') return { past: kept.value, undelivered: [] }
  return { past: [], undelivered: [undeliveredLine('What the checks saw', kept)].filter((line) => line !== undefined) }
}

function undeliveredLine(what: string, read: Read<unknown>): string | undefined {
  return read.kind === 'denied' || read.kind === 'unavailable' ? `${what} could not be delivered: ${read.message}` : undefined
}

/** Ledger, commit status and comment, each on its own: what could not be delivered is listed. */
async function deliverToGitHub(session: Session, report: Report, finished: Finished): Promise<string[]> {
  const { github, runUrl, redact } = session
  const { journal, ending } = finished
  const undelivered: string[] = []
  const note = (what: string, read: Read<unknown>) => {
    const line = undeliveredLine(what, read)
    if (line !== undefined) undelivered.push(line)
  }
  if (journal?.ledgerId !== undefined) {
    note('The record', await closeEntry(session, journal.ledgerId, { ending, journal, text: report.sentence.replaceAll('`', '') }))
  }
  if (report.sha === undefined || !isSha(report.sha)) return undelivered
  const status = {
    context: commitStatusContext(report.environment, report.worker),
    state: outcomeOf(ending).commitStatus,
    description: redact(commitStatusDescription(report)),
    targetUrl: runUrl,
  }
  note('The commit status', await github.setCommitStatus(report.sha, status))
  note('The comment', await deliverComment(session, report))
  return undelivered
}

/** Several Workers may share a comment, which GitHub cannot write conditionally: each looks whether its section stayed. */
const COMMENT_TRIES = 6
const COMMENT_SETTLES_SECONDS = 1

async function deliverComment({ github, redact, clock }: Session, report: Report): Promise<Read<unknown>> {
  const pullRequest = await github.pullRequestOf(report.sha ?? '')
  if (pullRequest.kind !== 'ok') return pullRequest
  const section = redact(renderSection(report))
  for (let tried = 0; tried < COMMENT_TRIES; tried += 1) {
    if (tried > 0) await clock.sleep(COMMENT_SETTLES_SECONDS)
    const found = await github.findComment(pullRequest.value, COMMENT_MARKER)
    if (found.kind !== 'ok' && found.kind !== 'absent') return found
    const present = found.kind === 'ok' ? found.value : undefined
    if (tried > 0 && present?.body.includes(section) === true) {
      // Another run made one at the same time: the oldest stays, and whoever made a later one takes it away.
      const alone = placeSection(undefined, report.key, section)
      for (const copy of present.copies.filter(({ body }) => body === alone)) await github.removeComment(copy.id)
      return { kind: 'ok', value: undefined }
    }
    const body = placeSection(present?.body, report.key, section)
    const written = await github.writeComment(pullRequest.value, { ...(present === undefined ? {} : { id: present.id }), body })
    if (written.kind !== 'ok') return written
  }
  return { kind: 'unavailable', message: 'other reports wrote over it again and again' }
}

/** The same names as action.yml's outputs. */
function outputsOf(report: Report): Readonly<Record<string, string>> {
  const { ending, urls, worker, environment, sha } = report
  // A rollback has no candidate: the version that it went to is the one that it is about.
  const [versionId, baselineId] = report.command === 'rollback' ? [report.baselineId] : [report.candidateId, report.baselineId]
  const reason = reasonOf(ending)
  const result = {
    schemaVersion: 1,
    ending: ending.kind,
    reason,
    worker,
    environment,
    sha: sha ?? null,
    versionId: versionId ?? null,
    baselineId: baselineId ?? null,
    deploymentUrl: urls.ledger ?? null,
    startedAt: report.startedAt,
    endedAt: report.endedAt,
    undelivered: report.undelivered,
    checks: report.rounds.map(({ title, checks }) => ({ title, checks: checks.map(({ standing, now }) => ({ name: now.name, standing, attempts: now.attempts })) })),
  }
  return {
    ending: ending.kind,
    reason,
    'version-id': versionId ?? '',
    'baseline-id': baselineId ?? '',
    'deployment-url': urls.ledger ?? '',
    result: JSON.stringify(result),
  }
}

/** An ending that came before there was a session to report it with: the log and the outputs are all there is. */
export function deliverBare(runner: Runner, ending: Ending, problems: readonly string[]): void {
  for (const problem of problems) runner.annotate({ level: 'error', title: 'Sleepwell', message: problem })
  runner.writeSummary(`## Refused\n\n${problems.map((problem) => `- ${problem.replaceAll(/[<>`|@]/g, ' ')}`).join('\n')}\n`)
  const reason = reasonOf(ending)
  runner.setOutputs({ ending: ending.kind, reason, result: JSON.stringify({ schemaVersion: 1, ending: ending.kind, reason, problems }) })
}
