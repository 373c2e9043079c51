import { metricSettingSchema, type MetricSetting } from '../analysis/settings.ts'
import type { Counts } from '../analysis/counts.ts'
import type { MetricSourceBasics } from './spec.ts'

/** A metric that only its source's owner can name. */
export interface DeclaredMetric {
  readonly name: string
  readonly kind: MetricSetting['kind']
  /** What one count is. */
  readonly unit: MetricSetting['unit']
}

/** `usual`: the baseline's counts before the first step, where they are known. */
export function settingOf(
  { acts, margin, slowMargin, tolerance }: MetricSourceBasics & { readonly slowMargin: number },
  { name, kind, unit }: DeclaredMetric,
  usual: Counts | undefined,
): MetricSetting {
  const isUsual = usual !== undefined && usual.total > 0
  return metricSettingSchema.parse({ name, kind, unit, acts, margin: kind === 'latency' ? slowMargin : margin, tolerance, ...(isUsual ? { usual } : {}) })
}
