import type { Form } from '../analysis/e-process.ts'

/** What the configuration says of the test as a whole; what is absent is as `analysisSettingsSchema` has it, which says what each means. */
export interface AnalysisRules {
  readonly alpha?: number | undefined
  readonly grid?: readonly number[] | undefined
  readonly form?: Form | undefined
  readonly signsOfHarm?: number | undefined
  readonly exonerateAlpha?: number | undefined
  readonly exonerateOver?: 'step' | 'rollout' | undefined
  readonly hardStop?: {
    readonly leastBad?: number | undefined
    readonly candidateRate?: number | undefined
    readonly leastBaseline?: number | undefined
    readonly baselineRate?: number | undefined
    readonly polls?: number | undefined
  } | undefined
  readonly incident?: {
    readonly rate?: number | undefined
    readonly timesUsual?: number | undefined
    readonly polls?: number | undefined
  } | undefined
}
