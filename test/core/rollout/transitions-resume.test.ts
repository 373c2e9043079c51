import { describe, expect, it } from 'vitest'
import type { Policy } from '../../../src/core/policy.ts'
import { begin, resume } from '../../../src/core/rollout.ts'
import type { Effect, Phase } from '../../../src/core/rollout/state.ts'
import {
  applyingTriggers, baselineExposed, baselineUnexposed, byHand, candidate, checking, deployFully, deployingFully, fullDeploy, fully,
  inspecting, promoted, putBack, raise, reading, readIn, refused, restoreExposed, restoreUnexposed, rollBack, rounds, settled,
  settles, soakingAt, staged, stranded, target, upload, uploading, watching, writing, yielded,
} from './vocabulary.ts'

describe('a rollout begins', () => {
  it.each<[string, Policy, Phase, Effect]>([
    ['a staged one with the upload', staged, uploading(2), upload(0)],
    ['a full one with its deploy', fully, deployingFully, deployFully],
    ['a rollback by reading production', byHand, reading(rollBack()), readIn(0)],
  ])('%s', (_, policy, phase, effect) => {
    expect(begin(policy)).toStrictEqual({ phase, effect })
  })
})

type Cut = readonly [does: string, phase: Phase, nextPhase: Phase, effect: Effect]

function specifyCut(policy: Policy, rows: readonly Cut[], cause: 'cancelled' | 'run-died' = 'cancelled'): void {
  it.each(rows)('%s', (_, phase, nextPhase, effect) => {
    expect(resume(policy, phase, cause)).toStrictEqual({ phase: nextPhase, effect })
  })
}

// What it does, the phase it was cut off in -> the next phase, the effect.

describe('a staged rollout that was cut off', () => {
  const sent = { lastWrite: 'sent' } as const
  const spent = { ...sent, readsLeft: 0, writesLeft: 0, again: rounds() }
  const [unexposed, exposed] = [reading(restoreUnexposed('cancelled')), reading(restoreExposed('cancelled'))]

  describe('on the way forward', () => {
    specifyCut(staged, [
      ['refuses while uploading: a version without traffic harms nobody', uploading(1), ...settles(refused('cancelled'))],
      ['goes back unexposed from before the stage', reading(raise(0)), unexposed, readIn(0)],
      ['goes back unexposed from the writing of the stage', writing(raise(0)), reading(restoreUnexposed('cancelled'), sent), readIn(0)],
      ['goes back unexposed from the stage', reading(raise(0), sent), reading(restoreUnexposed('cancelled'), sent), readIn(0)],
      ['goes back unexposed from the checks of the stage', checking(candidate(0)), unexposed, readIn(0)],
      ['goes back unexposed from before the first step', reading(raise(10)), unexposed, readIn(0)],
      ['goes back exposed from the writing of the first step', writing(raise(10)), reading(restoreExposed('cancelled'), sent), readIn(0)],
      ['goes back exposed from a first step that was sent', reading(raise(10), sent), reading(restoreExposed('cancelled'), sent), readIn(0)],
      ['goes back exposed from a first step that was accepted', reading(raise(10), { lastWrite: 'accepted' }), reading(restoreExposed('cancelled'), sent), readIn(0)],
      ['goes back exposed from the checks of a step', checking(candidate(10)), exposed, readIn(0)],
      ['goes back exposed from before a later step', reading(raise(50)), exposed, readIn(0)],
    ])
    specifyCut(staged, [
      ['says that its run died, if it did', checking(candidate(10)), reading(restoreExposed('run-died')), readIn(0)],
      ['goes back exposed from a soak', soakingAt(10), reading(restoreExposed('run-died')), readIn(0)],
      ['goes back unexposed from the stage that waited for a person', soakingAt(0), reading(restoreUnexposed('run-died')), readIn(0)],
      ['says so while uploading', uploading(1), ...settles(refused('run-died'))],
    ], 'run-died')
  })

  describe('on the way back', () => {
    specifyCut(staged, [
      ['goes on with the first cause and fresh budgets', reading(restoreExposed('check-failed'), spent), reading(restoreExposed('check-failed')), readIn(0)],
      ['reads before it writes again', writing(restoreUnexposed('held'), spent), reading(restoreUnexposed('held')), readIn(0)],
      ['makes sure that the baseline is there before it checks again', checking(baselineExposed('check-failed')), reading(restoreExposed('check-failed')), readIn(0)],
      ['remembers that nobody was exposed', checking(baselineUnexposed('held')), reading(restoreUnexposed('held')), readIn(0)],
      ['still puts back what it wrote over', reading(putBack('foreign'), spent), reading(putBack('foreign')), readIn(0)],
      ['still puts back a rollback', writing(putBack('rollback')), reading(putBack('rollback')), readIn(0)],
    ])
  })

  describe('at the end', () => {
    specifyCut(staged, [
      ['is stranded among its triggers: nobody knows which are applied', applyingTriggers, ...settles(stranded('triggers-unknown'))],
      ['ends as it had ended', settled(promoted), ...settles(promoted)],
    ])
  })

  it.each([
    ['deploying-fully', deployingFully],
    ['inspecting', inspecting('cancelled')],
    ['watching', watching()],
  ])('was never %s', (kind, phase) => {
    expect(() => resume(staged, phase, 'cancelled')).toThrow(new Error(`a staged rollout is never ${kind} here`))
  })
})

describe('a rollback that was cut off begins anew', () => {
  specifyCut(byHand, [
    ['while it read', reading(rollBack({ reassertsLeft: 0 }), { readsLeft: 0 }), reading(rollBack()), readIn(0)],
    ['while it wrote', writing(rollBack()), reading(rollBack()), readIn(0)],
    ['while it checked', checking(target({ readingsLeft: 0 })), reading(rollBack()), readIn(0)],
    ['while it watched', watching({ readingsLeft: 0, reassertsLeft: 0 }), reading(rollBack()), readIn(0)],
    ['but for one that had ended', settled(yielded('foreign')), ...settles(yielded('foreign'))],
  ])
})

describe('a full deploy that was cut off', () => {
  specifyCut(fully, [
    ['inspects production when it may have deployed', deployingFully, inspecting('cancelled'), readIn(0)],
    ['inspects production again with fresh reads', inspecting('upload-failed', 0), inspecting('cancelled'), readIn(0)],
    ['inspects production when it was not checked to the end', checking(fullDeploy), inspecting('cancelled'), readIn(0)],
    ['ends as it had ended', settled(refused('ledger-unavailable')), ...settles(refused('ledger-unavailable'))],
  ])
  specifyCut(fully, [['says that its run died, if it did', deployingFully, inspecting('run-died'), readIn(0)]], 'run-died')
})
