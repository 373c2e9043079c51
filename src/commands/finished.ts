import type { Ending } from '../core/ending.ts'
import type { Journal } from '../core/journal.ts'
import type { Plan } from '../core/report/report.ts'

/** What a command came to, before it is told to anybody. */
export interface Finished {
  readonly ending: Ending
  /** Facts for the message: which secret, which door, whose deployment. */
  readonly details: readonly string[]
  readonly warnings: readonly string[]
  /** Absent when nothing was begun. */
  readonly journal?: Journal
  /** Of a dry run. */
  readonly plan?: Plan
  /** How long a rollback holds deploys, in words. */
  readonly holdUntil?: string
  /** Why a person asked for it. */
  readonly givenReason?: string
}

export function refused(reason: string, details: readonly string[] = [], warnings: readonly string[] = []): Finished {
  return { ending: { kind: 'refused', reason }, details, warnings }
}
