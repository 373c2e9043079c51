import { z } from 'zod'
import type { AnalysisRules } from '../core/metrics/rules.ts'
import type { CheckSpec } from '../core/checks/spec.ts'
import type { MetricSpec } from '../core/metrics/kinds.ts'
import type { Ramp } from '../core/policy.ts'
import { DEFAULT_PRESET, PRESETS, type Preset } from '../core/presets.ts'
import { analysisSchema } from './analysis.ts'
import { proofOfFile } from './check-specs.ts'
import { defaultSource, metricSourceSchema, metricSpecOf } from './metrics.ts'
import { count, seconds, strict, type FileProof } from './schema-parts.ts'

/** The deploy step of `rollout.yml` ends after 50 minutes; what it needs besides is checks and the way back. */
const LONGEST_MINUTES = 45
export const PRESET_NAMES = ['immediate', 'canary', 'cautious'] as const satisfies readonly Preset[]

const stepSchema = strict({
  percent: z.number().gt(0).max(100).describe("The candidate's share of requests."),
  soakSeconds: z.number().min(0).max(LONGEST_MINUTES * 60).default(300).describe('How long both versions are compared at this share. At 100 % it is the watch after promotion; 0 compares nothing.'),
  leastRequests: count(0, 1_000_000).default(100).describe('Without so many requests to the candidate a step does not pass.'),
  approval: z.boolean().default(false).describe('A person must approve before the candidate gets this share.'),
})

export const rolloutSchema = strict({
  preset: z.enum(PRESET_NAMES).default(DEFAULT_PRESET).describe('Where everything comes from that is not given here.'),
  steps: z.array(stepSchema).min(1).max(20).optional().describe('Rising shares; the last is 100.'),
  pollSeconds: z.number().min(1).max(180).optional().describe('Between two looks. 15 unless given. No longer than three minutes: so long a broken version serves unseen.'),
  deadlineMinutes: z.number().gt(0).max(LONGEST_MINUTES).optional().describe('For all steps together. 40 unless given.'),
  whenInconclusive: z.enum(['hold', 'promote', 'rollback']).optional().describe('After a soak that proved nothing: `hold` waits until the deadline and then goes back, `promote` goes on, `rollback` goes back at once.'),
  warmUpSeconds: z.union([z.literal(0), seconds(600)]).optional().describe("Of a step, whose latency is not compared: a new version's isolates start cold. 60 unless given."),
  metrics: z.array(metricSourceSchema).min(1).max(8).refine((sources) => new Set(sources.map(({ name }) => name)).size === sources.length, 'expected a `name` of its own for each').optional().describe("Where the counts come from. Sleepwell's own probes unless given."),
  analysis: analysisSchema.optional(),
}).superRefine(({ steps, deadlineMinutes }, context) => {
  if (steps === undefined) return
  const percents = steps.map(({ percent }) => percent)
  if (percents.at(-1) !== 100) context.addIssue({ code: 'custom', path: ['steps', steps.length - 1, 'percent'], message: 'expected 100 in the last step' })
  const falling = percents.findIndex((percent, at) => at > 0 && percent <= (percents[at - 1] ?? 0))
  if (falling > 0) context.addIssue({ code: 'custom', path: ['steps', falling, 'percent'], message: 'expected more than in the step before' })
  const soakMinutes = steps.reduce((sum, { soakSeconds }) => sum + soakSeconds, 0) / 60
  const minutes = deadlineMinutes ?? PRESETS.canary.deadlineSeconds / 60
  if (soakMinutes >= minutes) context.addIssue({ code: 'custom', path: ['steps'], message: `expected less than the ${minutes} minutes of \`deadlineMinutes\` in all soaks together` })
})

export type FileRollout = z.infer<typeof rolloutSchema>

/** How a deploy gets from the stage to everybody, and what it is judged by. */
export interface RolloutConfig {
  readonly ramp: Ramp
  readonly warmUpSeconds: number
  readonly metrics: readonly MetricSpec[]
  readonly rules: AnalysisRules
}

const WARM_UP_SECONDS = 60

export interface GivenRollout {
  /** The input's; it wins over the file's preset and steps. */
  readonly preset: Preset | undefined
  readonly file: FileRollout | undefined
  readonly proof: FileProof | undefined
  readonly checks: readonly CheckSpec[]
}

export function rolloutOf({ preset, file: given, proof, checks }: GivenRollout): RolloutConfig {
  const base: Ramp = PRESETS[preset ?? given?.preset ?? DEFAULT_PRESET]
  const steps = preset === undefined ? given?.steps : undefined
  return {
    ramp: {
      steps: steps ?? base.steps,
      pollSeconds: given?.pollSeconds ?? base.pollSeconds,
      deadlineSeconds: given?.deadlineMinutes === undefined ? base.deadlineSeconds : given.deadlineMinutes * 60,
      whenInconclusive: given?.whenInconclusive ?? base.whenInconclusive,
    },
    warmUpSeconds: given?.warmUpSeconds ?? WARM_UP_SECONDS,
    metrics: given?.metrics?.map((source) => metricSpecOf(source, (own) => proofOfFile(own ?? proof))) ?? [defaultSource(checks, proofOfFile(proof))],
    rules: given?.analysis ?? {},
  }
}
