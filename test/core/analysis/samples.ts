import type { Watched } from '../../../src/core/analysis/advice.ts'
import type { Poll, Stratum } from '../../../src/core/analysis/counts.ts'
import type { AnalysisSettings } from '../../../src/core/analysis/settings.ts'
import { analysisSettingsSchema } from '../../../src/core/analysis/settings.ts'

export function settingsWith(changes: Record<string, unknown> = {}): AnalysisSettings {
  return analysisSettingsSchema.parse({ metrics: [{ name: 'errors', kind: 'errors' }], ...changes })
}

/** Candidate's requests and bad ones, then the baseline's. */
export type Row = readonly [number, number, number, number]

export function stratumOf([candidates, candidateBad, baselines, baselineBad]: Row): Stratum {
  return { candidate: { total: candidates, bad: candidateBad }, baseline: { total: baselines, bad: baselineBad } }
}

/** One poll a minute, all in one step unless said otherwise. */
export function pollsOf(rows: readonly Row[], { step = 0, name = 'errors', from = 0 } = {}): readonly Poll[] {
  return rows.map((row, at) => ({ step, atSeconds: 60 * (from + at + 1), metrics: { [name]: stratumOf(row) } }))
}

export function repeated(row: Row, times: number): readonly Row[] {
  return Array.from({ length: times }, () => row)
}

/** A soak that was seen to its end. */
export const over = { isSoaked: true, isCurrent: true, isTimeUp: false } as const satisfies Partial<Watched>
/** One that is under way. */
export const soaking = { ...over, isSoaked: false } as const
