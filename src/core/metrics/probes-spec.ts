import type { ProofSpec } from '../checks/proof.ts'
import type { MetricSourceBasics } from './spec.ts'

/** Sleepwell's own requests, as many to the one version as to the other: a verdict for Workers that few people use. */
export interface ProbesSourceSpec extends MetricSourceBasics {
  readonly kind: 'probes'
  /** Neither may change anything in the Worker. */
  readonly method: 'GET' | 'HEAD'
  /** Below the base URL's own path, taken in turn; each may hold a query. */
  readonly paths: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  readonly proof: ProofSpec
  /** Pairs of requests, one to each version. */
  readonly perPoll: number
  /** Pairs that are under way at a time. */
  readonly concurrency: number
  /** Of one request. */
  readonly timeoutSeconds: number
  /** Of one poll's requests together; at least twice `timeoutSeconds`. */
  readonly deadlineSeconds: number
  /** Sent to the baseline before the first step: what is usual, and what is slow. */
  readonly baselineRequests: number
  /** Whether slow answers are counted, by the 95th percentile of the baseline's. */
  readonly slow: boolean
  /** Instead of `margin` for slow answers: a new version's isolates start cold. */
  readonly slowMargin: number
}
