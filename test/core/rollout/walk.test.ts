import { describe, expect, it } from 'vitest'
import { begin, next, resume } from '../../../src/core/rollout.ts'
import type { Policy } from '../../../src/core/policy.ts'
import type { Step } from '../../../src/core/rollout/state.ts'
import {
  answersTo,
  BASELINE,
  byHand,
  CANDIDATE,
  fully,
  meddle,
  OLDER,
  peaceful,
  staged,
  type HostileWorld,
} from './hostile-world.ts'

interface State {
  readonly step: Step
  readonly world: HostileWorld
}

/** What must never be seen, as sentences; empty when the edge is fine. */
function wrongsOfEffect({ step: { effect }, world }: State): string[] {
  if (effect.kind !== 'write-split') return []
  const wrongs: string[] = []
  const percent = effect.split.find((share) => share.versionId === CANDIDATE)?.percentage ?? 0
  if (effect.direction === 'forward' && world.heldAtLastRead) wrongs.push('a forward write although a hold was read')
  if (effect.direction === 'forward' && world.lastRead === 'stranger') wrongs.push('a forward write over a stranger')
  if (world.lastRead === 'none') wrongs.push('a write without a reading before it')
  if (percent > 0 && !world.exposed && world.lastCheck !== 'healthy') wrongs.push('users before a healthy check at 0 %')
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
  readonly wrongs: string[]
  readonly hasCycle: boolean
}

function walk(policy: Policy, malice: { foreign: number; cuts: number; holds: number }): Walk {
  const done = new Map<string, 'open' | 'closed'>()
  const endings = new Map<string, number>()
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
    for (const wrong of [...wrongsOfEffect(state), ...wrongsOfEnding(state)]) wrongs.add(`${wrong}: ${key}`)
    if (state.step.phase.kind === 'settled') {
      const { ending } = state.step.phase
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
  return { states: done.size, edges, endings, wrongs: [...wrongs].slice(0, 5), hasCycle }
}

const malices = { foreign: 1, cuts: 1, holds: 1 }

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
    const { endings } = walk(staged([100]), { foreign: 0, cuts: 0, holds: 0 })
    expect(endings.has('yielded')).toBe(false)
  })
})
