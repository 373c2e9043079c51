import { z } from 'zod'
import type { Advice } from '../analysis/advice.ts'
import { causeSchema, endingSchema, type Cause, type Ending, type Stop } from '../ending.ts'
import type { VersionId } from '../ids.ts'
import { splitSchema } from '../policy.ts'
import type { History, Split } from '../production.ts'
import { versionIdSchema } from '../schemas.ts'
import type { Steering } from '../steering.ts'

const left = z.number().int().nonnegative()

/** What a change of the split is for. */
const goalSchema = z.discriminatedUnion('kind', [
  /** Forward: the candidate at `percent`; 0 is the stage. `soaked`: it is there, and is only checked once more before the next step. */
  z.object({ kind: z.literal('raise'), percent: z.number().min(0).max(100), candidate: versionIdSchema, soaked: z.literal(true).optional() }),
  /** The baseline at 100 %. `exposed`: a write that gave users the candidate may have landed. */
  z.object({ kind: z.literal('restore'), cause: causeSchema, exposed: z.boolean() }),
  /** A person's rollback to the policy's target. */
  z.object({ kind: z.literal('roll-back'), readingsLeft: left, reassertsLeft: left }),
  /** We wrote over somebody: give them back what they had deployed, then yield. */
  z.object({ kind: z.literal('put-back'), split: splitSchema, to: z.enum(['rollback', 'foreign']) }),
])
export type Goal = z.infer<typeof goalSchema>

/** What a round of checks is about, and what follows from it. */
const subjectSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('candidate'), candidate: versionIdSchema, percent: z.number(), soaked: z.literal(true).optional() }),
  z.object({ kind: z.literal('baseline'), cause: causeSchema, exposed: z.boolean() }),
  z.object({ kind: z.literal('target'), readingsLeft: left, reassertsLeft: left }),
  z.object({ kind: z.literal('full-deploy'), candidate: versionIdSchema }),
])
export type Subject = z.infer<typeof subjectSchema>

/** What became of the last write towards the goal; `sent`: nobody knows, it may have been applied. */
const lastWriteSchema = z.enum(['none', 'rejected', 'sent', 'accepted'])
export type LastWrite = z.infer<typeof lastWriteSchema>

/** What is left of the budgets of a round that decided nothing. */
const roundsLeftSchema = z.object({ unknown: left, incident: left })
export type RoundsLeft = z.infer<typeof roundsLeftSchema>

/** A step that is being watched. */
const soakSchema = z.object({
  pollsLeft: left,
  /** By a person: nothing goes forward, harm still goes back. */
  paused: z.boolean(),
  /** By a person: the next step may begin. */
  approved: z.boolean(),
})
export type Soak = z.infer<typeof soakSchema>

/** A read or a write; `again`, `soak`: in the midst of checks, or of a soak, that have decided nothing so far. */
const shiftShape = {
  goal: goalSchema,
  lastWrite: lastWriteSchema,
  readsLeft: left,
  writesLeft: left,
  again: roundsLeftSchema.optional(),
  soak: soakSchema.optional(),
}

/** Where a rollout is: plain data, saved in the journal before each effect. */
export const phaseSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('uploading'), triesLeft: left }),
  /** Production is read before and after each write: a split counts when it has been read back. */
  z.object({ kind: z.literal('reading'), ...shiftShape }),
  z.object({ kind: z.literal('writing'), ...shiftShape }),
  z.object({ kind: z.literal('checking'), subject: subjectSchema, roundsLeft: roundsLeftSchema }),
  /** The candidate at `percent` beside the baseline, before the next step. */
  z.object({ kind: z.literal('soaking'), candidate: versionIdSchema, percent: z.number(), soak: soakSchema }),
  z.object({ kind: z.literal('applying-triggers'), candidate: versionIdSchema }),
  z.object({ kind: z.literal('deploying-fully') }),
  /** A full deploy did not end well: did it change anything? */
  z.object({ kind: z.literal('inspecting'), cause: causeSchema, readsLeft: left }),
  z.object({ kind: z.literal('watching'), readingsLeft: left, reassertsLeft: left, readsLeft: left }),
  z.object({ kind: z.literal('settled'), ending: endingSchema }),
])
export type Phase = z.infer<typeof phaseSchema>
export type PhaseOf<Kind extends Phase['kind']> = Extract<Phase, { kind: Kind }>

/** Why nothing goes forward any more: from outside, by the clock, or by a person. */
export type Halt = Stop | Extract<Cause, 'deadline' | 'aborted'>

/** What the shell is to do next, after waiting `afterSeconds`. */
export type Effect =
  | { readonly kind: 'upload'; readonly afterSeconds: number }
  /** `commandsMatter`: more users are about to get the candidate, so people are listened to as well. */
  | { readonly kind: 'read-production'; readonly afterSeconds: number; readonly stopsMatter: boolean; readonly commandsMatter: boolean }
  | { readonly kind: 'write-split'; readonly split: Split; readonly direction: 'forward' | 'back'; readonly force: boolean }
  | { readonly kind: 'run-checks'; readonly subject: Subject; readonly afterSeconds: number }
  /** Waits, and then compares both versions and looks for what people have commanded. */
  | { readonly kind: 'soak'; readonly candidate: VersionId; readonly percent: number; readonly isPaused: boolean; readonly isApproved: boolean }
  | { readonly kind: 'apply-triggers' }
  | { readonly kind: 'deploy-fully' }
  | { readonly kind: 'settle'; readonly ending: Ending }

/** `shared-incident`: what fails on the candidate now fails on the baseline as well, and did not before. */
export type CheckVerdict = 'healthy' | 'regressed' | 'unknown' | 'shared-incident'

/** What the shell saw. Retries of reads within one effect are the shell's; these are final answers. */
export type Observation =
  | { readonly kind: 'uploaded'; readonly candidate: VersionId }
  | { readonly kind: 'upload-failed'; readonly retriable: boolean }
  /** `isPaused`: a person says so. */
  | { readonly kind: 'production'; readonly history: History; readonly stop?: Halt; readonly isPaused?: true }
  | { readonly kind: 'unreadable' }
  /** `rejected`: Cloudflare said no for good. `unanswered`: no reply, 5xx or 429; it may have been applied. */
  | { readonly kind: 'write-answered'; readonly answer: 'accepted' | 'rejected' }
  | { readonly kind: 'write-answered'; readonly answer: 'unanswered'; readonly retryAfterSeconds?: number }
  | { readonly kind: 'checked'; readonly verdict: CheckVerdict }
  | { readonly kind: 'soaked'; readonly advice: Advice; readonly isOverdue: boolean; readonly steering?: Steering }
  | { readonly kind: 'triggers'; readonly applied: boolean }
  | { readonly kind: 'deployed-fully'; readonly candidate: VersionId }
  | { readonly kind: 'full-deploy-failed' }
  /** A hold or a freeze came after preflight; nothing was performed. */
  | { readonly kind: 'stopped'; readonly stop: Stop }
  /** The ledger did not acknowledge the entry that a forward effect needs; nothing was performed. */
  | { readonly kind: 'not-recorded' }

export interface Step {
  readonly phase: Phase
  readonly effect: Effect
}

/** Effects that lead towards users: each needs its ledger entry acknowledged before it is performed. */
export function isForward(effect: Effect): boolean {
  switch (effect.kind) {
    case 'upload':
    case 'deploy-fully':
      return true
    case 'write-split':
      return effect.direction === 'forward'
    case 'read-production':
    case 'run-checks':
    case 'soak':
    case 'apply-triggers':
    case 'settle':
      return false
  }
}
