import type { Platform } from '../../sandbox/platform.ts'
import { BASE_ERRORS } from './plan.ts'
import { WORKER } from './worker.ts'

/** What one version answered to users, as the edge counts it. */
export interface Served {
  readonly requests: number
  readonly failed: number
  /** Failed requests beyond the share that any version would have failed. */
  readonly failedAboveBase: number
}

export function servedBy(platform: Platform, versionId: string): Served {
  const count = platform.edge.counts(WORKER).find((one) => one.versionId === versionId)
  if (count === undefined) return { requests: 0, failed: 0, failedAboveBase: 0 }
  const failed = Object.entries(count.statuses).reduce((sum, [status, requests]) => sum + (status === '0' || Number(status) >= 500 ? requests : 0), 0)
  return { requests: count.requests, failed, failedAboveBase: failed - BASE_ERRORS * count.requests }
}
