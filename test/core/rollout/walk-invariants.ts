import type { Policy, StagedPolicy } from '../../../src/core/policy.ts'
import type { Observation, Phase, Step } from '../../../src/core/rollout/state.ts'
import { BASELINE, CANDIDATE, OLDER, percentOf, type HostileWorld } from './hostile-world.ts'

// What must never be seen on any way through a hostile world, as sentences; empty when all is well.

export interface State {
  readonly step: Step
  readonly world: HostileWorld
}

/** Of a write that is about to be performed. */
export function wrongsOfEffect(policy: Policy, { step: { effect }, world }: State): string[] {
  if (effect.kind !== 'write-split') return []
  const wrongs: string[] = []
  const percent = percentOf(effect.split)
  if (effect.split.length === 2 && effect.split[0]?.versionId !== CANDIDATE) wrongs.push('the candidate is not the first of a split')
  if (world.lastRead === 'none') wrongs.push('a write without a reading before it')
  if (effect.direction === 'back') return wrongs
  if (world.stoppedAtLastRead) wrongs.push('a forward write although a hold or a freeze was read')
  if (world.lastRead === 'stranger') wrongs.push('a forward write over a stranger')
  if (world.accepted !== 'none' && world.accepted.split === JSON.stringify(effect.split) && world.accepted.readings <= policy.tries.read) wrongs.push('a second write of what was accepted, before it can have been read back as absent')
  if (percent === 0) return wrongs
  if (world.lastCheck !== 'healthy' && percent > world.mostPercent) wrongs.push('more users before a healthy check with fewer')
  if (policy.plan === 'staged' && percent > world.mostPercent) wrongs.push(...wrongsOfStep(policy, percent, world))
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

/** Of a look that leaves no choice. */
export function wrongsOfLook(policy: Policy, phase: Phase, { seen, after }: { readonly seen: Observation; readonly after: Phase }): string[] {
  if (phase.kind !== 'soaking' || seen.kind !== 'soaked' || policy.plan !== 'staged') return []
  const goesBack = after.kind === 'reading' && after.goal.kind === 'restore'
  const isBelow = phase.percent < 100
  const isPaused = seen.steering === 'pause' || (phase.soak.paused && seen.steering !== 'resume')
  const wrongs: string[] = []
  if ((seen.advice === 'restore' || seen.steering === 'abort') && !goesBack) wrongs.push('stays although harm is proven, or after an abort')
  if (isBelow && seen.isOverdue && !goesBack) wrongs.push('stays after the deadline')
  if (isBelow && policy.ramp.whenInconclusive === 'rollback' && seen.advice === 'undecided' && !isPaused && seen.steering !== 'promote' && !goesBack) wrongs.push('stays undecided, and the policy is to go back')
  if (!isBelow && seen.advice !== 'restore' && seen.steering !== 'abort' && goesBack) wrongs.push('goes back from the watch without harm')
  return wrongs
}

/** Of an end, and what is live then. */
export function wrongsOfEnding({ step: { phase }, world }: State): string[] {
  if (phase.kind !== 'settled') return []
  const live = world.history[0]
  const isOnly = (id: string) => live?.split.length === 1 && live.split[0]?.versionId === id
  const isDisturbed = world.foreignSinceRead
  switch (phase.ending.kind) {
    case 'promoted':
      if (!isOnly(CANDIDATE) && !isDisturbed) return ['promoted, but the candidate is not alone']
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
