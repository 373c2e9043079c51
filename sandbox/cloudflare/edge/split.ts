import { createHash } from 'node:crypto'
import type { Random } from '../../random.ts'
import type { Share } from '../types.ts'
import { versionOverrides } from './override-header.ts'

export interface SplitRequest {
  readonly scriptName: string
  /** In the deployment's order: stickiness depends on it. */
  readonly shares: readonly Share[]
  /** `Cloudflare-Workers-Version-Overrides`. */
  readonly overrides: string | undefined
  /** `Cloudflare-Workers-Version-Key`. */
  readonly affinityKey: string | undefined
}

/**
 * The version that answers one request: an override for a version of the live deployment, even at 0 %;
 * else by the affinity key; else at random (docs "Gradual deployments": "Version overrides" and
 * "Version affinity"). An override for any other version is ignored without a word.
 */
export function chooseVersion(request: SplitRequest, random: Random): string {
  const { shares, affinityKey } = request
  const wanted = versionOverrides(request.overrides).get(request.scriptName)
  const overridden = shares.find((share) => share.versionId === wanted)
  if (overridden !== undefined) return overridden.versionId
  return versionAt(shares, affinityKey === undefined ? random() * 100 : pointOf(affinityKey))
}

/** Lays the shares end to end on [0, 100): what has more than 0 % of it holds its points as it grows. */
export function versionAt(shares: readonly Share[], point: number): string {
  let end = 0
  for (const share of shares) {
    end += share.percentage
    if (point < end) return share.versionId
  }
  const last = shares.findLast((share) => share.percentage > 0)
  if (last === undefined) throw new Error('a deployment gives no version any traffic')
  return last.versionId
}

/** The same point in [0, 100) for the same text, evenly spread over texts. */
export function pointOf(text: string): number {
  return (createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32) * 100
}
