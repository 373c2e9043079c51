import type { HealthCheckSpec } from './health.ts'
import type { HttpCheckSpec } from './http.ts'
import type { ProofSpec } from './proof.ts'

/** What every kind of check says; each kind's own spec stands beside its judgement, told apart by `kind`. */
export interface CheckBasics {
  /** Unique among the checks: results are compared by it. */
  readonly name: string
  readonly proof: ProofSpec
  /** Of one attempt. */
  readonly timeoutSeconds: number
  /** Of all attempts. */
  readonly deadlineSeconds: number
}

export type CheckSpec = HttpCheckSpec | HealthCheckSpec
export type CheckKind = CheckSpec['kind']
