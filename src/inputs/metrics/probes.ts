import { z } from 'zod'
import type { ProofSpec } from '../../core/checks/proof.ts'
import type { ProbesSourceSpec } from '../../core/metrics/probes-spec.ts'
import { count, headers, path, proofSchema, seconds, strict } from '../schema-parts.ts'
import { MARGIN_BELOW_TOLERANCE, metricBasics } from './basics.ts'

/** A 95th percentile that fewer than ten answers lie above is a guess. */
const LEAST_FOR_SLOW = 200

export const probesSource = strict({
  ...metricBasics,
  kind: z.literal('probes'),
  name: metricBasics.name.default('probes'),
  method: z.enum(['GET', 'HEAD']).default('GET').describe('Nothing else is sent: a probe must not change anything.'),
  paths: z.array(path).min(1).max(50).default(['/']).describe('Paths and queries below `url`, taken in turn: routes that are safe to ask, and that prove their version.'),
  headers,
  proof: proofSchema.optional().describe('Instead of the proof of the whole file; `none` counts nothing.'),
  perPoll: count(1, 500).default(20).describe('Pairs of requests at each poll, one to each version, in random order.'),
  concurrency: count(1, 20).default(4).describe('Pairs that are under way at a time.'),
  timeoutSeconds: seconds(60).default(5).describe('Of one request; a later answer is a failure.'),
  deadlineSeconds: seconds(300).default(30).describe('Of the requests of one poll together; fewer pairs are sent where it would not be kept.'),
  baselineRequests: count(20, 5000).default(220).describe('Requests to the baseline before the first step: what is usual, and what is slow.'),
  slow: z.boolean().default(true).describe("Whether answers are counted that take longer than the 95th percentile of the baseline's before the first step."),
  slowMargin: metricBasics.margin.default(1.25).describe('The margin for slow answers: isolates of a new version start cold.'),
})
  .refine(({ margin, slowMargin, tolerance }) => tolerance > Math.max(margin, slowMargin), { error: MARGIN_BELOW_TOLERANCE, path: ['tolerance'] })
  .refine(({ timeoutSeconds, deadlineSeconds }) => deadlineSeconds >= 2 * timeoutSeconds, { error: 'expected at least twice timeoutSeconds: a pair is asked one after the other', path: ['deadlineSeconds'] })
  .refine(({ slow, baselineRequests }) => !slow || baselineRequests >= LEAST_FOR_SLOW, { error: `expected at least ${LEAST_FOR_SLOW} requests for a 95th percentile, or slow: false`, path: ['baselineRequests'] })
  .refine(({ method, proof }) => !(method === 'HEAD' && typeof proof === 'object' && 'json' in proof), { error: 'expected a header: an answer to HEAD has no body', path: ['proof'] })
  .describe("Sleepwell's own requests to both versions by the override header: quiet Workers get a verdict too. Used when no source is given.")

/** `proof`: the source's own, or else the file's. */
export function probesSpecOf(file: z.infer<typeof probesSource>, proof: ProofSpec): ProbesSourceSpec {
  return { ...file, proof, lagSeconds: 0 }
}
