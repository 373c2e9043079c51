import type { Estimate } from '../estimate.ts'
import { table } from '../markdown.ts'
import type { RuleFigures } from './figures.ts'
import type { Sayings } from './sayings.ts'
import type { Scenario } from './traffic.ts'

export interface Row {
  readonly rule: string
  /** By the name of the scenario. */
  readonly figures: Readonly<Record<string, RuleFigures>>
}

export const ALPHA = 0.05

export function percent(part: number): string {
  return (100 * part).toFixed(1)
}

export function share({ value, error }: Estimate): string {
  return `${percent(value)} ± ${percent(error)} %`
}

export function plain({ value, error }: Estimate): string {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0
  return `${value.toFixed(digits)} ± ${error.toFixed(digits)}`
}

/** Surely above alpha, by more than two standard errors. */
export function exceedsAlpha({ rolledBack }: RuleFigures): boolean {
  return rolledBack.value - 2 * rolledBack.error > ALPHA
}

function nullCell(figures: RuleFigures | undefined): string {
  if (figures === undefined) return '–'
  const text = share(figures.rolledBack)
  return exceedsAlpha(figures) ? `**${text}**` : text
}

export function falseRollbacksTable(rows: readonly Row[], scenarios: readonly Scenario[]): string {
  const nulls = scenarios.filter(({ isNull }) => isNull)
  const cells = rows.map(({ rule, figures }) => {
    const over = nulls.filter(({ name }) => figures[name] !== undefined && exceedsAlpha(figures[name])).length
    return [rule, ...nulls.map(({ name }) => nullCell(figures[name])), `${over} of ${nulls.length}`]
  })
  return table(['false rollbacks', ...nulls.map(({ name }) => name), 'above 5 %'], cells)
}

function faultCell(figures: RuleFigures | undefined): string {
  if (figures === undefined) return '–'
  const { rolledBack, medianMinutes, failedRequests } = figures
  const minutes = medianMinutes === undefined ? '–' : `${plain(medianMinutes)} min`
  return `${share({ value: 1 - rolledBack.value, error: rolledBack.error })} · ${minutes} · ${plain(failedRequests)}`
}

export function faultsTable(rows: readonly Row[], scenarios: readonly Scenario[]): string {
  const faults = scenarios.filter(({ isNull }) => !isNull)
  const cells = rows.map(({ rule, figures }) => [rule, ...faults.map(({ name }) => faultCell(figures[name]))])
  return table(['missed · median time · failed user requests', ...faults.map(({ name }) => name)], cells)
}

export function sayingsTable(sayings: Readonly<Record<string, Sayings>>): string {
  const cells = Object.entries(sayings).map(([name, { harmProven, grosslyBroken, heldForSigns, sharedIncident, exonerated }]) => {
    return [name, ...[harmProven, grosslyBroken, heldForSigns, sharedIncident, exonerated].map((value) => `${percent(value)} %`)]
  })
  return table(['scenario', 'regressed: harm proven', 'regressed: gross breakage', 'held at a step’s end', 'shared incident', 'exonerated (×5, over the rollout)'], cells)
}
