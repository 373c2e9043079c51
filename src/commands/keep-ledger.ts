import type { Ending } from '../core/ending.ts'
import type { Journal } from '../core/journal.ts'
import { formatEnd, formatProgress, formatRelease, isTrusted, readEntries, standingHolds, stateOf, taskOf, type Entry, type EntryKind, type Hold, type Payload, type PayloadOf } from '../core/ledger.ts'
import type { Step } from '../core/rollout/state.ts'
import type { Read } from '../shell/answers.ts'
import type { LedgerSession, Session } from './session.ts'

/** Each entry costs a request for its statuses. */
const RECENT = 5

/** Entries of this Worker and environment that our own app made, newest first. */
export async function readLedger<Kind extends EntryKind>(session: LedgerSession, kind: Kind, limit: number = RECENT): Promise<Read<readonly Entry<PayloadOf<Kind>>[]>> {
  const { github, key } = session
  const raw = await github.entries({ task: taskOf(kind, key.worker), environment: key.environment, limit })
  return raw.kind === 'ok' ? { kind: 'ok', value: readEntries(kind, key, raw.value) } : raw
}

/** Those whose run is of the workflow that they name, on the default branch; asks GitHub for each run. */
export async function trustedOnly<Held extends Payload>(session: Session, entries: readonly Entry<Held>[]): Promise<readonly Entry<Held>[]> {
  const { github, config } = session
  const repository = { id: config.github.repositoryId, defaultBranch: config.github.defaultBranch }
  const trusted: Entry<Held>[] = []
  for (const entry of entries) {
    const run = await github.run(entry.payload.runId)
    if (run.kind === 'ok' && isTrusted(entry, run.value, repository)) trusted.push(entry)
  }
  return trusted
}

/** The entry's payload begins with what every entry has: whose it is, and which run made it. */
export function payloadBase(session: LedgerSession, sha: Payload['sha']) {
  const { key, config } = session
  const { runId, runAttempt, callerWorkflow } = config.github
  return { schemaVersion: 1, ...key, sha, runId, runAttempt, caller: callerWorkflow } as const
}

export async function openEntry(session: Session, payload: Payload, description: string): Promise<Read<{ readonly id: number; readonly url: string }>> {
  const { github, runUrl, redact } = session
  const opened = await github.createEntry({
    sha: payload.sha,
    task: taskOf(payload.kind, payload.worker),
    environment: payload.environment,
    payload: { ...payload },
    description: redact(description),
  })
  if (opened.kind !== 'ok') return opened
  const told = await github.addStatus(opened.value.id, { state: 'in_progress', description: 'begun', logUrl: runUrl })
  return told.kind === 'ok' ? opened : told
}

/** What the ledger says before each forward effect; without its acknowledgement the effect is not performed. */
export async function acknowledge(session: Session, step: Step, journal: Journal): Promise<boolean> {
  if (journal.ledgerId === undefined) return false
  const description = progressOf(step)
  // The entry itself announces the upload; a second call would tell nothing new.
  if (description === undefined) return true
  const told = await session.github.addStatus(journal.ledgerId, { state: 'in_progress', description, logUrl: session.runUrl })
  return told.kind === 'ok'
}

function progressOf({ phase, effect }: Step): string | undefined {
  if (effect.kind !== 'write-split' || phase.kind !== 'writing' || phase.goal.kind !== 'raise') return undefined
  return formatProgress(phase.goal)
}

/** Settles an entry; a failure is the caller's to report. */
export async function closeEntry(session: Session, id: number, end: { readonly ending: Ending; readonly journal: Journal | undefined; readonly text: string }): Promise<Read<void>> {
  const head = formatEnd(end.ending, end.ending.kind === 'promoted' ? end.journal?.candidate : undefined)
  return session.github.addStatus(id, {
    state: stateOf(end.ending),
    description: session.redact(`${head}: ${end.text}`),
    logUrl: session.runUrl,
    environmentUrl: session.checkPlan.checks.baseUrl.href,
  })
}

/** The person's stop on further deploys, if one stands. */
export async function readHolds(session: Session): Promise<Read<readonly Hold[]>> {
  const entries = await readLedger(session, 'hold')
  return entries.kind === 'ok' ? { kind: 'ok', value: standingHolds(entries.value, session.clock.now()) } : entries
}

export async function releaseHolds(session: Session, holds: readonly Entry[], by: string): Promise<boolean> {
  let released = true
  for (const hold of holds) {
    const told = await session.github.addStatus(hold.id, { state: 'inactive', description: formatRelease(session.redact(by)), logUrl: session.runUrl })
    released &&= told.kind === 'ok'
  }
  return released
}
