import { z } from 'zod'
import { countsSchema } from './counts.ts'

const ratioSchema = z.number().positive().max(1e6)
const chanceSchema = z.number().positive().max(0.5)
const shareSchema = z.number().gt(0).lt(1)
const gridSchema = z.array(z.number().gt(1).max(1e6)).min(1).max(64)

export const metricSettingSchema = z
  .object({
    name: z.string().min(1),
    /** Only errors can show gross breakage or a shared incident. */
    kind: z.enum(['errors', 'latency']),
    /** What one count is. Where one user's requests share their fate, each user must count once a step at most. */
    unit: z.enum(['request', 'user']).default('request'),
    /** Whose requests they are: those that Sleepwell sends itself say nothing of how many users there are. */
    traffic: z.enum(['users', 'own']).default('users'),
    /** `odds-ratio` is exact, and better where the bad are about half of all (slower than the median). */
    form: z.enum(['risk-ratio', 'odds-ratio']).default('risk-ratio'),
    /** Regressed means: the bad rate is proven to be more than this many times the baseline's. */
    margin: ratioSchema.default(1),
    /** Exonerated means: the bad rate is proven to be less than this many times the baseline's. */
    tolerance: ratioSchema.default(2),
    /** Its share in the average of e-values, relative to the others'. */
    weight: z.number().positive().max(1e6).default(1),
    /** False for a dry run: shown, never acting. */
    acts: z.boolean().default(true),
    /** The baseline before the first step, frozen: what is usual. Without it only the incident's own rate counts. */
    usual: countsSchema.optional(),
  })
  .refine(({ margin, tolerance }) => tolerance > margin, { message: 'tolerance must be above margin' })
export type MetricSetting = Readonly<z.infer<typeof metricSettingSchema>>

const hardStopSchema = z.object({
  /** At least so many bad requests of the candidate … */
  leastBad: z.number().int().positive().default(5),
  /** … at this rate or a higher one … */
  candidateRate: shareSchema.default(0.5),
  /** … while the baseline, over so many requests, stays below this rate … */
  leastBaseline: z.number().int().positive().default(20),
  baselineRate: shareSchema.default(0.05),
  /** … in the last polls of this step. */
  polls: z.number().int().positive().max(60).default(3),
})

const incidentSchema = z.object({
  /** A baseline above this rate is ill itself, unless that is usual … */
  rate: shareSchema.default(0.05),
  /** … which is: below so many times its rate before the first step. */
  timesUsual: z.number().gt(1).default(3),
  /** Over how many of the last polls. */
  polls: z.number().int().positive().max(60).default(5),
})

/** Everything that the analysis can be told. `analysisSettingsSchema.parse({ metrics: [...] })` fills in what is usual. */
export const analysisSettingsSchema = z
  .object({
    metrics: z.array(metricSettingSchema).min(1).max(32),
    /** Chance, over the whole rollout and however often one looks, of calling a harmless candidate regressed. */
    alpha: chanceSchema.default(0.05),
    /** The worsenings that are looked for, as multiples of the margin, with equal weights. */
    grid: gridSchema.default([1.5, 2, 3, 5, 10, 20, 50, 100]),
    /** Evidence for harm from which on nobody should advance: the e-value, not yet a proof. */
    signsOfHarm: z.number().gt(1).default(5),
    /** Chance of calling a candidate exonerated that is as bad as the tolerance says. */
    exonerateAlpha: chanceSchema.default(0.05),
    /** How far below the tolerance the candidate may turn out to be, as divisors. */
    exonerateGrid: gridSchema.default([1.5, 2, 3, 5]),
    /** Whether health must be proven anew in each step, or may be gathered over all of them. */
    exonerateOver: z.enum(['step', 'rollout']).default('step'),
    /** Error of the confidence sequences that are shown. */
    rateAlpha: chanceSchema.default(0.05),
    hardStop: hardStopSchema.prefault({}),
    incident: incidentSchema.prefault({}),
  })
  .refine(({ metrics }) => new Set(metrics.map(({ name }) => name)).size === metrics.length, { message: 'two metrics of one name' })
export type AnalysisSettings = Readonly<z.infer<typeof analysisSettingsSchema>>
