import { z } from 'zod'
import { LONGEST_LAG_SECONDS } from '../../core/ramp.ts'
import { seconds } from '../schema-parts.ts'

const ratio = z.number().min(1).max(100)

/** What every source of counts has under `rollout.metrics`. */
export const metricBasics = {
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'expected 1 to 40 lower-case letters, digits and hyphens'),
  acts: z.boolean().default(true).describe('`false`: a dry run, whose numbers are shown and never act.'),
  margin: ratio.default(1).describe('Regressed means proven to fail more than this many times as often as the baseline.'),
  tolerance: ratio.default(2).describe('Proven healthy means proven to fail less than this many times as often as the baseline.'),
}

/** After an interval's end. */
export const lag = (usual: number) =>
  seconds(LONGEST_LAG_SECONDS).default(usual).describe('How long after an interval its counts are complete; they are not asked for earlier.')

/** No rate could lie between them. */
export const MARGIN_BELOW_TOLERANCE = 'expected a tolerance above the margin'
