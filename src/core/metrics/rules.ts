/** What the configuration says of the test as a whole; what is absent is as `analysisSettingsSchema` has it. */
export interface AnalysisRules {
  /** Chance, over all steps, of calling a harmless candidate regressed. */
  readonly alpha?: number | undefined
  /** Chance of calling a candidate healthy that is as bad as the tolerance says. */
  readonly exonerateAlpha?: number | undefined
  /** The worsenings that are looked for, as multiples of the margin. */
  readonly grid?: readonly number[] | undefined
}
