import { isDeploymentId, isSha, isVersionId } from '../../src/core/ids.ts'
import type { Entry, EntryStatus, LedgerKey, PayloadOf, RawEntry } from '../../src/core/ledger.ts'
import type { Marker } from '../../src/core/marker.ts'
import type { StagedPolicy, RollbackPolicy } from '../../src/core/policy.ts'
import type { ObservedDeployment, Split } from '../../src/core/production.ts'
import { PRESETS } from '../../src/core/presets.ts'

export const key: LedgerKey = { account: 'acc', worker: 'shop', environment: 'production' }
export const caller = '.github/workflows/deploy.yml'
export const bot = 'github-actions[bot]'

const uuid = (digit: number) => `00000000-0000-4000-8000-${String(digit).padStart(12, '0')}`

export function version(number: number) {
  const id = uuid(number)
  if (!isVersionId(id)) throw new Error(`not a version: ${id}`)
  return id
}

export function deploymentId(number: number) {
  const id = uuid(number)
  if (!isDeploymentId(id)) throw new Error(`not a deployment: ${id}`)
  return id
}

export function sha(number = 1) {
  const text = number.toString(16).padStart(40, '0')
  if (!isSha(text)) throw new Error(`not a commit: ${text}`)
  return text
}

const tries = { upload: 1, read: 1, write: 1, check: 1, incident: 0, reassert: 0 }
export const markerOf = (runId: number, command: Marker['command'] = 'deploy'): Marker => ({ command, runId, runAttempt: 1 })

/** Begins from deployment `runId`, at which version `runId` served everybody. */
export function stagedPolicy(runId: number): StagedPolicy {
  return { plan: 'staged', marker: markerOf(runId), tries, anchor: deploymentId(runId), baseline: version(runId), ramp: PRESETS.immediate, applyTriggers: false }
}

export function rollbackPolicy(runId: number, target: number): RollbackPolicy {
  const marker = markerOf(runId, 'rollback')
  return { plan: 'rollback', marker, tries, anchor: deploymentId(runId), target: version(target), watchReadings: 0, watchIntervalSeconds: 1, force: true }
}

const base = (runId: number) => ({ schemaVersion: 1, ...key, sha: sha(), runId, runAttempt: 1, caller }) as const

export function deployPayload(runId: number): PayloadOf<'deploy'> {
  return { kind: 'deploy', ...base(runId), policy: stagedPolicy(runId), preflight: [] }
}

export function deployEntry(runId: number, ...statuses: readonly EntryStatus[]): Entry<PayloadOf<'deploy'>> {
  return { id: runId, payload: deployPayload(runId), statuses }
}

/** An entry of run `runId` that ended with version `promoted` at 100 %. */
export const promotedEntry = (runId: number, promoted: number) => deployEntry(runId, { state: 'success', description: `promoted ${version(promoted)}: all is well` })

export function rollbackEntry(runId: number, { from, target }: { readonly from: readonly number[]; readonly target: number }): Entry<PayloadOf<'rollback'>> {
  const policy = rollbackPolicy(runId, target)
  const payload: PayloadOf<'rollback'> = { kind: 'rollback', ...base(runId), policy, from: from.map(version), reason: 'it burns' }
  return { id: runId, payload, statuses: [{ state: 'success', description: 'rolled-back: by hand' }] }
}

export function holdEntry(runId: number, ...statuses: readonly EntryStatus[]): Entry<PayloadOf<'hold'>> {
  return { id: runId, payload: { kind: 'hold', ...base(runId), owner: 'mona', reason: 'it burns' }, statuses }
}

/** The entry as GitHub lists it, when all is as it should be. */
export function rawEntry(change: Partial<RawEntry> = {}): RawEntry {
  return { id: 9, task: 'sleepwell/shop', sha: sha(), environment: 'production', creator: bot, payload: deployPayload(3), statuses: [], ...change }
}

export function observed(number: number, split: Split, marker?: Marker): ObservedDeployment {
  const common = { id: deploymentId(number), split, createdOn: '2026-11-23T12:00:00Z', source: 'api' }
  return marker === undefined ? common : { ...common, marker }
}

export const everybody = (number: number): Split => [{ versionId: version(number), percentage: 100 }]
