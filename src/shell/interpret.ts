import { next } from '../core/rollout.ts'
import type { Ending } from '../core/ending.ts'
import type { Policy } from '../core/policy.ts'
import { isForward, type Effect, type Observation, type Phase, type Step } from '../core/rollout/state.ts'

export interface Journal {
  /**
   * Saves where the rollout is before its next effect is performed. A forward effect also needs the
   * ledger's acknowledgement; anything else never waits for it. Resolves to whether it may be performed.
   */
  save(step: Step): Promise<'recorded' | 'not-recorded'>
}

export type Interpreted =
  | { readonly kind: 'settled'; readonly ending: Ending }
  /** Told to stop (a cancel): `phase` is in the journal, and whoever comes next resumes from it. */
  | { readonly kind: 'stopped'; readonly phase: Phase }

export interface Interpreter {
  readonly journal: Journal
  readonly perform: (effect: Effect) => Promise<Observation>
  readonly stop: AbortSignal
}

/** Journal, perform, next, and nothing else: every decision is `core/rollout.ts`'s. */
export async function interpret(policy: Policy, first: Step, { journal, perform, stop }: Interpreter): Promise<Interpreted> {
  let step = first
  while (step.effect.kind !== 'settle') {
    const recorded = await journal.save(step)
    if (stop.aborted) return { kind: 'stopped', phase: step.phase }
    const mayPerform = recorded === 'recorded' || !isForward(step.effect)
    const seen: Observation = mayPerform ? await perform(step.effect) : { kind: 'not-recorded' }
    // What was seen while stopping is dropped on purpose: the next one reads production for itself.
    if (stop.aborted) return { kind: 'stopped', phase: step.phase }
    step = next(policy, step.phase, seen)
  }
  return { kind: 'settled', ending: step.effect.ending }
}
