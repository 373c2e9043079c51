import { z } from 'zod'
import { metricBasics } from './basics.ts'

/** What every metric has that the file itself names. */
export const declaredMetric = {
  name: metricBasics.name.describe('Shown in every report; unique among all metrics.'),
  kind: z.enum(['errors', 'latency']).default('errors').describe('What the bad ones are: failed, or slow.'),
  unit: z.enum(['request', 'user']).default('request').describe('What one count is; a user counts once a step at most.'),
}

export const slowMargin = metricBasics.margin.default(1.25).describe('The margin for metrics of kind latency: isolates of a new version start cold.')

export function areNamesUnique(metrics: readonly { readonly name: string }[]): boolean {
  return new Set(metrics.map(({ name }) => name)).size === metrics.length
}

export const EACH_NAME_ONCE = 'expected each name once'
