import type { Judgement } from '../analysis/judgement.ts'
import type { Served } from '../analysis/served.ts'
import { renderMetric } from './counts-table.ts'
import { prose } from './escape.ts'
import { renderEvidenceChart } from './evidence-chart.ts'
import { byPercent, renderEvidenceTable, type NameOfStep } from './evidence-table.ts'
import { describeFinding, describeWatch } from './finding.ts'

/** What the summary shows of the comparison between the versions. */
export interface EvidenceShown {
  readonly judgement: Judgement
  /** Candidate's share by step, 0 to 100, as the polls number the steps. */
  readonly percents: readonly number[]
  /** The comparison after promotion, with the baseline's counts of before. Its time, too, is that since the first step. */
  readonly watch?: { readonly judgement: Judgement; readonly promotedAtSeconds: number }
  /** Absent while nothing was counted. */
  readonly served?: Served
}

/** Blocks of Markdown; whoever joins them puts an empty line between two. */
export function renderEvidence({ judgement, percents, watch }: EvidenceShown): readonly string[] {
  return ['### Evidence', prose(describeFinding(judgement)), ...renderNumbers(judgement, byPercent(percents)), ...(watch === undefined ? [] : renderWatch(watch))]
}

function renderWatch({ judgement, promotedAtSeconds }: NonNullable<EvidenceShown['watch']>): readonly string[] {
  const overTime = judgement.overTime.map((look) => ({ ...look, atSeconds: look.atSeconds - promotedAtSeconds }))
  return ['### Evidence after the promotion', prose(describeWatch(judgement)), ...renderNumbers({ ...judgement, overTime }, () => '100 %', 'the promotion')]
}

function renderNumbers(judgement: Judgement, nameOf: NameOfStep, start?: string): readonly string[] {
  if (judgement.overTime.length === 0) return ['Nothing was counted.']
  const blocks = [
    renderEvidenceChart(judgement, start),
    renderEvidenceTable(judgement, nameOf, start),
    ...judgement.metrics.map((metric) => renderMetric(metric, nameOf)),
    'Rates stand with bounds that hold at every look. They assume that the rate does not move within a step, so they decide nothing between the versions: that the e-values do.',
  ]
  return blocks.filter((block) => block !== '')
}
