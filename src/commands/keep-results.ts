import { pastChecksOf, readEntries, taskOf, type Payload, type PayloadOf } from '../core/ledger.ts'
import type { PastDeploy, Report } from '../core/report/report.ts'
import type { Journal } from '../core/journal.ts'
import type { Read } from '../shell/answers.ts'
import { payloadBase } from './keep-ledger.ts'
import type { Session } from './session.ts'

const PAST_DEPLOYS = 10

/** Keeps what the checks saw, and gives the last deploys with this one; only for people: nothing is decided on it. */
export async function keepResult(session: Session, report: Report, journal: Journal): Promise<Read<readonly PastDeploy[]>> {
  const checks = [...pastChecksOf(journal)]
  if (checks.length === 0) return { kind: 'ok', value: [] }
  const payload: PayloadOf<'result'> = { kind: 'result', ...payloadBase(session, journal.sha), ending: report.ending.kind, endedAt: report.endedAt, checks }
  const before = await readResults(session)
  const kept = await writeResult(session, payload)
  if (before.kind !== 'ok') return before
  return kept.kind === 'ok' ? { kind: 'ok', value: [payload, ...before.value] } : kept
}

async function readResults({ github, key }: Session): Promise<Read<readonly PastDeploy[]>> {
  const raw = await github.entries({ task: taskOf('result', key.worker), environment: key.environment, limit: PAST_DEPLOYS, withStatuses: false })
  return raw.kind === 'ok' ? { kind: 'ok', value: readEntries('result', key, raw.value).map(({ payload }) => payload) } : raw
}

async function writeResult({ github, runUrl }: Session, payload: Payload & PayloadOf<'result'>): Promise<Read<unknown>> {
  const opened = await github.createEntry({
    sha: payload.sha,
    task: taskOf('result', payload.worker),
    environment: payload.environment,
    payload,
    description: 'What the checks of a deploy saw; nothing is deployed by this',
  })
  if (opened.kind !== 'ok') return opened
  // Inactive from the start: it is a note, and must never look like something that runs.
  return github.addStatus(opened.value.id, { state: 'inactive', description: `${payload.ending}: ${payload.checks.length} checks noted`, logUrl: runUrl })
}
