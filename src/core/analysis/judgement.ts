import type { RateBounds } from './confidence-sequence.ts'
import type { Counts } from './counts.ts'
import type { MetricSetting } from './settings.ts'
import type { Visible } from './smallest-visible.ts'

/** What was found, with the one reason for it. */
export type Finding =
  | { readonly verdict: 'regressed'; readonly because: 'harm-proven' | 'gross-breakage' }
  | { readonly verdict: 'exonerated'; readonly because: 'health-proven' }
  | { readonly verdict: 'shared-incident'; readonly because: 'both-bad' }
  | { readonly verdict: 'inconclusive'; readonly because: 'nothing-compared' | 'signs-of-harm' | 'no-proof-yet' }

/** E-values: 1 says nothing, `needed` is proof. Held between 1e-300 and 1e300. */
interface Harm {
  readonly now: number
  readonly peak: number
}

export interface StepFigures {
  readonly step: number
  readonly candidate: Counts
  readonly baseline: Counts
  readonly candidateRate: RateBounds
  readonly baselineRate: RateBounds
  /** Absent when no worsening at all could have been seen. */
  readonly smallestVisible?: Visible
  /** Absent where one version served nothing, or the baseline fails too often for it. */
  readonly plan?: RequestsNeeded
  /** Polls of this step that could not tell this metric. */
  readonly unknownPolls: number
}

/** For planning: how many requests of the candidate it takes, on average, at this step's share and base rate. */
export interface RequestsNeeded {
  /** Twice the margin, as a multiple of the baseline's bad rate … */
  readonly ratio: number
  /** … and how many prove that a candidate as bad as that is harmful. */
  readonly toProveHarm: number
  /** How many prove one healthy that is as good as the baseline. */
  readonly toProveHealth: number
}

export interface MetricFigures extends Pick<MetricSetting, 'name' | 'kind' | 'unit' | 'acts' | 'margin' | 'tolerance'> {
  readonly harm: Harm
  readonly health: number
  readonly steps: readonly StepFigures[]
}

/** The verdict with every number behind it, as plain data. */
export interface Judgement {
  readonly finding: Finding
  readonly polls: number
  readonly harm: Harm & { readonly needed: number; readonly signs: number }
  readonly health: { readonly now: number; readonly needed: number }
  readonly metrics: readonly MetricFigures[]
  /** The evidence after each poll: the chart. */
  readonly overTime: readonly { readonly step: number; readonly atSeconds: number; readonly harm: number; readonly health: number }[]
}
