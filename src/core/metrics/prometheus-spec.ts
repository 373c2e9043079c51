import type { DeclaredMetric } from './declared-metric.ts'
import type { MetricSourceBasics } from './spec.ts'

/** One metric: two counters that only rise, as PromQL with `{{version}}` and `{{script}}` in it. */
export interface PrometheusMetric extends DeclaredMetric {
  /** All requests of a version. */
  readonly total: string
  /** The bad ones among them. */
  readonly bad: string
}

/** Whatever speaks Prometheus's HTTP API: Prometheus, Thanos, Mimir, VictoriaMetrics, Grafana Cloud. */
export interface PrometheusSourceSpec extends MetricSourceBasics {
  readonly kind: 'prometheus'
  /** Before `/api/v1/query`. */
  readonly url: string
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string | undefined
  /** Besides, such as a tenant's; may hold secrets. */
  readonly headers: Readonly<Record<string, string>>
  readonly metrics: readonly PrometheusMetric[]
  readonly slowMargin: number
  /** Of one query. */
  readonly timeoutSeconds: number
  /** Of all queries of one poll. */
  readonly deadlineSeconds: number
}
