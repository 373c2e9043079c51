import type { ProbesSourceSpec } from './probes-spec.ts'

/** Every source of counts that there is. */
export type MetricSpec = ProbesSourceSpec
