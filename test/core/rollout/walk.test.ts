import { describe, expect, it } from 'vitest'
import { begin, next, resume } from '../../../src/core/rollout.ts'
import type { Policy, StagedPolicy } from '../../../src/core/policy.ts'
import type { Step } from '../../../src/core/rollout/state.ts'
import {
  answersTo,
  BASELINE,
  byHand,
  CANDIDATE,
  fully,
  inSteps,
  meddle,
  OLDER,
  peaceful,
  staged,
  type HostileWorld,
  type Malice,
} from './hostile-world.ts'

interface State {
  readonly step: Step
  readonly world: HostileWorld
}

/** What must never be seen, as sentences; empty when the edge is fine. */
function wrongsOfEffect(policy: Policy, { step: { effect }, world }: State): string[] {
  if (effect.kind !== 'write-split') return []
  const wrongs: string[] = []
  const percent = effect.split.find((share) => share.versionId === CANDIDATE)?.percentage ?? 0
  if (effect.direction === 'forward' && world.stoppedAtLastRead) wrongs.push('a forward write although a hold or a freeze was read')
  if (effect.direction === 'forward' && world.lastRead === 'stranger') wrongs.push('a forward write over a stranger')
  if (world.lastRead === 'none') wrongs.push('a write without a reading before it')
  if (effect.direction === 'forward' && percent > 0) {
    if (world.lastCheck !== 'healthy') wrongs.push('more users before a healthy check with fewer')
    if (policy.plan === 'staged') wrongs.push(...wrongsOfStep(policy, percent, world))
  }
  return wrongs
}

/** The candidate is about to get more: what the step before it, its people and the one to come want. */
function wrongsOfStep({ ramp }: StagedPolicy, percent: number, world: HostileWorld): string[] {
  const wrongs: string[] = []
  const place = ramp.steps.findIndex((step) => step.percent === percent)
  const isWatched = (ramp.steps[place - 1]?.soakSeconds ?? 0) > 0
  const enough: readonly string[] = ramp.whenInconclusive === 'promote' ? ['advance', 'undecided'] : ['advance']
  if (world.lastAdvice === 'restore') wrongs.push('more users although harm was proven')
  if (world.aborted) wrongs.push('more users after an abort')
  if (isWatched && !world.pushed && !enough.includes(world.lastAdvice)) wrongs.push('more users before the soak was decided')
  if (world.paused && !world.pushed) wrongs.push('more users during a pause')
  if (ramp.steps[place]?.approval === true && !world.approved && !world.pushed) wrongs.push('more users without the approval')
  return wrongs
}

function wrongsOfEnding({ step: { phase }, world }: State): string[] {
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
      if (world.exposed) return ['refused, but users met the candidate']
      return isOnly(BASELINE) || isDisturbed ? [] : ['refused, but the baseline is not alone']
    case 'yielded':
      return live?.by === 'us' && !isDisturbed && isOnly(CANDIDATE) ? ['yielded, but the candidate is live'] : []
    case 'stranded':
      return []
  }
}

interface Walk {
  readonly states: number
  readonly edges: number
  readonly endings: Map<string, number>
  /** Why a rollout went back. */
  readonly causes: readonly string[]
  readonly wrongs: string[]
  readonly hasCycle: boolean
}

function walk(policy: Policy, malice: Malice): Walk {
  const done = new Map<string, 'open' | 'closed'>()
  const endings = new Map<string, number>()
  const causes = new Set<string>()
  const wrongs = new Set<string>()
  let edges = 0
  let hasCycle = false
  const follow = (state: State, cutCause: 'cancelled' | 'run-died'): State[] => {
    const cut = { ...state.world, cutsLeft: state.world.cutsLeft - 1, lastRead: 'none', lastCheck: 'none' } as const
    const resumed = state.world.cutsLeft > 0 ? [{ step: resume(policy, state.step.phase, cutCause), world: cut }] : []
    const meddled = meddle(state.world).map((world) => ({ step: state.step, world }))
    const answered = answersTo(policy, state.step.effect, state.world).flatMap(({ world, seen }) => [
      { step: next(policy, state.step.phase, seen), world },
      // Killed after the effect was performed and before the next phase was saved.
      ...(world.cutsLeft > 0
        ? [{ step: resume(policy, state.step.phase, cutCause), world: { ...world, cutsLeft: world.cutsLeft - 1, lastRead: 'none', lastCheck: 'none' } as const }]
        : []),
    ])
    return [...answered, ...meddled, ...resumed]
  }
  const visit = (state: State): void => {
    const key = JSON.stringify(state)
    const seen = done.get(key)
    if (seen !== undefined) {
      hasCycle ||= seen === 'open'
      return
    }
    done.set(key, 'open')
    for (const wrong of [...wrongsOfEffect(policy, state), ...wrongsOfEnding(state)]) wrongs.add(`${wrong}: ${key}`)
    if (state.step.phase.kind === 'settled') {
      const { ending } = state.step.phase
      if (ending.kind === 'rolled-back') causes.add(ending.cause)
      endings.set(ending.kind, (endings.get(ending.kind) ?? 0) + 1)
    } else {
      for (const following of follow(state, 'cancelled')) {
        edges += 1
        visit(following)
      }
    }
    done.set(key, 'closed')
  }
  visit({ step: begin(policy), world: peaceful(malice) })
  return { states: done.size, edges, endings, causes: [...causes].toSorted(), wrongs: [...wrongs].slice(0, 5), hasCycle }
}

const malices = { foreign: 1, cuts: 1, stops: 1 }
const STEPS = [{ percent: 10, soakSeconds: 1, leastRequests: 0, approval: false }, { percent: 100, soakSeconds: 1, leastRequests: 0, approval: true }]

describe('the exhaustive walk over every answer of a hostile world', () => {
  it.each([
    ['a staged rollout', staged([100])],
    ['a staged rollout with triggers', staged([100], true)],
    ['a staged rollout in steps', staged([10, 100])],
    ['a rollback by hand', byHand()],
  ])('%s keeps every invariant, never runs in a circle, and always ends', (_, policy) => {
    const result = walk(policy, malices)
    expect(result.wrongs).toEqual([])
    expect(result.hasCycle).toBe(false)
    expect(result.states).toBeGreaterThan(500)
    console.log(`${policy.plan}: ${result.states} states, ${result.edges} edges,`, Object.fromEntries(result.endings))
  })

  it.each(['hold', 'promote', 'rollback'] as const)('a staged rollout whose steps soak, are steered and want approval, and what proves nothing leads to %s', (whenInconclusive) => {
    const result = walk(inSteps(STEPS, { whenInconclusive }), { ...malices, foreign: 0, steerings: 2 })
    expect(result.wrongs).toEqual([])
    expect(result.hasCycle).toBe(false)
    expect(result.causes).toEqual(expect.arrayContaining(['regressed', 'inconclusive', 'deadline', 'aborted', 'shared-incident', 'held', 'frozen', 'cancelled']))
    console.log(`${whenInconclusive}: ${result.states} states, ${result.edges} edges,`, Object.fromEntries(result.endings))
  })

  it('a full deploy ends promoted, refused or stranded, and never claims a way back', () => {
    const result = walk(fully(), malices)
    expect(result.wrongs).toEqual([])
    expect(result.hasCycle).toBe(false)
    expect([...result.endings.keys()].toSorted()).toEqual(['promoted', 'refused', 'stranded'])
  })

  it('reaches every kind of ending, so the walk is not vacuous', () => {
    const { endings } = walk(staged([100]), malices)
    expect([...endings.keys()].toSorted()).toEqual(['promoted', 'refused', 'rolled-back', 'stranded', 'yielded'])
  })

  it('ends promoted or refused when nobody meddles and nothing is cut, unless a check or a write failed', () => {
    const { endings } = walk(staged([100]), { foreign: 0, cuts: 0, stops: 0 })
    expect(endings.has('yielded')).toBe(false)
  })
})
