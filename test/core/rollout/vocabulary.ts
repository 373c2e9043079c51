import type { Cause, Ending, StrandedReason } from '../../../src/core/ending.ts'
import type { Marker } from '../../../src/core/marker.ts'
import type { FullPolicy, PolicyStep, Ramp, RollbackPolicy, StagedPolicy } from '../../../src/core/policy.ts'
import type { ObservedDeployment, Split } from '../../../src/core/production.ts'
import type { Advice } from '../../../src/core/analysis/advice.ts'
import type { CheckVerdict, Effect, Goal, Observation, Phase, PhaseOf, RoundsLeft, Soak, Subject } from '../../../src/core/rollout/state.ts'
import type { Steering } from '../../../src/core/steering.ts'
import { deploymentIdSchema, versionIdSchema } from '../../../src/core/schemas.ts'

// The words that the tables of the machine are written in: policies, goals, phases, what is seen, effects.

const version = (digit: string) => versionIdSchema.parse(`${digit.repeat(8)}-0000-4000-8000-000000000000`)
export const CANDIDATE = version('c')
export const BASELINE = version('b')
export const TARGET = version('a')
export const STRANGE = version('d')

/** All different, so that no budget can be taken for another. */
const tries = { upload: 3, read: 4, write: 5, check: 4, incident: 2, reassert: 6 }
const deployment = (digit: string) => deploymentIdSchema.parse(`${digit.repeat(8)}-0000-4000-8000-000000000000`)
const ANCHOR = deployment('0')
const DEPLOY: Marker = { command: 'deploy', runId: 1, runAttempt: 1 }
const ROLLBACK: Marker = { command: 'rollback', runId: 1, runAttempt: 1 }

const step = (percent: number, more: Partial<PolicyStep> = {}): PolicyStep => ({ percent, soakSeconds: 0, leastRequests: 0, approval: false, ...more })
const ramp = (...steps: PolicyStep[]): Ramp => ({ steps, pollSeconds: 15, deadlineSeconds: 61, whenInconclusive: 'hold' })

export const staged: StagedPolicy = {
  plan: 'staged', marker: DEPLOY, tries, anchor: ANCHOR, baseline: BASELINE, ramp: ramp(step(10), step(50), step(100)), applyTriggers: false,
}
/** Every step is watched, and so is the candidate alone. */
export const soaking: StagedPolicy = { ...staged, ramp: ramp(...[10, 50, 100].map((percent) => step(percent, { soakSeconds: 60 }))) }
export const soakingThen = (whenInconclusive: Ramp['whenInconclusive']): StagedPolicy => ({ ...soaking, ramp: { ...soaking.ramp, whenInconclusive } })
/** A person must approve the first step, and the last one. */
export const approving: StagedPolicy = { ...staged, ramp: ramp(step(10, { approval: true }), step(50, { soakSeconds: 60 }), step(100, { approval: true })) }
export const byHand: RollbackPolicy = {
  plan: 'rollback', marker: ROLLBACK, tries, anchor: ANCHOR, target: TARGET, watchReadings: 2, watchIntervalSeconds: 7, force: true,
}
export const fully: FullPolicy = { plan: 'full', marker: DEPLOY, tries, anchor: ANCHOR, baseline: BASELINE }

// Splits: who gets how much.
const all = (versionId: typeof CANDIDATE): Split => [{ versionId, percentage: 100 }]
/** The candidate at `percent`, the baseline at the rest. */
export const at = (percent: number): Split =>
  percent === 100
    ? all(CANDIDATE)
    : [{ versionId: CANDIDATE, percentage: percent }, { versionId: BASELINE, percentage: Math.round((100 - percent) * 100) / 100 }]
export const atBaseline = all(BASELINE)
export const atTarget = all(TARGET)
export const atStrange = all(STRANGE)

// Goals.
export const raise = (percent: number): Goal => ({ kind: 'raise', percent, candidate: CANDIDATE })
/** Users may have met the candidate. */
export const restoreExposed = (cause: Cause): Goal => ({ kind: 'restore', cause, exposed: true })
/** No user has met the candidate. */
export const restoreUnexposed = (cause: Cause): Goal => ({ kind: 'restore', cause, exposed: false })
export const rollBack = (left: { readingsLeft?: number; reassertsLeft?: number } = {}): Goal => ({
  kind: 'roll-back', readingsLeft: byHand.watchReadings, reassertsLeft: tries.reassert, ...left,
})
export const putBack = (to: 'rollback' | 'foreign'): Goal => ({ kind: 'put-back', split: [...atStrange], to })

// Subjects of checks.
export const candidate = (percent: number): Subject => ({ kind: 'candidate', candidate: CANDIDATE, percent })
export const baselineExposed = (cause: Cause): Subject => ({ kind: 'baseline', cause, exposed: true })
export const baselineUnexposed = (cause: Cause): Subject => ({ kind: 'baseline', cause, exposed: false })
export const target = (left: { readingsLeft?: number; reassertsLeft?: number } = {}): Subject => ({
  kind: 'target', readingsLeft: byHand.watchReadings, reassertsLeft: tries.reassert, ...left,
})
export const fullDeploy: Subject = { kind: 'full-deploy', candidate: CANDIDATE }

/** Checked once more after its soak, before the next step. */
export const soaked = (percent: number): Subject => ({ kind: 'candidate', candidate: CANDIDATE, percent, soaked: true })
export const raiseSoaked = (percent: number): Goal => ({ kind: 'raise', percent, candidate: CANDIDATE, soaked: true })

// Phases; what a row does not name is a fresh budget.
type Shift = Partial<Omit<PhaseOf<'reading'>, 'kind' | 'goal'>>
export const uploading = (triesLeft: number): Phase => ({ kind: 'uploading', triesLeft })
export const reading = (goal: Goal, left: Shift = {}): Phase => ({
  kind: 'reading', goal, lastWrite: 'none', readsLeft: tries.read, writesLeft: tries.write, ...left,
})
/** The write under way has been taken from the budget. */
export const writing = (goal: Goal, left: Shift = {}): Phase => ({
  kind: 'writing', goal, lastWrite: 'none', readsLeft: tries.read, writesLeft: tries.write - 1, ...left,
})
export const rounds = (left: Partial<RoundsLeft> = {}): RoundsLeft => ({ unknown: tries.check - 1, incident: tries.incident, ...left })
export const checking = (subject: Subject, left: Partial<RoundsLeft> = {}): Phase => ({ kind: 'checking', subject, roundsLeft: rounds(left) })
/** Five looks of 15 s are more than 61 s. */
export const watched = (left: Partial<Soak> = {}): Soak => ({ pollsLeft: 5, paused: false, approved: false, ...left })
/** At 100 % the looks are those of the watch: 60 s of soak, and the longest lag of 900 s. */
export const soakingAt = (percent: number, left: Partial<Soak> = {}): Phase => ({ kind: 'soaking', candidate: CANDIDATE, percent, soak: watched({ ...(percent === 100 ? { pollsLeft: 64 } : {}), ...left }) })
/** A shift in the midst of a soak. */
export const amidSoak = (left: Partial<Soak> = {}) => ({ lastWrite: 'accepted', soak: watched(left) }) as const
export const applyingTriggers: Phase = { kind: 'applying-triggers', candidate: CANDIDATE }
export const deployingFully: Phase = { kind: 'deploying-fully' }
export const inspecting = (cause: Cause, readsLeft: number = tries.read): Phase => ({ kind: 'inspecting', cause, readsLeft })
export const watching = (left: { readingsLeft?: number; reassertsLeft?: number; readsLeft?: number } = {}): Phase => ({
  kind: 'watching', readingsLeft: byHand.watchReadings, reassertsLeft: tries.reassert, readsLeft: tries.read, ...left,
})
export const settled = (ending: Ending): Phase => ({ kind: 'settled', ending })

// What is seen.
export const uploaded: Observation = { kind: 'uploaded', candidate: CANDIDATE }
export const uploadFailed: Observation = { kind: 'upload-failed', retriable: true }
export const uploadFailedForGood: Observation = { kind: 'upload-failed', retriable: false }
export const notRecorded: Observation = { kind: 'not-recorded' }
export const unreadable: Observation = { kind: 'unreadable' }
export const accepted: Observation = { kind: 'write-answered', answer: 'accepted' }
export const rejected: Observation = { kind: 'write-answered', answer: 'rejected' }
export const unanswered: Observation = { kind: 'write-answered', answer: 'unanswered' }
export const throttled = (retryAfterSeconds: number): Observation => ({ kind: 'write-answered', answer: 'unanswered', retryAfterSeconds })
export const checked = (verdict: CheckVerdict): Observation => ({ kind: 'checked', verdict })
export const advised = (advice: Advice, more: { isOverdue?: boolean; steering?: Steering } = {}): Observation => ({ kind: 'soaked', advice, isOverdue: false, ...more })
export const triggers = (applied: boolean): Observation => ({ kind: 'triggers', applied })
export const deployedFully: Observation = { kind: 'deployed-fully', candidate: CANDIDATE }
export const fullDeployFailed: Observation = { kind: 'full-deploy-failed' }

/** Entries of Cloudflare's history; the rollout began on `anchored`. */
const entry = (digit: string, split: Split, marker?: Marker): ObservedDeployment => ({
  id: deployment(digit), split, createdOn: '2026-01-01T00:00:00Z', source: 'api', ...(marker === undefined ? {} : { marker }),
})
const anchored = entry('0', atBaseline)
export const ours = (split: Split) => entry('1', split, DEPLOY)
export const oursByHand = (split: Split) => entry('2', split, ROLLBACK)
export const stranger = (split: Split = atStrange) => entry('3', split)
export const anotherRollback = (split: Split = atStrange) => entry('4', split, { ...ROLLBACK, runId: 9 })
export const anotherDeploy = (split: Split = atStrange) => entry('5', split, { ...DEPLOY, runId: 9 })

/** Production as it is read: what lies above the anchor, newest first. */
export const live = (...above: ObservedDeployment[]): Observation => ({ kind: 'production', history: [...above, anchored] })
/** The same, while a person holds deploys. */
export const held = (...above: ObservedDeployment[]): Observation => ({ kind: 'production', history: [...above, anchored], stop: 'held' })
/** The same, in a freeze, after the deadline, when a person has said abort, or pause. */
export const frozen = (...above: ObservedDeployment[]): Observation => ({ kind: 'production', history: [...above, anchored], stop: 'frozen' })
export const overdue = (...above: ObservedDeployment[]): Observation => ({ kind: 'production', history: [...above, anchored], stop: 'deadline' })
export const aborted = (...above: ObservedDeployment[]): Observation => ({ kind: 'production', history: [...above, anchored], stop: 'aborted' })
export const paused = (...above: ObservedDeployment[]): Observation => ({ kind: 'production', history: [...above, anchored], isPaused: true })
export const nothingLive: Observation = { kind: 'production', history: [] }

// Effects.
export const upload = (afterSeconds: number): Effect => ({ kind: 'upload', afterSeconds })
export const readIn = (afterSeconds: number): Effect => ({ kind: 'read-production', afterSeconds, stopsMatter: false, commandsMatter: false })
/** Forward, holds and freezes are asked for as well. */
export const readWithHoldIn = (afterSeconds: number): Effect => ({ kind: 'read-production', afterSeconds, stopsMatter: true, commandsMatter: false })
/** Before more users get the candidate, people are listened to as well. */
export const readListeningIn = (afterSeconds: number): Effect => ({ kind: 'read-production', afterSeconds, stopsMatter: true, commandsMatter: true })
export const writeForward = (split: Split): Effect => ({ kind: 'write-split', split, direction: 'forward', force: false })
export const writeBack = (split: Split, force = true): Effect => ({ kind: 'write-split', split, direction: 'back', force })
export const runChecks = (subject: Subject, afterSeconds = 0): Effect => ({ kind: 'run-checks', subject, afterSeconds })
export const soak = (percent: number, said: { isPaused?: boolean; isApproved?: boolean } = {}): Effect => ({ kind: 'soak', candidate: CANDIDATE, percent, isPaused: false, isApproved: false, ...said })
export const applyTriggers: Effect = { kind: 'apply-triggers' }
export const deployFully: Effect = { kind: 'deploy-fully' }

// Endings.
export const promoted: Ending = { kind: 'promoted' }
export const refused = (reason: Cause): Ending => ({ kind: 'refused', reason })
export const rolledBack = (cause: Cause | 'by-hand'): Ending => ({ kind: 'rolled-back', cause })
export const yielded = (to: 'rollback' | 'foreign'): Ending => ({ kind: 'yielded', to })
export const stranded = (reason: StrandedReason): Ending => ({ kind: 'stranded', reason })
/** The last two cells of a row that ends the rollout. */
export const settles = (ending: Ending): readonly [Phase, Effect] => [settled(ending), { kind: 'settle', ending }]

/** A shift in the midst of checks that have decided nothing so far, with the rounds that are left. */
export const undecided = (left: Parameters<typeof rounds>[0]) => ({ lastWrite: 'accepted', again: rounds(left) }) as const
