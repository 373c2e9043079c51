import { expect, it } from 'vitest'
import { next } from '../../../src/core/rollout.ts'
import type { Policy } from '../../../src/core/policy.ts'
import { phaseSchema, type Effect, type Observation, type Phase } from '../../../src/core/rollout/state.ts'

/** In a phase, having seen something: the next phase, and the effect that leads on. */
export type Row = readonly [does: string, phase: Phase, seen: Observation, nextPhase: Phase, effect: Effect]

/** Each row is one test: exactly this step follows, and the journal gives both phases back as they were. */
export function specify(policy: Policy, rows: readonly Row[]): void {
  it.each(rows)('%s', (_, phase, seen, nextPhase, effect) => {
    expect(next(policy, phase, seen)).toStrictEqual({ phase: nextPhase, effect })
    for (const saved of [phase, nextPhase]) expect(readBack(saved)).toStrictEqual(saved)
  })
}

/** A phase as whoever finishes a cut-off rollout reads it from the journal. */
function readBack(phase: Phase): Phase {
  return phaseSchema.parse(JSON.parse(JSON.stringify(phase)))
}
