import { z } from 'zod'
import { deploymentIdSchema, versionIdSchema } from './schemas.ts'

const markerSchema = z.object({
  command: z.enum(['deploy', 'rollback']),
  runId: z.number().int().nonnegative(),
  runAttempt: z.number().int().positive(),
})

const shareSchema = z.object({ versionId: versionIdSchema, percentage: z.number().min(0).max(100) })
export const splitSchema = z.array(shareSchema).min(1).max(2)

/** One rise in traffic. */
const policyStepSchema = z.object({
  /** The candidate's share, in percent. */
  percent: z.number().gt(0).max(100),
  /** How long both versions are compared at this share; 0: not at all. At 100 % it is the watch after promotion. */
  soakSeconds: z.number().nonnegative(),
  /** The candidate must have served so many requests before silence can mean health. */
  leastRequests: z.number().int().nonnegative(),
  /** A person must approve before the candidate gets this share. */
  approval: z.boolean(),
})
export type PolicyStep = z.infer<typeof policyStepSchema>

/** How a candidate gets from the stage to everybody. */
export const rampSchema = z.object({
  /** Rising; the last is 100 %. */
  steps: z.array(policyStepSchema).min(1),
  /** Between two looks at a step that soaks. */
  pollSeconds: z.number().positive(),
  /** For the whole rollout. */
  deadlineSeconds: z.number().positive(),
  /** What follows a soak that proved nothing: wait until the deadline and then go back, go on, or go back at once. */
  whenInconclusive: z.enum(['hold', 'promote', 'rollback']),
})
export type Ramp = z.infer<typeof rampSchema>

/** How often each kind of effect may be repeated before the rollout decides without its answer. */
const triesSchema = z.object({
  upload: z.number().int().positive(),
  read: z.number().int().positive(),
  write: z.number().int().positive(),
  /** Rounds of checks that ended *unknown*; a round has its own deadline and retries. */
  check: z.number().int().positive(),
  /** Rounds that a rollout holds while candidate and baseline fail alike; about 20 s lie between two. */
  incident: z.number().int().nonnegative(),
  /** Times that a rollback writes again over a deploy of ours that wrote after it. */
  reassert: z.number().int().nonnegative(),
})
export type Tries = z.infer<typeof triesSchema>

export const DEFAULT_TRIES: Tries = { upload: 2, read: 6, write: 5, check: 2, incident: 9, reassert: 5 }

const common = { marker: markerSchema, tries: triesSchema }

/** The way chosen in preflight; nothing decides on it later, and it is saved with every journal entry. */
export const policySchema = z.discriminatedUnion('plan', [
  /** Upload, stage at 0 %, check, raise step by step to 100 %, check again; back to the baseline from anywhere. */
  z.object({
    plan: z.literal('staged'),
    ...common,
    /** The deployment that served when the rollout began, one version at 100 %. */
    anchor: deploymentIdSchema,
    baseline: versionIdSchema,
    ramp: rampSchema,
    applyTriggers: z.boolean(),
  }),
  /** `wrangler deploy` behind the same gate: a first deploy, or a one-way door that was allowed. No way back. */
  z.object({
    plan: z.literal('full'),
    ...common,
    /** Absent on a first deploy. */
    anchor: deploymentIdSchema.optional(),
    baseline: versionIdSchema.optional(),
  }),
  /** A person's rollback: write the target at 100 %, check it, and watch that it stays. */
  z.object({
    plan: z.literal('rollback'),
    ...common,
    anchor: deploymentIdSchema,
    target: versionIdSchema,
    /** Readings of production after the write, one each `watchIntervalSeconds`. */
    watchReadings: z.number().int().nonnegative(),
    watchIntervalSeconds: z.number().positive(),
    force: z.boolean(),
  }),
])
export type Policy = z.infer<typeof policySchema>
export type StagedPolicy = Extract<Policy, { plan: 'staged' }>
export type FullPolicy = Extract<Policy, { plan: 'full' }>
export type RollbackPolicy = Extract<Policy, { plan: 'rollback' }>
