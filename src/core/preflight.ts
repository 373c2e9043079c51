import type { Stop } from './ending.ts'
import type { DeploymentId, VersionId } from './ids.ts'
import type { Marker } from './marker.ts'
import { DEFAULT_TRIES, type Policy, type Ramp } from './policy.ts'
import { soleVersion, type History, type ObservedDeployment } from './production.ts'

/** What cannot be undone by putting the old version back, read from configuration and state. */
export interface OneWayDoor {
  readonly kind: string
  readonly message: string
  readonly remedy: string
}

/** What preflight has read; nothing has changed yet. */
export interface PreflightFacts {
  readonly history: History
  readonly isTokenActive: boolean
  readonly missingSecrets: readonly string[]
  readonly oneWayDoors: readonly OneWayDoor[]
  /** Whether the caller allowed a full deploy, with a reason. */
  readonly isFullDeployAllowed: boolean
  /** Holds that stand and a freeze that is open, in words, unless a person has overridden them. */
  readonly stops: readonly { readonly code: Stop; readonly text: string }[]
  /** The freeze that a person has overridden, in words, and why. */
  readonly freezeOverride?: { readonly freeze: string; readonly actor: string; readonly reason: string }
  /** A freeze that begins before all steps can be through, in words. */
  readonly freezeAhead?: string
  /** The live deployment was made by nobody whom the ledger knows. */
  readonly drift: ObservedDeployment | undefined
  readonly driftPolicy: 'warn' | 'refuse'
  /** Rollouts of this Worker and environment that the ledger has as open, other than this run's. */
  readonly openRollouts: readonly Marker[]
}

export type RefusalCode =
  | Stop
  | 'token-invalid'
  | 'secrets-missing'
  | 'one-way-door'
  | 'drift'
  | 'production-split'

export type Preflight =
  | { readonly kind: 'go'; readonly plan: 'staged'; readonly anchor: DeploymentId; readonly baseline: VersionId }
  | { readonly kind: 'go'; readonly plan: 'full'; readonly anchor?: DeploymentId; readonly baseline?: VersionId }
  | { readonly kind: 'recover-first'; readonly marker: Marker }
  | { readonly kind: 'refuse'; readonly code: RefusalCode; readonly details: readonly string[] }

/** Decides, before anything changes, whether and by which plan a rollout may begin. */
export function judgePreflight(facts: PreflightFacts): Preflight {
  const [stop] = facts.stops
  if (stop !== undefined) return refuse(stop.code, facts.stops.map(({ text }) => text))
  if (!facts.isTokenActive) return refuse('token-invalid')
  const live = facts.history[0]
  const interrupted = live === undefined ? undefined : interruptedBy(live, facts.openRollouts)
  if (interrupted !== undefined) return { kind: 'recover-first', marker: interrupted }
  if (facts.missingSecrets.length > 0) return refuse('secrets-missing', facts.missingSecrets)
  if (facts.oneWayDoors.length > 0) {
    if (!facts.isFullDeployAllowed) return refuse('one-way-door', facts.oneWayDoors.map((door) => `${door.message} ${door.remedy}`))
    return fullDeploy(live)
  }
  if (live === undefined) return refuse('one-way-door', ['This Worker has no deployment yet.'])
  const baseline = soleVersion(live.split)
  if (baseline === undefined || live.split.length > 1) return refuse('production-split', [describeSplit(live)])
  if (facts.drift !== undefined && facts.driftPolicy === 'refuse') return refuse('drift', [describeAuthor(facts.drift)])
  return { kind: 'go', plan: 'staged', anchor: live.id, baseline }
}

/** The policy of a rollout that preflight lets through. */
export function policyOf(
  verdict: Extract<Preflight, { kind: 'go' }>,
  rollout: { readonly marker: Marker; readonly ramp: Ramp; readonly applyTriggers: boolean },
): Policy {
  const { marker, applyTriggers } = rollout
  const common = { marker, tries: DEFAULT_TRIES }
  switch (verdict.plan) {
    case 'staged':
      return { plan: 'staged', ...common, anchor: verdict.anchor, baseline: verdict.baseline, ramp: rollout.ramp, applyTriggers }
    case 'full':
      return {
        plan: 'full',
        ...common,
        ...(verdict.anchor === undefined ? {} : { anchor: verdict.anchor }),
        ...(verdict.baseline === undefined ? {} : { baseline: verdict.baseline }),
      }
  }
}

function fullDeploy(live: ObservedDeployment | undefined): Preflight {
  if (live === undefined) return { kind: 'go', plan: 'full' }
  const baseline = soleVersion(live.split)
  // A full deploy would replace somebody's split with 100 % of the new version.
  if (baseline === undefined || live.split.length > 1) return refuse('production-split', [describeSplit(live)])
  return { kind: 'go', plan: 'full', anchor: live.id, baseline }
}

/** A live split of ours whose ledger entry is open: that run died, and its baseline must come back first. */
function interruptedBy(live: ObservedDeployment, open: readonly Marker[]): Marker | undefined {
  return open.find((marker) => live.marker?.runId === marker.runId && live.marker.runAttempt === marker.runAttempt)
}

function refuse(code: RefusalCode, details: readonly string[] = []): Preflight {
  return { kind: 'refuse', code, details }
}

function describeSplit(live: ObservedDeployment): string {
  const shares = live.split.map((share) => `${share.versionId} at ${share.percentage} %`).join(', ')
  return `Deployment ${live.id} (${describeAuthor(live)}) is split: ${shares}.`
}

/** What is told and does not refuse. */
export function warningsOf({ drift, freezeOverride, freezeAhead }: PreflightFacts): readonly string[] {
  return [
    ...(drift === undefined ? [] : [`Production was changed around CI: the live deployment was ${describeAuthor(drift)}.`]),
    ...(freezeOverride === undefined ? [] : [`${freezeOverride.actor} overrode the freeze ${freezeOverride.freeze}: ${freezeOverride.reason}`]),
    ...(freezeAhead === undefined ? [] : [`A freeze begins before all steps can be through, and then the baseline comes back: ${freezeAhead}.`]),
  ]
}

function describeAuthor(deployment: ObservedDeployment): string {
  const author = deployment.author === undefined ? '' : ` by ${deployment.author}`
  return `made through ${deployment.source}${author} at ${deployment.createdOn}`
}
