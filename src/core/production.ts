import type { DeploymentId, VersionId } from './ids.ts'
import { isSameMarker, type Marker } from './marker.ts'

export interface Share {
  readonly versionId: VersionId
  /** 0 to 100. */
  readonly percentage: number
}

/** Who gets how much: one or two shares that sum to 100, always in the same order. */
export type Split = readonly Share[]

/** One entry of Cloudflare's deployment history. */
export interface ObservedDeployment {
  readonly id: DeploymentId
  readonly split: Split
  /** ISO 8601. */
  readonly createdOn: string
  /** `api`, `wrangler`, `dash`, …: what Cloudflare says made it. */
  readonly source: string
  readonly author?: string
  readonly message?: string
  readonly marker?: Marker
}

/** Newest first; the first entry is live. */
export type History = readonly ObservedDeployment[]

/** What the history says about a rollout that began at `anchor` and signs with `marker`. */
export type Standing =
  /** The anchor is live: nothing of ours has landed, or it was taken back by deletion. */
  | { readonly kind: 'untouched'; readonly live: ObservedDeployment }
  | { readonly kind: 'ours'; readonly live: ObservedDeployment }
  /** Ours is live, and between the anchor and ours somebody else had deployed: we wrote over them. */
  | { readonly kind: 'overwrote'; readonly live: ObservedDeployment; readonly foreign: ObservedDeployment }
  | { readonly kind: 'foreign'; readonly foreign: ObservedDeployment }
  /** Cloudflare lists no deployment at all. */
  | { readonly kind: 'nothing-live' }

/**
 * There is no compare-and-swap on deployments (workers/versions-and-deployments: the last write wins),
 * so what a rollout owns is read from the history: everything above the anchor must be its own.
 */
export function standingOf(history: History, anchor: DeploymentId | undefined, marker: Marker): Standing {
  const live = history[0]
  if (live === undefined) return { kind: 'nothing-live' }
  if (live.id === anchor) return { kind: 'untouched', live }
  if (!isSameMarker(live.marker, marker)) return { kind: 'foreign', foreign: live }
  const below = history.find((entry) => !isSameMarker(entry.marker, marker))
  if (below === undefined || below.id === anchor) return { kind: 'ours', live }
  return { kind: 'overwrote', live, foreign: below }
}

/** What lies closer together is one share: Cloudflare does not say how many decimals it keeps, and steps have two at most. */
const SAME_WITHIN_PERCENT = 0.005

/** Equal share by share: a version at 0 % counts, since the override header reaches it. */
export function isSameSplit(one: Split, other: Split): boolean {
  return (
    one.length === other.length &&
    one.every((share) => other.some((o) => o.versionId === share.versionId && Math.abs(o.percentage - share.percentage) < SAME_WITHIN_PERCENT))
  )
}

/** The version that serves everybody, if one does. */
export function soleVersion(split: Split): VersionId | undefined {
  return split.find((share) => share.percentage === 100)?.versionId
}
