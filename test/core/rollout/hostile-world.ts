import { DEFAULT_TRIES, type FullPolicy, type Policy, type PolicyStep, type Ramp, type RollbackPolicy, type StagedPolicy } from '../../../src/core/policy.ts'
import type { Stop } from '../../../src/core/ending.ts'
import type { Advice } from '../../../src/core/analysis/advice.ts'
import type { Marker } from '../../../src/core/marker.ts'
import type { ObservedDeployment, Split } from '../../../src/core/production.ts'
import type { Effect, Halt, Observation } from '../../../src/core/rollout/state.ts'
import { steeringSchema, type Steering } from '../../../src/core/steering.ts'
import { deploymentIdSchema, versionIdSchema } from '../../../src/core/schemas.ts'

const version = (digit: string) => versionIdSchema.parse(`${digit.repeat(8)}-0000-4000-8000-000000000000`)
export const BASELINE = version('b')
export const CANDIDATE = version('c')
export const STRANGER = version('d')
export const OLDER = version('a')
export const ANCHOR = deploymentIdSchema.parse('00000000-0000-4000-8000-000000000000')
export const OURS: Marker = { command: 'deploy', runId: 1, runAttempt: 1 }

const tries = { ...DEFAULT_TRIES, upload: 2, read: 2, write: 2, check: 2, incident: 1, reassert: 1 }
export const step = (percent: number, soakSeconds: number, approval = false): PolicyStep => ({ percent, soakSeconds, leastRequests: 0, approval })
export const staged = (percents: number[]): StagedPolicy => inSteps(percents.map((percent) => step(percent, 0)))

interface Ways {
  readonly applyTriggers?: boolean
  readonly whenInconclusive?: Ramp['whenInconclusive']
}

export const inSteps = (steps: PolicyStep[], { applyTriggers = false, whenInconclusive = 'hold' }: Ways = {}): StagedPolicy => ({
  plan: 'staged',
  marker: OURS,
  tries,
  anchor: ANCHOR,
  baseline: BASELINE,
  // Two looks a step, the watch included: one that decides nothing, and one that must.
  ramp: { steps, pollSeconds: 1000, deadlineSeconds: 1000, whenInconclusive },
  applyTriggers,
})
export const fully = (): FullPolicy => ({ plan: 'full', marker: OURS, tries, anchor: ANCHOR, baseline: BASELINE })
export const byHand = (): RollbackPolicy => ({
  plan: 'rollback',
  marker: { ...OURS, command: 'rollback' },
  tries,
  anchor: ANCHOR,
  target: OLDER,
  watchReadings: 2,
  watchIntervalSeconds: 1,
  force: true,
})

/** Who made a deployment, as far as the invariants care. */
type Author = 'anchor' | 'us' | 'stranger' | 'rollback' | 'other-deploy'

interface Entry {
  readonly by: Author
  readonly split: Split
}

/** Production as it really is, and how much malice is left. Plain data: states are compared by their JSON. */
export interface HostileWorld {
  /** Newest first. */
  readonly history: readonly Entry[]
  readonly stop: Stop | 'none'
  readonly foreignLeft: number
  readonly cutsLeft: number
  readonly stopsLeft: number
  /** Commands that people may still give. */
  readonly steeringsLeft: number
  /** Readings that may still show what was before our last write. */
  readonly staleLeft: number
  /** Whether the deadline may still pass, has passed, or has passed and the rollout was told. */
  readonly deadline: 'never' | 'to-come' | 'passed'
  readonly toldOverdue: boolean
  /** Nobody has read since our last write; only the first reading may be late. */
  readonly isUnread: boolean
  /** The split that Cloudflare accepted last on the way forward, and the readings since then that did not show it. */
  readonly accepted: { readonly split: string; readonly readings: number } | 'none'
  /** What the last look at a soak came to, and what people have said at this step. */
  readonly lastAdvice: Advice | 'none'
  readonly paused: boolean
  readonly approved: boolean
  readonly pushed: boolean
  readonly aborted: boolean
  readonly lastCheck: 'none' | 'healthy' | 'regressed' | 'unknown' | 'shared-incident'
  /** What the last truthful reading showed on top, if nothing has been written since. */
  readonly lastRead: 'none' | Author
  readonly stoppedAtLastRead: boolean
  /** The largest share that the candidate ever had. */
  readonly mostPercent: number
  readonly areTriggersApplied: boolean
  readonly foreignSinceRead: boolean
}

export interface Malice {
  readonly foreign: number
  readonly cuts: number
  readonly stops: number
  readonly steerings?: number
  readonly stale?: number
  readonly deadline?: boolean
}

const UNSTEERED = { lastAdvice: 'none', paused: false, approved: false, pushed: false, aborted: false } as const

export const peaceful = (malice: Malice): HostileWorld => ({
  ...UNSTEERED,
  steeringsLeft: malice.steerings ?? 0,
  staleLeft: malice.stale ?? 0,
  deadline: malice.deadline === true ? 'to-come' : 'never',
  toldOverdue: false,
  isUnread: false,
  accepted: 'none',
  history: [{ by: 'anchor', split: [{ versionId: BASELINE, percentage: 100 }] }],
  stop: 'none',
  foreignLeft: malice.foreign,
  cutsLeft: malice.cuts,
  stopsLeft: malice.stops,
  lastCheck: 'none',
  lastRead: 'none',
  stoppedAtLastRead: false,
  mostPercent: 0,
  areTriggersApplied: false,
  foreignSinceRead: false,
})

/** The candidate's share. */
export const percentOf = (split: Split) => split.find((share) => share.versionId === CANDIDATE)?.percentage ?? 0

export interface Answered {
  readonly world: HostileWorld
  readonly seen: Observation
}

/** Everything that may come back for an effect: worked, refused, failed, failed but applied, unknown. */
export function answersTo(policy: Policy, effect: Effect, world: HostileWorld): Answered[] {
  switch (effect.kind) {
    case 'upload':
      return [
        { world, seen: { kind: 'uploaded', candidate: CANDIDATE } },
        { world, seen: { kind: 'upload-failed', retriable: true } },
        { world, seen: { kind: 'upload-failed', retriable: false } },
        { world, seen: { kind: 'not-recorded' } },
      ]
    case 'read-production':
      return answersToRead(policy, effect, world)
    case 'write-split':
      return answersToWrite(effect, world)
    case 'run-checks':
      return (['healthy', 'regressed', 'unknown', 'shared-incident'] as const).map((verdict) => ({
        world: { ...world, lastCheck: verdict },
        seen: { kind: 'checked', verdict },
      }))
    case 'soak':
      return answersToSoak(effect, world)
    case 'apply-triggers':
      return [true, false].map((applied) => ({ world: { ...world, areTriggersApplied: applied }, seen: { kind: 'triggers', applied } }))
    case 'deploy-fully':
      return answersToFullDeploy(world)
    case 'settle':
      return []
  }
}

function answersToRead(policy: Policy, { stopsMatter, commandsMatter }: Extract<Effect, { kind: 'read-production' }>, world: HostileWorld): Answered[] {
  const isOverdue = stopsMatter && world.deadline === 'passed'
  const stop: Halt | 'none' = !stopsMatter ? 'none' : isOverdue ? 'deadline' : world.stop
  const read = (history: readonly Entry[]): HostileWorld => ({
    ...world,
    ...counted(world, history[0]?.split),
    lastRead: history[0]?.by ?? 'none',
    stoppedAtLastRead: stop === 'held' || stop === 'frozen',
    toldOverdue: world.toldOverdue || isOverdue,
    isUnread: false,
  })
  const fresh: HostileWorld = { ...read(world.history), foreignSinceRead: false }
  const seen = { kind: 'production', history: asHistory(policy, world.history), ...(stop === 'none' ? {} : { stop }) } as const
  const answers: Answered[] = [{ world: fresh, seen }, { world: { ...world, ...counted(world, undefined), isUnread: false }, seen: { kind: 'unreadable' } }]
  if (world.staleLeft > 0 && world.isUnread) {
    const before = world.history.slice(1)
    answers.push({ world: { ...read(before), staleLeft: world.staleLeft - 1 }, seen: { ...seen, history: asHistory(policy, before) } })
  }
  if (commandsMatter && stop === 'none' && world.steeringsLeft > 0) {
    answers.push({ world: afterSteering(fresh, 'abort'), seen: { ...seen, stop: 'aborted' } }, { world: afterSteering(fresh, 'pause'), seen: { ...seen, isPaused: true } })
  }
  return answers
}

/** A reading that does not show what was accepted is counted; one that does has read it back. */
function counted({ accepted }: HostileWorld, shown: Split | undefined): Pick<HostileWorld, 'accepted'> {
  if (accepted === 'none' || JSON.stringify(shown) === accepted.split) return { accepted: 'none' }
  return { accepted: { ...accepted, readings: Math.min(accepted.readings + 1, tries.read + 1) } }
}

function answersToWrite(effect: Extract<Effect, { kind: 'write-split' }>, world: HostileWorld): Answered[] {
  // Another share is another step: what was said and found before does not count there.
  const isSame = JSON.stringify(world.history[0]?.split) === JSON.stringify(effect.split)
  const applied: HostileWorld = {
    ...world,
    history: withEntry(world.history, { by: 'us', split: effect.split }),
    mostPercent: Math.max(world.mostPercent, percentOf(effect.split)),
    isUnread: true,
    lastRead: 'none',
    lastCheck: 'none',
    ...(isSame ? {} : UNSTEERED),
  }
  const spent: HostileWorld = { ...world, lastRead: 'none' }
  const accepted: Pick<HostileWorld, 'accepted'> = { accepted: effect.direction === 'forward' ? { split: JSON.stringify(effect.split), readings: 0 } : 'none' }
  const answers: Answered[] = [
    { world: { ...applied, ...accepted }, seen: { kind: 'write-answered', answer: 'accepted' } },
    { world: applied, seen: { kind: 'write-answered', answer: 'unanswered' } },
    { world: spent, seen: { kind: 'write-answered', answer: 'unanswered' } },
    { world: spent, seen: { kind: 'write-answered', answer: 'rejected' } },
    // Cloudflare says yes and nothing happens: the reason why only a reading counts.
    { world: { ...spent, ...accepted }, seen: { kind: 'write-answered', answer: 'accepted' } },
  ]
  return effect.direction === 'forward' ? [...answers, { world, seen: { kind: 'not-recorded' } }] : answers
}

/** Any advice, at any time, with any command that a person has left. */
function answersToSoak({ percent }: Extract<Effect, { kind: 'soak' }>, world: HostileWorld): Answered[] {
  const steerings = world.steeringsLeft === 0 ? [undefined] : [undefined, ...steeringSchema.options]
  const isOverdue = world.deadline === 'passed'
  // A soak is long: below 100 % what was checked before it does not count after it.
  const soaked: HostileWorld = { ...world, toldOverdue: world.toldOverdue || isOverdue, ...(percent < 100 ? { lastCheck: 'none' } : {}) }
  return ADVICES.flatMap((advice) =>
    steerings.map((steering): Answered => ({
      world: afterSteering({ ...soaked, lastAdvice: advice }, steering),
      seen: { kind: 'soaked', advice, isOverdue, ...(steering === undefined ? {} : { steering }) },
    })),
  )
}

const ADVICES = ['restore', 'advance', 'wait', 'undecided', 'hold'] as const satisfies readonly Advice[]

function afterSteering(world: HostileWorld, steering: Steering | undefined): HostileWorld {
  if (steering === undefined) return world
  const said = { ...world, steeringsLeft: world.steeringsLeft - 1 }
  switch (steering) {
    case 'pause':
      return { ...said, paused: true, pushed: false }
    case 'resume':
      return { ...said, paused: false }
    case 'approve':
      return { ...said, approved: true }
    case 'promote':
      return { ...said, pushed: true, approved: true }
    case 'abort':
      return { ...said, aborted: true }
  }
}

/** wrangler deploys by itself: it may fail before it wrote, or after. */
function answersToFullDeploy(world: HostileWorld): Answered[] {
  const deployed: HostileWorld = {
    ...world,
    history: withEntry(world.history, { by: 'us', split: [{ versionId: CANDIDATE, percentage: 100 }] }),
    mostPercent: 100,
    lastCheck: 'none',
  }
  return [
    { world: deployed, seen: { kind: 'deployed-fully', candidate: CANDIDATE } },
    { world: deployed, seen: { kind: 'full-deploy-failed' } },
    { world, seen: { kind: 'full-deploy-failed' } },
    { world, seen: { kind: 'not-recorded' } },
    { world, seen: { kind: 'stopped', stop: 'frozen' } },
  ]
}

/** What others may do between two of our effects. */
export function meddle(world: HostileWorld): HostileWorld[] {
  const others: HostileWorld[] = []
  if (world.foreignLeft > 0) {
    for (const [by, versionId] of [['stranger', STRANGER], ['rollback', OLDER], ['other-deploy', STRANGER]] as const) {
      const history = withEntry(world.history, { by, split: [{ versionId, percentage: 100 }] })
      others.push({ ...world, history, foreignLeft: world.foreignLeft - 1, foreignSinceRead: true })
    }
  }
  if (world.stopsLeft > 0 && world.stop === 'none') {
    for (const stop of ['held', 'frozen'] as const) others.push({ ...world, stop, stopsLeft: world.stopsLeft - 1 })
  }
  if (world.deadline === 'to-come') others.push({ ...world, deadline: 'passed' })
  return others
}

/** Equal neighbours are one entry, which keeps the number of worlds finite. */
function withEntry(history: readonly Entry[], entry: Entry): Entry[] {
  const top = history[0]
  const repeats = top !== undefined && top.by === entry.by && JSON.stringify(top.split) === JSON.stringify(entry.split)
  return repeats ? [...history] : [entry, ...history]
}

function asHistory(policy: Policy, history: readonly Entry[]): ObservedDeployment[] {
  return history.map((entry, index) => {
    const age = history.length - 1 - index
    const marker = markerOf(policy, entry.by)
    return {
      id: entry.by === 'anchor' ? ANCHOR : deploymentIdSchema.parse(`00000000-0000-4000-8000-${String(age).padStart(12, '0')}`),
      split: entry.split,
      createdOn: `2026-01-01T00:00:${String(age).padStart(2, '0')}Z`,
      source: 'api',
      ...(marker === undefined ? {} : { marker }),
    }
  })
}

function markerOf(policy: Policy, by: Author): Marker | undefined {
  switch (by) {
    case 'us':
      return policy.marker
    case 'rollback':
      return { command: 'rollback', runId: 2, runAttempt: 1 }
    case 'other-deploy':
      return { command: 'deploy', runId: 3, runAttempt: 1 }
    case 'anchor':
    case 'stranger':
      return undefined
  }
}
