import { z } from 'zod'
import { strict } from '../schema-parts.ts'
import { lag, MARGIN_BELOW_TOLERANCE, metricBasics } from './basics.ts'

export const observabilitySource = strict({
  ...metricBasics,
  kind: z.literal('observability'),
  name: metricBasics.name.default('observability'),
  // Not documented; users report seconds to a minute.
  lagSeconds: lag(60),
  slow: z.array(z.enum(['p90', 'p95', 'p99'])).max(3).default(['p95', 'p99']).describe("Quantiles of the baseline's wall time, frozen before the first step: a request above one counts as slow."),
  slowMargin: metricBasics.margin.default(1.25).describe('The margin for slow requests: isolates of a new version start cold.'),
  r2: z.boolean().default(false).describe('Whether operations of R2 buckets are counted too, and those that failed. Needs `observability.traces.enabled`.'),
})
  .refine(({ margin, slowMargin, tolerance }) => tolerance > Math.max(margin, slowMargin), { error: MARGIN_BELOW_TOLERANCE, path: ['tolerance'] })
  .refine(({ slow }) => new Set(slow).size === slow.length, { error: 'expected each quantile once', path: ['slow'] })
  .describe('Workers Observability: exceptions, answers of 500 and above, slow requests. Needs `observability.enabled` and a token with Workers Observability.')
