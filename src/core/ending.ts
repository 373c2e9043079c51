import { z } from 'zod'

/** Why a rollout did not go forward. Each code has one sentence and one remedy in `errors.ts`. */
export const causeSchema = z.enum([
  'cancelled',
  'run-died',
  'held',
  /** A freeze began. */
  'frozen',
  'ledger-unavailable',
  'cloudflare-unavailable',
  'write-rejected',
  'upload-failed',
  'check-failed',
  'check-unknown',
  'shared-incident',
  /** The candidate does worse than the baseline beside it. */
  'regressed',
  /** A soak proved nothing, and the policy is to go back then. */
  'inconclusive',
  /** Not through all steps in time. */
  'deadline',
  /** A person said so. */
  'aborted',
  'nothing-live',
])
export type Cause = z.infer<typeof causeSchema>

/** What stops a rollout from going forward although nothing is wrong with it; a way back is stopped by nothing. */
export type Stop = Extract<Cause, 'held' | 'frozen'>

/** Why a human must act. */
export const strandedReasonSchema = z.enum([
  'cloudflare-unavailable',
  'write-rejected',
  'baseline-unhealthy',
  'baseline-unknown',
  'shared-incident',
  'target-unhealthy',
  'target-unknown',
  'full-deploy-failed',
  'full-deploy-unhealthy',
  'full-deploy-unknown',
  'triggers-failed',
  'triggers-unknown',
  'outpaced',
  'nothing-live',
  'no-trusted-target',
])
export type StrandedReason = z.infer<typeof strandedReasonSchema>

/** How a rollout finished; there are no others. */
export const endingSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('promoted') }),
  /** Nothing was exposed to users. `reason` is a cause, or a refusal's code from the gate or preflight. */
  z.object({ kind: z.literal('refused'), reason: z.string() }),
  /** The baseline (or a rollback's target) was read back at 100 % and is no worse than before. */
  z.object({ kind: z.literal('rolled-back'), cause: z.union([causeSchema, z.literal('by-hand')]) }),
  /** Somebody else deployed; `to` tells a rollback of ours from everybody else. */
  z.object({ kind: z.literal('yielded'), to: z.enum(['rollback', 'foreign']) }),
  z.object({ kind: z.literal('stranded'), reason: strandedReasonSchema }),
])
export type Ending = z.infer<typeof endingSchema>

/** Refusals that are nobody's failure: the deploy was overtaken or stopped on purpose. */
const CALM_REFUSALS: ReadonlySet<string> = new Set(['superseded', 'held', 'frozen'])

export interface Outcome {
  readonly exitCode: 0 | 1
  readonly commitStatus: 'success' | 'failure'
}

const GOOD: Outcome = { exitCode: 0, commitStatus: 'success' }
const BAD: Outcome = { exitCode: 1, commitStatus: 'failure' }

/** The one table from ending to exit code and commit status. */
export function outcomeOf(ending: Ending): Outcome {
  switch (ending.kind) {
    case 'promoted':
      return GOOD
    case 'refused':
      return CALM_REFUSALS.has(ending.reason) ? GOOD : BAD
    case 'rolled-back':
      return ending.cause === 'by-hand' ? GOOD : BAD
    case 'yielded':
      return ending.to === 'rollback' ? GOOD : BAD
    case 'stranded':
      return BAD
  }
}

/** The code beside the ending's name; empty when there is nothing to add. */
export function reasonOf(ending: Ending): string {
  switch (ending.kind) {
    case 'promoted':
      return ''
    case 'refused':
    case 'stranded':
      return ending.reason
    case 'rolled-back':
      return ending.cause
    case 'yielded':
      return ending.to
  }
}
