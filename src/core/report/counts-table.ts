import type { RateBounds } from '../analysis/confidence-sequence.ts'
import type { Counts } from '../analysis/counts.ts'
import type { MetricFigures, RequestsNeeded, StepFigures } from '../analysis/judgement.ts'
import type { Visible } from '../analysis/smallest-visible.ts'
import { code } from './escape.ts'
import type { NameOfStep } from './evidence-table.ts'
import { compact, eValue, grouped, rate, times, timesTheBaseline } from './numerals.ts'

const MOST_STEPS = 40
const HEAD = ['Step', 'Candidate, bad of all', 'Its rate', 'Baseline, bad of all', 'Its rate', 'Smallest worsening that it could have seen', 'Polls unknown']

/** One metric, step by step: what was counted of each version, and what that could have shown. */
export function renderMetric(metric: MetricFigures, nameOf: NameOfStep): string {
  const { name, steps, acts } = metric
  const shown = steps.slice(-MOST_STEPS)
  const rows = shown.map((figures) => row(cellsOf(figures, nameOf)))
  const table = [row(HEAD), '| --- | ---: | --- | ---: | --- | --- | ---: |', ...rows].join('\n')
  const left = steps.length - shown.length
  return [
    `#### ${code(name)}${acts ? '' : ' (dry run)'}`,
    aboutMetric(metric),
    steps.length === 0 ? 'Nothing was counted.' : table,
    ...(left > 0 ? [`${left} earlier steps are not shown.`] : []),
  ].join('\n\n')
}

function aboutMetric({ kind, unit, acts, margin, tolerance, harm, health }: MetricFigures): string {
  const failing = kind === 'errors' ? 'failed' : 'took longer than the threshold'
  const counted = unit === 'user' ? `Bad are users of whom a request ${failing}` : `Bad are requests that ${failing}`
  const harmful = `Harm: a bad rate above ${timesTheBaseline(margin)} (e-value ${eValue(harm.now)}, at most ${eValue(harm.peak)})`
  const healthy = `Health: one below ${timesTheBaseline(tolerance)} (e-value ${eValue(health)})`
  return [...(acts ? [] : ['**Dry run: shown, never acting.**']), `${counted}.`, `${harmful}.`, `${healthy}.`].join(' ')
}

function cellsOf(figures: StepFigures, nameOf: NameOfStep): readonly string[] {
  const { step, candidate, baseline, candidateRate, baselineRate, smallestVisible, plan, unknownPolls } = figures
  return [
    nameOf(step),
    tally(candidate),
    bounds(candidate, candidateRate),
    tally(baseline),
    bounds(baseline, baselineRate),
    [visibleWords(smallestVisible), ...planWords(plan)].join('; '),
    grouped(unknownPolls),
  ]
}

function tally({ total, bad }: Counts): string {
  return `${grouped(bad)} of ${grouped(total)}`
}

/** A rate with its confidence sequence. */
function bounds({ total }: Counts, { rate: seen, lower, upper }: RateBounds): string {
  return total === 0 ? '–' : `${rate(seen)} (${rate(lower)} to ${rate(upper)})`
}

/** `×3.1 (1 % → 3.1 %)`. */
function visibleWords(visible: Visible | undefined): string {
  if (visible === undefined) return 'none: too little traffic'
  const { ratio, candidateRate } = visible
  return `${times(ratio)} (${rate(candidateRate / ratio)} → ${rate(candidateRate)})`
}

/** `proof of ×2 takes 13,140 requests, of health 14,300`, the candidate's. */
function planWords(plan: RequestsNeeded | undefined): readonly string[] {
  return plan === undefined ? [] : [`proof of ${times(plan.ratio)} takes ${compact(plan.toProveHarm)} requests, of health ${compact(plan.toProveHealth)}`]
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
