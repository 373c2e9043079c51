import { z } from 'zod'
import { rateBoundsSchema } from './confidence-sequence.ts'
import { countsSchema } from './counts.ts'
import { visibleSchema } from './smallest-visible.ts'

/** What was found, with the one reason for it. */
export const findingSchema = z.discriminatedUnion('verdict', [
  z.object({ verdict: z.literal('regressed'), because: z.enum(['harm-proven', 'gross-breakage']) }),
  z.object({ verdict: z.literal('exonerated'), because: z.literal('health-proven') }),
  z.object({ verdict: z.literal('shared-incident'), because: z.literal('both-bad') }),
  z.object({ verdict: z.literal('inconclusive'), because: z.enum(['nothing-compared', 'signs-of-harm', 'no-proof-yet']) }),
])
export type Finding = Readonly<z.infer<typeof findingSchema>>

/** E-values: 1 says nothing, `needed` is proof. Held between 1e-300 and 1e300. */
const harmSchema = z.object({ now: z.number(), peak: z.number() })

const stepFiguresSchema = z.object({
  step: z.number().int(),
  candidate: countsSchema,
  baseline: countsSchema,
  candidateRate: rateBoundsSchema,
  baselineRate: rateBoundsSchema,
  /** Absent when no worsening at all could have been seen. */
  smallestVisible: visibleSchema.optional(),
  /** Polls of this step that could not tell this metric. */
  unknownPolls: z.number().int(),
})
export type StepFigures = Readonly<z.infer<typeof stepFiguresSchema>>

const metricFiguresSchema = z.object({
  name: z.string(),
  kind: z.enum(['errors', 'latency']),
  unit: z.enum(['request', 'user']),
  acts: z.boolean(),
  margin: z.number(),
  tolerance: z.number(),
  harm: harmSchema,
  health: z.number(),
  steps: z.array(stepFiguresSchema),
})
export type MetricFigures = Readonly<z.infer<typeof metricFiguresSchema>>

/** The verdict with every number behind it, as plain data: it can be saved, read back and shown. */
export const judgementSchema = z.object({
  schemaVersion: z.literal(1),
  finding: findingSchema,
  polls: z.number().int(),
  harm: harmSchema.extend({ needed: z.number(), signs: z.number() }),
  health: z.object({ now: z.number(), needed: z.number() }),
  metrics: z.array(metricFiguresSchema),
  /** The evidence after each poll: the chart. */
  overTime: z.array(z.object({ step: z.number().int(), atSeconds: z.number(), harm: z.number(), health: z.number() })),
})
export type Judgement = Readonly<z.infer<typeof judgementSchema>>
