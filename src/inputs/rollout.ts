import { z } from 'zod'
import type { AnalysisRules } from '../core/metrics/rules.ts'
import type { CheckSpec } from '../core/checks/spec.ts'
import type { MetricSpec } from '../core/metrics/kinds.ts'
import type { Ramp } from '../core/policy.ts'
import { DEFAULT_PRESET, PRESET_NAMES, PRESETS, type Preset } from '../core/presets.ts'
import { analysisSchema } from './analysis.ts'
import { proofOfFile } from './check-specs.ts'
import { defaultSource, metricSourceSchema, metricSpecOf } from './metrics.ts'
import { count, seconds, strict, type FileProof } from './schema-parts.ts'

/** What the deploy step of `rollout.yml` needs beside its steps and its watch: two whole rounds of checks, one of them on the way back. */
export const RESERVE_MINUTES = 8
/** The deploy step ends after 50 minutes. */
export const LONGEST_MINUTES = 42

const stepSchema = strict({
  percent: z.number().gt(0).max(100).refine((percent) => Math.abs(percent * 100 - Math.round(percent * 100)) < 1e-6, 'expected two decimals at most').describe("The candidate's share of requests, with two decimals at most."),
  soakSeconds: z.number().min(0).max(LONGEST_MINUTES * 60).default(300).describe('How long both versions are compared at this share. At 100 % it is the watch after promotion; 0 compares nothing.'),
  leastRequests: count(0, 1_000_000).default(100).describe('Without so many requests to the candidate a step does not pass.'),
  approval: z.boolean().default(false).describe('A person must approve before the candidate gets this share.'),
})

export const rolloutSchema = strict({
  preset: z.enum(PRESET_NAMES).default(DEFAULT_PRESET).describe('Where everything comes from that is not given here.'),
  steps: z.array(stepSchema).min(1).max(20).optional().describe('Rising shares; the last is 100.'),
  pollSeconds: z.number().min(1).max(180).optional().describe('Between two looks. 15 unless given. No longer than three minutes: so long a broken version serves unseen.'),
  deadlineMinutes: z.number().gt(0).max(LONGEST_MINUTES).optional().describe('For getting to 100 %; the watch after promotion has its own time. 30 unless given, 34 with the preset `cautious`.'),
  whenInconclusive: z.enum(['hold', 'promote', 'rollback']).optional().describe('After a soak that proved nothing: `hold` waits until the deadline and then goes back, `promote` goes on, `rollback` goes back at once.'),
  warmUpSeconds: z.union([z.literal(0), seconds(600)]).optional().describe("Of a step, whose latency is not compared: a new version's isolates start cold. 60 unless given."),
  metrics: z.array(metricSourceSchema).min(1).max(8).refine((sources) => new Set(sources.map(({ name }) => name)).size === sources.length, 'expected a `name` of its own for each').optional().describe("Where the counts come from. Sleepwell's own probes unless given."),
  analysis: analysisSchema.optional(),
}).superRefine((given, context) => {
  const { steps = [], deadlineMinutes } = given
  const percents = steps.map(({ percent }) => percent)
  if (steps.length > 0 && percents.at(-1) !== 100) context.addIssue({ code: 'custom', path: ['steps', steps.length - 1, 'percent'], message: 'expected 100 in the last step' })
  const falling = percents.findIndex((percent, at) => at > 0 && percent <= (percents[at - 1] ?? 0))
  if (falling > 0) context.addIssue({ code: 'custom', path: ['steps', falling, 'percent'], message: 'expected more than in the step before' })
  const path = steps.length > 0 ? ['steps'] : deadlineMinutes === undefined ? [] : ['deadlineMinutes']
  const lags = (given.metrics ?? []).map((source) => ('lagSeconds' in source ? source.lagSeconds : 0))
  const message = problemOfTime(rampOf(given, undefined), lags)
  if (message !== undefined) context.addIssue({ code: 'custom', path, message })
})

export type FileRollout = z.infer<typeof rolloutSchema>

const inMinutes = (soakSeconds: number) => `${Math.round(soakSeconds / 6) / 10} minutes`

/** Why a rollout can never get through in its time, or not in the job's; `undefined` when it can. */
function problemOfTime({ steps, deadlineSeconds }: Ramp, lags: readonly number[]): string | undefined {
  const lagSeconds = Math.max(0, ...lags)
  const secondsOf = (some: Ramp['steps']) => some.reduce((sum, { soakSeconds }) => sum + (soakSeconds === 0 ? 0 : soakSeconds + lagSeconds), 0)
  const [soaks, watch] = [secondsOf(steps.filter(({ percent }) => percent < 100)), secondsOf(steps.filter(({ percent }) => percent === 100))]
  if (soaks >= deadlineSeconds) return `expected the soaks before 100 % to be over before the deadline: with the lag of their counts they last ${inMinutes(soaks)}, and the deadline comes after ${inMinutes(deadlineSeconds)}`
  if (deadlineSeconds + watch <= LONGEST_MINUTES * 60) return undefined
  return `expected the deadline (${inMinutes(deadlineSeconds)}) and the watch at 100 % (${inMinutes(watch)} with the lag of its counts) to last ${LONGEST_MINUTES} minutes at most together`
}

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

type RampKeys = 'preset' | 'steps' | 'pollSeconds' | 'deadlineMinutes' | 'whenInconclusive'

function rampOf(given: Partial<Pick<FileRollout, RampKeys>>, preset: Preset | undefined): Ramp {
  const base = PRESETS[preset ?? given.preset ?? DEFAULT_PRESET]
  const steps = preset === undefined ? given.steps : undefined
  return {
    steps: steps ?? base.steps,
    pollSeconds: given.pollSeconds ?? base.pollSeconds,
    deadlineSeconds: given.deadlineMinutes === undefined ? base.deadlineSeconds : given.deadlineMinutes * 60,
    whenInconclusive: given.whenInconclusive ?? base.whenInconclusive,
  }
}

/** A preset of the input may not fit what the file says of the time. */
export function problemOfRollout({ ramp, metrics }: RolloutConfig): string | undefined {
  return problemOfTime(ramp, metrics.map(({ lagSeconds }) => lagSeconds))
}

export function rolloutOf({ preset, file: given, proof, checks }: GivenRollout): RolloutConfig {
  return {
    ramp: rampOf(given ?? {}, preset),
    warmUpSeconds: given?.warmUpSeconds ?? WARM_UP_SECONDS,
    metrics: given?.metrics?.map((source) => metricSpecOf(source, (own) => proofOfFile(own ?? proof))) ?? [defaultSource(checks, proofOfFile(proof))],
    rules: given?.analysis ?? {},
  }
}
