import { z } from 'zod'
import { count, strict } from './schema-parts.ts'

const chance = z.number().gt(0).max(0.5)
const share = z.number().gt(0).max(0.99)
const polls = count(1, 60)

const hardStop = strict({
  leastBad: count(1, 1_000_000).optional().describe('So many bad requests of the candidate at least … 5 unless given.'),
  candidateRate: share.optional().describe('… at this rate or a higher one … 0.5 unless given.'),
  leastBaseline: count(1, 1_000_000).optional().describe('… while the baseline, over so many requests at least … 20 unless given.'),
  baselineRate: share.optional().describe('… stays below this rate. 0.05 unless given.'),
  polls: polls.optional().describe('Over how many of the last polls of the step. 3 unless given.'),
})

const incident = strict({
  rate: share.optional().describe('A baseline that fails more often than this is ill itself, unless that is usual. 0.05 unless given.'),
  timesUsual: z.number().gt(1).max(1000).optional().describe('Usual is what stays below so many times its rate before the first step. 3 unless given.'),
  polls: polls.optional().describe('Over how many of the last polls of the step at most. 5 unless given.'),
})

/** `analysis` under `rollout`: what is not given is as the core has it. */
export const analysisSchema = strict({
  alpha: chance.optional().describe('Chance, over all steps, of rolling a harmless version back. 0.05 unless given.'),
  grid: z.array(z.number().gt(1).max(1e6)).min(1).max(64).optional().describe('The worsenings that are looked for, as multiples of the margin.'),
  form: z.enum(['risk-ratio', 'odds-ratio']).optional().describe('`odds-ratio` is exact, and better where about half of all requests are bad, such as above a median. `risk-ratio` unless given.'),
  signsOfHarm: z.number().gt(1).max(1e6).optional().describe('Evidence for harm from which on no step is taken, below proof. 5 unless given.'),
  exonerateAlpha: chance.optional().describe('Chance of calling a version healthy that is as bad as the tolerance says. 0.05 unless given.'),
  exonerateOver: z.enum(['step', 'rollout']).optional().describe('`step`: health is proven in each step anew. `rollout`: it is gathered over all of them, which hides what only a larger share shows. `step` unless given.'),
  hardStop: hardStop.optional().describe('Gross breakage, which goes back at once and is outside of `alpha`.'),
  incident: incident.optional().describe('When both versions are ill, which is nobody\'s fault.'),
}).refine(({ alpha = 0.05, signsOfHarm = 0 }) => signsOfHarm < 1 / alpha, { error: 'expected less than proof, which is 1 / alpha', path: ['signsOfHarm'] })
