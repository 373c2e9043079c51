import type { Journal } from '../core/journal.ts'
import { announcedCandidate, isBorneOut, isUnfinished, readEnd, type Entry, type PayloadOf } from '../core/ledger.ts'
import { resume } from '../core/rollout.ts'
import type { Phase } from '../core/rollout/state.ts'
import type { RecoverConfig } from '../inputs/config.ts'
import { carryOut, keepRecord } from './carry-out.ts'
import { refused, type Finished } from './finished.ts'
import { closeEntry, readLedger, trustedOnly } from './keep-ledger.ts'
import { StoppedError } from './stopped.ts'
import type { Session } from './session.ts'

/** Finishes what a dead run has left open; `undefined` when there is nothing to finish. */
export async function recover(session: Session<RecoverConfig>): Promise<Finished | undefined> {
  if (session.config.dryRun) return proveWayBack(session)
  const entries = await readLedger(session, 'deploy')
  if (entries.kind !== 'ok') return refused('ledger-unavailable', ['the record cannot be read, so nobody knows what is to be finished'])
  const { runId } = session.config.github
  const own = entries.value.filter((entry) => entry.payload.runId === runId)
  const [entry] = await trustedOnly(session, own.filter(isUnfinished))
  if (entry !== undefined) return recoverEntry(session, entry)
  session.runner.log('Nothing to recover: no rollout of this run is open.')
  republish(session, own[0])
  return undefined
}

/** What the deploy job's post step decided reached nobody: a post step has no outputs. */
function republish({ runner }: Session<RecoverConfig>, entry: Entry<PayloadOf<'deploy'>> | undefined): void {
  const end = entry === undefined ? undefined : readEnd(entry)
  if (entry === undefined || end === undefined) return
  const { policy, worker, environment, sha } = entry.payload
  const baseline = policy.plan === 'rollback' ? policy.target : policy.baseline
  runner.setOutputs({
    ...end,
    'version-id': announcedCandidate(entry) ?? '',
    'baseline-id': baseline ?? '',
    result: JSON.stringify({ schemaVersion: 1, ...end, worker, environment, sha, versionId: announcedCandidate(entry) ?? null, baselineId: baseline ?? null, checks: [] }),
  })
}

/** The way back needs a token that can read deployments; an empty environment would be noticed too late. */
async function proveWayBack(session: Session<RecoverConfig>): Promise<Finished | undefined> {
  const history = await session.cloudflare.history(session.script)
  if (history.kind === 'denied') return refused('token-invalid', [history.message])
  if (history.kind === 'unavailable') return refused('cloudflare-unavailable', [history.message])
  session.runner.log('The way back is open: this environment has a token that reads deployments.')
  return undefined
}

/** From the ledger alone, on whatever machine: puts the baseline back, checks it and settles the entry. */
export async function recoverEntry(session: Session, entry: Entry<PayloadOf<'deploy'>>): Promise<Finished> {
  const { payload } = entry
  const history = await session.cloudflare.history(session.script)
  // Whoever may write deployments can claim a run's number; nobody is restored to a baseline on that word alone.
  if (history.kind === 'ok' && !isBorneOut(payload.policy, history.value)) {
    return { ending: { kind: 'stranded', reason: 'no-trusted-target' }, details: [`record ${entry.id} names a baseline that Cloudflare's history does not bear out`], warnings: [] }
  }
  const candidate = announcedCandidate(entry)
  const first = resume(payload.policy, lastPhase(payload.policy, candidate), 'run-died')
  const initial: Journal = {
    schemaVersion: 1,
    policy: payload.policy,
    phase: first.phase,
    script: session.script,
    sha: payload.sha,
    ledgerId: entry.id,
    preflight: payload.preflight,
    rounds: [],
    timeline: [],
    splits: [],
    ...(candidate === undefined ? {} : { candidate }),
  }
  const record = keepRecord(session, initial)
  const done = await carryOut(session, { policy: payload.policy, first, record })
  if (done.kind === 'stopped') throw new StoppedError()
  const finished: Finished = { ending: done.ending, details: [], warnings: [], journal: record.current() }
  // The command that asked reports its own rollout; this one's record is settled here.
  if (session.config.command === 'deploy') await closeEntry(session, entry.id, { ending: done.ending, journal: record.current(), text: 'recovered by a later run' })
  return finished
}

/** The furthest that the dead run can have come: whatever is live, production is read before anything is written. */
function lastPhase(policy: PayloadOf<'deploy'>['policy'], candidate: Journal['candidate']): Phase {
  if (policy.plan === 'full') return { kind: 'deploying-fully' }
  const { read: readsLeft, write: writesLeft } = policy.tries
  if (candidate === undefined) return { kind: 'uploading', triesLeft: 0 }
  return { kind: 'writing', goal: { kind: 'raise', percent: 100, candidate }, lastWrite: 'sent', readsLeft, writesLeft }
}
