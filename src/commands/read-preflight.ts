import type { VersionId } from '../core/ids.ts'
import { describeFreeze, openFreeze } from '../core/freeze.ts'
import { describeHold, driftSince, isUnfinished, type Entry, type Hold, type PayloadOf } from '../core/ledger.ts'
import type { Marker } from '../core/marker.ts'
import type { PreflightFacts } from '../core/preflight.ts'
import { soleVersion, type History } from '../core/production.ts'
import { findOneWayDoors, type DeployedFacts } from '../core/wrangler-config/one-way-doors.ts'
import type { DeployConfig } from '../inputs/config.ts'
import type { Read } from '../shell/answers.ts'
import { readHolds, readLedger } from './keep-ledger.ts'
import { freezeAgainst } from './read-stop.ts'
import type { Session } from './session.ts'

export type ReadPreflight =
  | { readonly kind: 'ok'; readonly facts: PreflightFacts; readonly entries: readonly Entry<PayloadOf<'deploy'>>[]; readonly holds: readonly Hold[] }
  | { readonly kind: 'refused'; readonly code: 'cloudflare-unavailable' | 'ledger-unavailable' | 'token-invalid'; readonly details: readonly string[] }

/** Reads all that preflight judges. What cannot be read refuses: nothing has changed yet. */
export async function readPreflight(session: Session<DeployConfig>): Promise<ReadPreflight> {
  const { cloudflare, script, config, worker } = session
  const [history, secrets, deployed, holds, entries, rollbacks] = await Promise.all([
    cloudflare.history(script),
    cloudflare.secretNames(script),
    cloudflare.script(script),
    readHolds(session),
    readLedger(session, 'deploy'),
    readLedger(session, 'rollback'),
  ])
  const failed = [history, secrets, deployed].find((read) => read.kind === 'denied' || read.kind === 'unavailable')
  if (failed?.kind === 'denied') return { kind: 'refused', code: 'token-invalid', details: [failed.message] }
  if (failed?.kind === 'unavailable') return { kind: 'refused', code: 'cloudflare-unavailable', details: [failed.message] }
  if (holds.kind !== 'ok' || entries.kind !== 'ok' || rollbacks.kind !== 'ok') {
    return { kind: 'refused', code: 'ledger-unavailable', details: [holds, entries, rollbacks].flatMap(unreadable) }
  }
  const seen: History = history.kind === 'ok' ? history.value : []
  const doors = findOneWayDoors(worker.worker, await deployedFacts(session, seen, deployed))
  const known = secrets.kind === 'ok' ? secrets.value : []
  return {
    kind: 'ok',
    holds: holds.value,
    entries: entries.value,
    facts: {
      history: seen,
      isTokenActive: true,
      missingSecrets: seen.length === 0 ? [] : worker.worker.requiredSecrets.filter((name) => !known.includes(name)),
      oneWayDoors: doors,
      isFullDeployAllowed: config.fullDeployReason !== undefined,
      stops: stopsOf(session, holds.value),
      ...freezesOf(session),
      drift: driftSince(newestFirst([...entries.value, ...rollbacks.value]), seen),
      driftPolicy: config.drift,
      openRollouts: entries.value.filter(isUnfinished).map(markerOf),
    },
  }
}

function stopsOf({ config, clock }: Session<DeployConfig>, holds: readonly Hold[]): PreflightFacts['stops'] {
  const freeze = freezeAgainst(config, clock.now())
  const held = config.releaseHold ? [] : holds.map((hold) => ({ code: 'held' as const, text: describeHold(hold) }))
  return [...held, ...(freeze === undefined ? [] : [{ code: 'frozen' as const, text: describeFreeze(freeze) }])]
}

/** An override counts for the whole run, and is recorded where a freeze is open. */
function freezesOf({ config, clock, redact }: Session<DeployConfig>): Pick<PreflightFacts, 'freezeOverride' | 'freezeAhead'> {
  const { freezeOverride: reason, actor } = config
  const soakSeconds = config.rollout.ramp.steps.reduce((sum, step) => sum + step.soakSeconds, 0)
  const [open, ahead] = [openFreeze(config.freeze, clock.now()), openFreeze(config.freeze, clock.now() + soakSeconds * 1000)]
  if (reason !== undefined) return open === undefined ? {} : { freezeOverride: { freeze: describeFreeze(open), actor, reason: redact(reason) } }
  return ahead === undefined || open !== undefined ? {} : { freezeAhead: describeFreeze(ahead) }
}

async function deployedFacts({ cloudflare, script }: Session<DeployConfig>, history: History, deployed: Read<{ readonly migrationTag?: string }>): Promise<DeployedFacts | undefined> {
  const live = history[0]
  if (live === undefined || deployed.kind !== 'ok') return undefined
  const version = soleVersion(live.split)
  const facts = version === undefined ? undefined : await cloudflare.version(script, version)
  return { ...deployed.value, hasContainers: facts?.kind === 'ok' && facts.value.hasContainers }
}

/** GitHub numbers its Deployments upwards. */
function newestFirst<Held extends Entry>(entries: readonly Held[]): readonly Held[] {
  return entries.toSorted((one, other) => other.id - one.id)
}

export function markerOf(entry: Entry): Marker {
  if ('policy' in entry.payload) return entry.payload.policy.marker
  return { command: 'deploy', runId: entry.payload.runId, runAttempt: entry.payload.runAttempt }
}

/** The version that serves everybody now. */
export function liveVersion(history: History): VersionId | undefined {
  const live = history[0]
  return live === undefined ? undefined : soleVersion(live.split)
}

function unreadable(read: Read<unknown>): string[] {
  return read.kind === 'denied' || read.kind === 'unavailable' ? [read.message] : []
}
