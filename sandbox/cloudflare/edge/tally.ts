import type { VersionCount } from '../types.ts'

/** One request as the edge served it. */
export interface Visit {
  /** ISO 8601, when it arrived. */
  readonly at: string
  readonly scriptName: string
  /** `undefined` when no version was asked: no such script here yet, or an injected fault answered. */
  readonly versionId: string | undefined
  readonly location: number
  readonly method: string
  readonly path: string
  readonly userAgent: string
  /** It carried `Cloudflare-Workers-Version-Overrides`, heeded or not. */
  readonly override: boolean
  /** The HTTP status (101 for a WebSocket); 0 when the connection broke before an answer. */
  readonly status: number
  readonly durationMs: number
}

/** Requests without an override header, or those with one. */
export type Traffic = 'users' | 'overrides'

/** Counts one script's visits of one kind by version, in order of each version's first visit. */
export function countByVersion(visits: readonly Visit[], scriptName: string, traffic: Traffic): VersionCount[] {
  const counts = new Map<string, VersionCount>()
  for (const visit of visits) {
    if (visit.scriptName !== scriptName || visit.override !== (traffic === 'overrides')) continue
    if (visit.versionId === undefined) continue
    const count = counts.get(visit.versionId) ?? newCount(visit.versionId)
    counts.set(visit.versionId, count)
    count.requests += 1
    count.statuses[visit.status] = (count.statuses[visit.status] ?? 0) + 1
    count.durationsMs.push(visit.durationMs)
  }
  return [...counts.values()]
}

function newCount(versionId: string): VersionCount {
  return { versionId, requests: 0, statuses: {}, durationsMs: [] }
}
