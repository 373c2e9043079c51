import type { VersionId } from '../ids.ts'
import type { Policy } from '../policy.ts'
import { soleVersion, type History } from '../production.ts'
import type { Entry, PayloadOf } from './entries.ts'
import { promotedVersion } from './progress.ts'

export interface KnownGoodFacts {
  /** Trusted ones only, newest first. */
  readonly deploys: readonly Entry<PayloadOf<'deploy'>>[]
  readonly rollbacks: readonly Entry<PayloadOf<'rollback'>>[]
  readonly history: History
  readonly deployable: readonly VersionId[]
  /** Versions whose own tag or message names a commit or a run of ours. */
  readonly tagged: ReadonlySet<VersionId>
}

/** Newest version that ended promoted, was never rolled back from, is not live and can still be deployed. */
export function knownGood(facts: KnownGoodFacts): VersionId | undefined {
  const rejected = new Set(facts.rollbacks.flatMap((entry) => entry.payload.from))
  const live = new Set(facts.history[0]?.split.map((share) => share.versionId))
  return facts.deploys
    .flatMap((entry) => promotedVersion(entry) ?? [])
    .find((id) => !rejected.has(id) && !live.has(id) && facts.deployable.includes(id) && hasServed(id, facts))
}

/** Cloudflare's own word for it: it served everybody once, or it carries our tag. */
export function hasServed(id: VersionId, facts: Pick<KnownGoodFacts, 'history' | 'tagged'>): boolean {
  return facts.tagged.has(id) || facts.history.some(({ split }) => soleVersion(split) === id)
}

/**
 * Whether Cloudflare's history bears out where a policy says that its rollout began. A run's number can be
 * claimed by whoever may write deployments, so nobody is restored to a baseline on the ledger's word alone.
 */
export function isBorneOut(policy: Policy, history: History): boolean {
  const anchor = history.find(({ id }) => id === policy.anchor)
  switch (policy.plan) {
    case 'staged':
      return anchor !== undefined && anchor.split.length === 1 && soleVersion(anchor.split) === policy.baseline
    case 'full':
      return policy.anchor === undefined || (anchor !== undefined && soleVersion(anchor.split) === policy.baseline)
    case 'rollback':
      return anchor !== undefined
  }
}
