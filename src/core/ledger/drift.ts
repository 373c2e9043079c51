import type { VersionId } from '../ids.ts'
import { isSameMarker } from '../marker.ts'
import { soleVersion, type History, type ObservedDeployment } from '../production.ts'
import { isOpen, type Entry, type PayloadOf } from './entries.ts'
import { promotedVersion } from './progress.ts'

type Rollout = Entry<PayloadOf<'deploy' | 'rollback'>>

/** The newest entry that has ended. */
export function lastSettled<Held extends Rollout>(entries: readonly Held[]): Held | undefined {
  return entries.find((entry) => !isOpen(entry))
}

/**
 * The live deployment, if somebody else has made it since the ledger's last entry. One that an entry began from is
 * known, and so is the version that the last one left, whoever deployed it again. Entries newest first; without
 * any there is nothing to have drifted from.
 */
export function driftSince(entries: readonly Rollout[], history: History): ObservedDeployment | undefined {
  const live = history[0]
  if (live === undefined || entries.length === 0) return undefined
  const isKnown = entries.some(({ payload: { policy } }) => policy.anchor === live.id || isSameMarker(live.marker, policy.marker))
  const left = versionLeft(lastSettled(entries))
  const isLeft = left !== undefined && live.split.length === 1 && soleVersion(live.split) === left
  return isKnown || isLeft ? undefined : live
}

/** The version that an entry says it left at 100 %. */
function versionLeft(entry: Rollout | undefined): VersionId | undefined {
  if (entry === undefined) return undefined
  const { policy } = entry.payload
  if (entry.statuses.some(({ description }) => description.startsWith('rolled-back'))) {
    return policy.plan === 'rollback' ? policy.target : policy.baseline
  }
  return promotedVersion(entry)
}
