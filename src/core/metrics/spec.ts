/** What every source of counts says; each kind is told apart by `kind`. */
export interface MetricSourceBasics {
  /** Unique among the sources. */
  readonly name: string
  /** False for a dry run: its metrics are shown and never act. */
  readonly acts: boolean
  /** How long after an interval's end its counts are complete. */
  readonly lagSeconds: number
  /** Regressed: proven worse than so many times the baseline. */
  readonly margin: number
  /** Exonerated: proven better than so many times the baseline. */
  readonly tolerance: number
}

/** A quantile of the baseline's wall time above which a request counts as slow. */
export type SlowLevel = 'p90' | 'p95' | 'p99'

/** Cloudflare's Workers Observability: exceptions, answers of 500 and above, and slow requests. */
export interface ObservabilitySourceSpec extends MetricSourceBasics {
  readonly kind: 'observability'
  readonly slow: readonly SlowLevel[]
  /** Instead of `margin` for slow requests: a new version's isolates start cold. */
  readonly slowMargin: number
  /** Whether operations of R2 buckets are counted too, and those that failed. */
  readonly r2: boolean
}

/** Cloudflare's GraphQL Analytics: exceptions only. A Worker that answers 500 itself counts as served there. */
export interface GraphqlSourceSpec extends MetricSourceBasics {
  readonly kind: 'graphql'
}
