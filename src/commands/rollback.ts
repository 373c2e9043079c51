import type { Sha, VersionId } from '../core/ids.ts'
import { isSha } from '../core/ids.ts'
import type { Journal } from '../core/journal.ts'
import { describeHoldEnd, hasServed, knownGood, type Payload } from '../core/ledger.ts'
import { readMarker } from '../core/marker.ts'
import { DEFAULT_TRIES, type Policy } from '../core/policy.ts'
import type { History } from '../core/production.ts'
import { begin } from '../core/rollout.ts'
import type { RollbackConfig } from '../inputs/config.ts'
import type { VersionSummary } from '../shell/cloudflare.ts'
import { carryOut, keepRecord } from './carry-out.ts'
import { refused, type Finished } from './finished.ts'
import { openEntry, payloadBase, readHolds, readLedger, releaseHolds, trustedOnly } from './keep-ledger.ts'
import type { Session } from './session.ts'
import { StoppedError } from './stopped.ts'

/** A deploy reads, then writes within this time; a rollback watches for longer. */
const WATCH_READINGS = 6
const WATCH_INTERVAL_SECONDS = 5
const ENTRIES_SEARCHED = 30

/** A person's way back: hold, write, check, watch. It waits for no lock and for no deploy. */
export async function rollback(session: Session<RollbackConfig>): Promise<Finished> {
  const { config, cloudflare, script, runner } = session
  if (config.release) return release(session)
  const [history, versions] = await Promise.all([cloudflare.history(script), cloudflare.versions(script, { deployableOnly: true })])
  if (history.kind === 'absent') return refused('worker-absent')
  if (history.kind !== 'ok') return refused(history.kind === 'denied' ? 'token-invalid' : 'cloudflare-unavailable', [history.message])
  if (versions.kind !== 'ok') return refused('cloudflare-unavailable', ['the versions cannot be read'])
  const live = history.value[0]
  if (live === undefined) return refused('worker-absent')
  const chosen = await chooseTarget(session, history.value, versions.value)
  if (chosen.kind === 'refused') return refused(chosen.code, [chosen.why])
  const { target } = chosen
  const serving = live.split.map((share) => `${share.versionId} at ${share.percentage} %`).join(', ')
  const until = holdEnd(session)
  const announcement = `${script} in ${config.environment} serves ${serving}. It goes back to ${target} (${chosen.why}) at 100 %, and deploys are held ${describeHoldEnd(until)}. Reason: ${config.reason}`
  runner.log(announcement)
  if (config.dryRun) {
    const plan = { steps: [announcement], missing: [] }
    return { ending: { kind: 'refused', reason: 'dry-run' }, details: [], warnings: [], plan, givenReason: config.reason }
  }
  const policy: Policy = {
    plan: 'rollback',
    marker: session.marker,
    tries: DEFAULT_TRIES,
    anchor: live.id,
    target,
    watchReadings: WATCH_READINGS,
    watchIntervalSeconds: WATCH_INTERVAL_SECONDS,
    force: true,
  }
  return goBack(session, policy, { until, sha: chosen.sha, from: live.split.map((share) => share.versionId).filter((id) => id !== target) })
}

async function goBack(session: Session<RollbackConfig>, policy: Policy, going: { readonly until: string | undefined; readonly sha: Sha; readonly from: readonly VersionId[] }): Promise<Finished> {
  const { config, script } = session
  const first = begin(policy)
  const initial: Journal = { schemaVersion: 1, policy, phase: first.phase, script, sha: going.sha, preflight: [], rounds: [], timeline: [], splits: [] }
  const record = keepRecord(session, initial)
  const warnings: string[] = []
  const base = payloadBase(session, going.sha)
  // The hold stops what would come next; the write must not wait for it, should GitHub be down.
  const { until } = going
  const hold: Payload = { kind: 'hold', ...base, owner: config.actor, reason: session.redact(config.reason), ...(until === undefined ? {} : { until }) }
  const held = await openEntry(session, hold, `Held by ${config.actor}`)
  if (held.kind !== 'ok') warnings.push('The hold could not be placed: deploys may go on. Place it by running this workflow again when GitHub answers.')
  const payload: Payload = { kind: 'rollback', ...base, policy, from: [...going.from], reason: session.redact(config.reason) }
  const opened = await openEntry(session, payload, 'Sleepwell rolls back by hand')
  if (opened.kind === 'ok') record.update({ ledgerId: opened.value.id })
  else warnings.push('The record could not be opened: the next rollback does not know of this one.')
  const done = await carryOut(session, { policy, first, record })
  if (done.kind === 'stopped') throw new StoppedError()
  return { ending: done.ending, details: [], warnings, journal: record.current(), givenReason: config.reason, ...(held.kind === 'ok' ? { holdUntil: describeHoldEnd(until) } : {}) }
}

/** ISO 8601, UTC; `undefined`: never. */
function holdEnd({ config, clock }: Session<RollbackConfig>): string | undefined {
  return config.holdHours === undefined ? undefined : new Date(clock.now() + config.holdHours * 3_600_000).toISOString()
}

async function release(session: Session<RollbackConfig>): Promise<Finished> {
  const holds = await readHolds(session)
  if (holds.kind !== 'ok') return refused('ledger-unavailable', ['the holds cannot be read'])
  if (session.config.dryRun) return refused('dry-run', [`${holds.value.length} hold(s) would be released`])
  const released = await releaseHolds(session, holds.value, `${session.config.actor}: ${session.config.reason}`)
  if (!released) return refused('ledger-unavailable', ['a hold could not be released'])
  return refused('released', [`${holds.value.length} hold(s) released by ${session.config.actor}`])
}

type Chosen =
  | { readonly kind: 'ok'; readonly target: VersionId; readonly sha: Sha; readonly why: string }
  | { readonly kind: 'refused'; readonly code: 'no-known-good' | 'unknown-target' | 'already-live' | 'ledger-unavailable'; readonly why: string }

async function chooseTarget(session: Session<RollbackConfig>, history: History, versions: readonly VersionSummary[]): Promise<Chosen> {
  const { target } = session.config
  const tagged = new Set(versions.filter((one) => isSha(one.tag ?? '') || readMarker(one.message) !== undefined).map((one) => one.id))
  const facts = { history, tagged }
  switch (target.kind) {
    case 'version': {
      if (!versions.some((one) => one.id === target.versionId)) return refuseTarget(`${target.versionId} is not among the versions that can still be deployed`)
      if (!hasServed(target.versionId, facts)) return refuseTarget(`${target.versionId} never served everybody and carries no tag of ours`)
      return chosenVersion(session, target.versionId, { versions, history, why: 'as asked' })
    }
    case 'commit': {
      const found = versions.filter((one) => one.tag === target.sha && hasServed(one.id, facts)).toSorted((one, other) => other.createdOn.localeCompare(one.createdOn))[0]
      if (found === undefined) return refuseTarget(`no deployable version carries the commit ${target.sha}`)
      return chosenVersion(session, found.id, { versions, history, why: `the version of commit ${target.sha}` })
    }
    case 'known-good': {
      const [deploys, rollbacks] = await Promise.all([readLedger(session, 'deploy', ENTRIES_SEARCHED), readLedger(session, 'rollback', ENTRIES_SEARCHED)])
      if (deploys.kind !== 'ok' || rollbacks.kind !== 'ok') {
        return { kind: 'refused', code: 'ledger-unavailable', why: 'the record of deploys cannot be read; give a version id' }
      }
      const found = knownGood({ ...facts, deploys: await trustedOnly(session, deploys.value), rollbacks: rollbacks.value, deployable: versions.map((one) => one.id) })
      if (found === undefined) return { kind: 'refused', code: 'no-known-good', why: 'no other version ended promoted and can still be deployed; give a version id' }
      return chosenVersion(session, found, { versions, history, why: 'the newest known good version that is not live' })
    }
  }
}

function refuseTarget(why: string): Chosen {
  return { kind: 'refused', code: 'unknown-target', why }
}

function chosenVersion({ variables }: Session, id: VersionId, { versions, history, why }: { readonly versions: readonly VersionSummary[]; readonly history: History; readonly why: string }): Chosen {
  const split = history[0]?.split ?? []
  if (split.length === 1 && split[0]?.versionId === id) return { kind: 'refused', code: 'already-live', why: `${id} serves everybody already` }
  const tag = versions.find((one) => one.id === id)?.tag ?? ''
  const here = variables['GITHUB_SHA'] ?? ''
  const sha = isSha(tag) ? tag : here
  return isSha(sha) ? { kind: 'ok', target: id, sha, why } : refuseTarget('neither the version nor this run names a commit')
}
