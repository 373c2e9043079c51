import { provesItself } from '../core/checks/result.ts'
import type { CheckResult } from '../core/checks/result.ts'
import type { Journal } from '../core/journal.ts'
import { openEntries, type Entry, type Payload, type PayloadOf } from '../core/ledger.ts'
import { isSameMarker } from '../core/marker.ts'
import type { Policy } from '../core/policy.ts'
import { judgePreflight, policyOf, warningsOf, type Preflight } from '../core/preflight.ts'
import { begin } from '../core/rollout.ts'
import type { DeployConfig } from '../inputs/config.ts'
import { carryOut, keepRecord, type Soak } from './carry-out.ts'
import { checkBaseline } from './check-production.ts'
import { findSuperseding } from './check-order.ts'
import { refused, type Finished } from './finished.ts'
import { openEntry, payloadBase, releaseHolds, trustedOnly } from './keep-ledger.ts'
import { passGate } from './pass-gate.ts'
import { planDeploy } from './plan-deploy.ts'
import { NOT_COMPARED, prepareComparison } from './prepare-comparison.ts'
import { prepareUpload, type PreparedUpload } from './prepare-upload.ts'
import { liveVersion, markerOf, readPreflight, type ReadPreflight } from './read-preflight.ts'
import { recoverEntry } from './recover.ts'
import type { Session } from './session.ts'
import { openSoak, type Comparison, type Soaking } from './soak.ts'
import { StoppedError } from './stopped.ts'
import { openSteering, type Steering } from './take-commands.ts'
import { tellBegun } from './tell-team.ts'

/** A preflight that another run's unfinished rollout may make necessary a second time. */
const MAX_PREFLIGHTS = 3

/** Makes the way forward ready: wrangler and the build, unless another one is given. */
export type Prepare = (session: Session<DeployConfig>) => Promise<PreparedUpload>

/** Gate, preflight, upload, stage, check, promote or restore: everything but the report. */
export async function deploy(session: Session<DeployConfig>, prepare: Prepare = prepareUpload): Promise<Finished> {
  const { config, runner, clock, stop, github, script } = session
  if (config.expectedWorker !== undefined && config.expectedWorker !== script) {
    return refused('worker-mismatch', [`the gate saw ${config.expectedWorker}, this checkout names ${script}`])
  }
  const ask = { sha: config.sha, rules: config.gate, run: config.github, timeoutSeconds: 0, discoverySeconds: 0 }
  const gate = await passGate(ask, { github, clock, stop, log: (line) => runner.log(line) })
  if (gate.kind === 'refused') return refused(gate.code, [gate.why])
  for (let tried = 0; tried < MAX_PREFLIGHTS; tried += 1) {
    const read = await readPreflight(session)
    if (read.kind === 'refused') return refused(read.code, read.details)
    const verdict = judgePreflight(read.facts)
    if (config.dryRun) return planDeploy(session, read, verdict)
    if (verdict.kind !== 'recover-first') return proceed(session, { read, verdict, prepare })
    const entry = read.entries.find((one) => isSameMarker(markerOf(one), verdict.marker))
    const [trusted] = entry === undefined ? [] : await trustedOnly(session, [entry])
    if (trusted === undefined) return refused('production-split', ['an unfinished rollout whose record cannot be trusted'])
    runner.log(`Run ${trusted.payload.runId} left its rollout unfinished; its baseline comes back first.`)
    await recoverEntry(session, trusted)
  }
  return refused('production-split', ['an unfinished rollout could not be recovered'])
}

type Read = Extract<ReadPreflight, { kind: 'ok' }>

interface Judged {
  readonly read: Read
  readonly verdict: Exclude<Preflight, { kind: 'recover-first' }>
  readonly prepare: Prepare
}

async function proceed(session: Session<DeployConfig>, { read, verdict, prepare }: Judged): Promise<Finished> {
  const { config, runner } = session
  const { history } = read.facts
  const warnings = warningsOf(read.facts)
  for (const warning of warnings) runner.warn(warning)
  if (verdict.kind === 'refuse') return refused(verdict.code, verdict.details, warnings)
  if (await findSuperseding(session, liveVersion(history))) return refused('superseded', [], warnings)
  const preflight = verdict.plan === 'staged' ? await checkBaseline(session.checkPlan, verdict.baseline, session.checkPorts) : []
  if (session.stop.aborted) return refused('cancelled', [], warnings)
  if (verdict.plan === 'staged' && !provesItself(preflight)) runner.warn('The baseline gives no proof of its version; the candidate still must.')
  const compared = verdict.plan === 'staged' ? await prepareComparison(session, verdict.baseline) : NOT_COMPARED
  if (compared.kind === 'refused') return refused('metrics-unready', compared.details, warnings)
  await settleOthers(session, read.entries)
  const policy = policyOf(verdict, { marker: session.marker, ramp: config.rollout.ramp, applyTriggers: config.triggers === 'apply' })
  const prepared = await prepare(session)
  if (prepared.kind === 'refused') return refused(prepared.code, [prepared.message], warnings)
  const finished = await rollOut(session, policy, { read, preflight, prepared, comparison: compared.comparison })
  return { ...finished, warnings }
}

/** Entries of runs that ended long ago without settling: production is not theirs any more, say so. */
async function settleOthers(session: Session<DeployConfig>, entries: readonly Entry<PayloadOf<'deploy'>>[]): Promise<void> {
  for (const entry of openEntries(entries)) {
    if (entry.payload.runId === session.config.github.runId) continue
    await session.github.addStatus(entry.id, { state: 'inactive', description: 'its run ended without settling; production was not its own', logUrl: session.runUrl })
  }
}

interface Ready {
  readonly read: Read
  readonly preflight: readonly CheckResult[]
  readonly prepared: Extract<PreparedUpload, { kind: 'ok' }>
  readonly comparison: Comparison | undefined
}

async function rollOut(session: Session<DeployConfig>, policy: Policy, { read, preflight, prepared, comparison }: Ready): Promise<Omit<Finished, 'warnings'>> {
  const { config, script } = session
  await using forward = prepared.forward
  // Last, so that a deploy that is refused leaves the hold as it was.
  if (config.releaseHold && !(await releaseHolds(session, read.holds, `a deploy by ${config.actor}`))) {
    return { ending: { kind: 'refused', reason: 'ledger-unavailable' }, details: ['the hold could not be released'] }
  }
  const first = begin(policy)
  const initial: Journal = { schemaVersion: 1, policy, phase: first.phase, script, sha: config.sha, preflight: [...preflight], rounds: [], timeline: [], splits: [] }
  const record = keepRecord(session, initial)
  const { freezeOverride } = read.facts
  const payload: Payload = { kind: 'deploy', ...payloadBase(session, config.sha), policy, preflight: [...preflight], ...(freezeOverride === undefined ? {} : { freezeOverride }) }
  const opened = await openEntry(session, payload, `Sleepwell rolls out ${config.sha.slice(0, 7)}`)
  if (opened.kind !== 'ok') {
    const why = opened.kind === 'absent' ? 'GitHub does not know this repository or commit' : opened.message
    return { ending: { kind: 'refused', reason: 'ledger-unavailable' }, details: [why] }
  }
  record.update({ ledgerId: opened.value.id })
  record.note(`The record is open (${opened.value.url}).`)
  record.update({ messages: await tellBegun(session, config.sha) })
  const reason = config.fullDeployReason === undefined ? {} : { givenReason: config.fullDeployReason }
  const done = await carryOut(session, { policy, first, record, ...(policy.plan === 'staged' ? steered(session, { policy, record, comparison }) : {}) }, forward)
  if (done.kind === 'settled') return { ending: done.ending, details: [], journal: record.current(), ...reason }
  throw new StoppedError()
}

/** What a rollout in steps goes by on its way. */
function steered(session: Session, about: Pick<Soaking, 'policy' | 'record' | 'comparison'>): { readonly steering: Steering; readonly soak: Soak } {
  const steering = openSteering(session, about.record, about.policy.ramp)
  return { steering, soak: openSoak({ session, steering, ...about }) }
}
