import type { Policy, StagedPolicy } from '../../../src/core/policy.ts'
import type { Split } from '../../../src/core/production.ts'
import type { Effect, Observation, Phase, PhaseOf, Step } from '../../../src/core/rollout/state.ts'
import { BASELINE, CANDIDATE, OLDER, percentOf, type HostileWorld } from './hostile-world.ts'

// What must never be seen on any way through a hostile world, as sentences; empty when all is well.

export interface State {
  readonly step: Step
  readonly world: HostileWorld
}

/** Of what is about to be performed. */
export function wrongsOfEffect(policy: Policy, { step: { phase, effect }, world }: State): string[] {
  const isUnexposed = 'goal' in phase && phase.goal.kind === 'restore' && !phase.goal.exposed
  const wrongs = isUnexposed && world.mostPercent > 0 ? ['says that nobody was exposed, and users met the candidate'] : []
  if (effect.kind === 'write-split') return [...wrongs, ...wrongsOfWrite(policy, effect, world), ...(effect.direction === 'forward' ? wrongsOfRise(policy, effect.split, world) : [])]
  if (effect.kind !== 'run-checks' || phase.kind !== 'checking' || effect.subject.kind !== 'candidate') return wrongs
  const isRepeated = phase.roundsLeft.unknown < policy.tries.check - 1 || phase.roundsLeft.incident < policy.tries.incident
  return isRepeated && world.stoppedAtLastRead ? [...wrongs, 'repeats its checks although it was stopped'] : wrongs
}

/** What every write must heed, whichever way it leads. */
function wrongsOfWrite(policy: Policy, { split, direction, force }: Extract<Effect, { kind: 'write-split' }>, world: HostileWorld): string[] {
  const wrongs: string[] = []
  if (split.length === 2 && split[0]?.versionId !== CANDIDATE) wrongs.push('the candidate is not the first of a split')
  if (world.lastRead === 'none') wrongs.push('a write without a reading before it')
  // A rollback outranks deploys, and nobody else; a deploy outranks nobody.
  const outranked = policy.plan === 'rollback' ? ['stranger', 'rollback'] : ['stranger', 'rollback', 'other-deploy']
  if (outranked.includes(world.lastRead)) wrongs.push('a write over somebody else')
  if (policy.plan === 'staged' && force !== (direction === 'back')) wrongs.push('a way back that is not forced, or a step that is')
  const others = world.history.find(({ by }) => by !== 'us')
  const isPutBack = JSON.stringify(split) === JSON.stringify(others?.split)
  if (policy.plan === 'staged' && world.lastRead === 'us' && !world.foreignSinceRead && others?.by !== 'anchor' && !isPutBack) wrongs.push('keeps what it wrote over somebody')
  return wrongs
}

function wrongsOfRise(policy: Policy, split: Split, world: HostileWorld): string[] {
  const wrongs: string[] = []
  const percent = percentOf(split)
  if (world.stoppedAtLastRead) wrongs.push('a forward write although a hold or a freeze was read')
  if (world.accepted !== 'none' && world.accepted.split === JSON.stringify(split) && world.accepted.readings <= policy.tries.read) wrongs.push('a second write of what was accepted, before it can have been read back as absent')
  if (percent <= world.mostPercent) return wrongs
  if (world.lastCheck !== 'healthy') wrongs.push('more users before a healthy check with fewer')
  if (policy.plan === 'staged') wrongs.push(...wrongsOfStep(policy, percent, world))
  return wrongs
}

/** The candidate is about to get more: what the step before it, its people and the one to come want. */
function wrongsOfStep({ ramp }: StagedPolicy, percent: number, world: HostileWorld): string[] {
  const wrongs: string[] = []
  const place = ramp.steps.findIndex((step) => step.percent === percent)
  const isWatched = (ramp.steps[place - 1]?.soakSeconds ?? 0) > 0
  const enough: readonly string[] = ramp.whenInconclusive === 'promote' ? ['advance', 'undecided'] : ['advance']
  if (world.mostPercent !== (ramp.steps[place - 1]?.percent ?? 0)) wrongs.push('a step is left out')
  if (world.toldOverdue) wrongs.push('more users after the deadline')
  if (world.lastAdvice === 'restore') wrongs.push('more users although harm was proven')
  if (world.aborted) wrongs.push('more users after an abort')
  if (isWatched && !world.pushed && !enough.includes(world.lastAdvice)) wrongs.push('more users before the soak was decided')
  if (world.paused && !world.pushed) wrongs.push('more users during a pause')
  if (ramp.steps[place]?.approval === true && !world.approved && !world.pushed) wrongs.push('more users without the approval')
  return wrongs
}

interface Look {
  readonly seen: Observation
  /** What follows. */
  readonly after: Phase
}

/** Of a look that leaves no choice. */
export function wrongsOfLook(policy: Policy, phase: Phase, { seen, after }: Look): string[] {
  if (phase.kind !== 'soaking' || seen.kind !== 'soaked' || policy.plan !== 'staged') return []
  const goesBack = after.kind === 'reading' && after.goal.kind === 'restore'
  const isEnough = seen.advice === 'advance' || (seen.advice === 'undecided' && (phase.percent === 100 || policy.ramp.whenInconclusive === 'promote'))
  if (seen.advice === 'restore' || seen.steering === 'abort') return goesBack ? [] : ['stays although harm is proven, or after an abort']
  if (phase.percent < 100) return wrongsBelow(policy, phase, { seen, after, goesBack, isEnough })
  const ends = after.kind === 'settled' || after.kind === 'applying-triggers'
  if (goesBack) return ['goes back from the watch without harm']
  return ends === (isEnough || phase.soak.pollsLeft === 0) ? [] : ['ends the watch too early, or not at all']
}

/** The same below 100 %, without harm and without an abort. */
function wrongsBelow({ ramp }: StagedPolicy, { soak, percent }: PhaseOf<'soaking'>, { seen, after, goesBack, isEnough }: Look & { readonly goesBack: boolean; readonly isEnough: boolean }): string[] {
  if (seen.kind !== 'soaked') return []
  if (seen.isOverdue) return goesBack ? [] : ['stays after the deadline']
  const isPaused = seen.steering === 'pause' || (soak.paused && seen.steering !== 'resume')
  const isAwaited = ramp.steps.find((step) => step.percent > percent)?.approval === true && !soak.approved && seen.steering !== 'approve'
  const goesOn = seen.steering === 'promote' || (isEnough && !isPaused && !isAwaited)
  if (goesOn) return after.kind === 'checking' ? [] : ['stays although it may go on']
  if (after.kind === 'checking') return ['goes on although it may not']
  const mustGoBack = ramp.whenInconclusive === 'rollback' && seen.advice === 'undecided' && !isPaused
  if (goesBack !== (mustGoBack || soak.pollsLeft === 0)) return ['goes back too early, or not at all']
  const left = after.kind === 'reading' ? after.soak : undefined
  return goesBack || left?.paused === isPaused ? [] : ['forgets a pause']
}

/** Of an end, and what is live then. */
export function wrongsOfEnding(policy: Policy, { step: { phase }, world }: State): string[] {
  if (phase.kind !== 'settled') return []
  const live = world.history[0]
  const isOnly = (id: string) => live?.split.length === 1 && live.split[0]?.versionId === id
  const isDisturbed = world.foreignSinceRead
  switch (phase.ending.kind) {
    case 'promoted':
      if (!isOnly(CANDIDATE) && !isDisturbed) return ['promoted, but the candidate is not alone']
      if (policy.plan === 'staged' && policy.applyTriggers !== world.areTriggersApplied) return ['promoted without its triggers, or with triggers that nobody asked for']
      if (world.lastAdvice === 'restore' || world.aborted) return ['promoted although harm was proven, or after an abort']
      return world.lastCheck === 'healthy' ? [] : ['promoted without a healthy check of what is live']
    case 'rolled-back':
      if (!isOnly(BASELINE) && !isOnly(OLDER) && !isDisturbed) return ['rolled back, but the target is not alone']
      return world.lastCheck === 'healthy' ? [] : ['rolled back without a healthy check']
    case 'refused':
      if (world.mostPercent > 0) return ['refused, but users met the candidate']
      return isOnly(BASELINE) || isDisturbed ? [] : ['refused, but the baseline is not alone']
    case 'yielded':
      return live?.by === 'us' && !isDisturbed && isOnly(CANDIDATE) ? ['yielded, but the candidate is live'] : []
    case 'stranded':
      return []
  }
}
