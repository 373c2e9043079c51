import type { CommandSourceSpec } from './command-spec.ts'
import type { ProbesSourceSpec } from './probes-spec.ts'
import type { PrometheusSourceSpec } from './prometheus-spec.ts'
import type { GraphqlSourceSpec, ObservabilitySourceSpec } from './spec.ts'
import type { TailSourceSpec } from './tail-spec.ts'

/** Every source of counts that there is. */
export type MetricSpec = ProbesSourceSpec | ObservabilitySourceSpec | GraphqlSourceSpec | TailSourceSpec | PrometheusSourceSpec | CommandSourceSpec
