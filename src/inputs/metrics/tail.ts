import { z } from 'zod'
import { strict, token, url } from '../schema-parts.ts'
import { lag, MARGIN_BELOW_TOLERANCE, metricBasics } from './basics.ts'

export const tailSource = strict({
  ...metricBasics,
  kind: z.literal('tail'),
  name: metricBasics.name.default('tail'),
  // The Tail Worker closes a second ten seconds after it; the rest is for clocks that differ.
  lagSeconds: lag(15),
  url: url.describe('Where the Tail Worker answers, such as https://sleepwell-tail.example.workers.dev.'),
  token: token.describe('Its `TAIL_TOKEN`; give it as `${secret:NAME}`.'),
  unit: z.enum(['request', 'user']).default('request').describe('What one count is. `user`: who sends `Cloudflare-Workers-Version-Key`, bad once a step at most; needs `COUNT_USERS` of the Tail Worker, and tells nothing of slow requests.'),
  slow: z.array(z.enum(['p90', 'p95', 'p99'])).max(3).default(['p95', 'p99']).describe("Quantiles of the baseline's wall time, frozen before the first step: a request above one counts as slow."),
  slowMargin: metricBasics.margin.default(1.25).describe('The margin for slow requests: isolates of a new version start cold.'),
})
  .refine(({ margin, slowMargin, tolerance }) => tolerance > Math.max(margin, slowMargin), { error: MARGIN_BELOW_TOLERANCE, path: ['tolerance'] })
  .refine(({ slow }) => new Set(slow).size === slow.length, { error: 'expected each quantile once', path: ['slow'] })
  .describe('The Tail Worker of workers/tail: exceptions, answers of 500 and above, slow requests, within seconds.')
