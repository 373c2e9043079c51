import type { Judgement } from '../analysis/judgement.ts'
import { gridOf, type Grid, type Point } from './evidence-grid.ts'
import { eValue } from './numerals.ts'

/** log10 of the e-values between which the lines are drawn; the table has them whole. */
const LOWEST = -2
const HIGHEST = { harm: 12, health: 6 }
/** Told apart by the colour-blind as well: harm, health, needed; a second needed line has the last colour again. */
const COLOURS = '#d4502a, #2f6fde, #8c959f, #8c959f'

/**
 * The e-values over time as a Mermaid fence, and the words below it; empty without a poll. Only our own numbers and
 * words enter it. `start` is what its time counts from. Its time axis has categories: Mermaid 10 puts points on a numeric one in the wrong places.
 */
export function renderEvidenceChart({ overTime, harm, health }: Judgement, start = 'the first step'): string {
  if (overTime.length === 0) return ''
  const grid = gridOf(overTime)
  const { points } = grid
  const needed = [...new Set([harm.needed, health.needed])]
  const top = topOf(points, needed)
  const line = (values: readonly number[]) => `  line [${values.map((value) => drawn(value, top)).join(', ')}]`
  const chart = [
    '```mermaid',
    `%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "${COLOURS}"}}}}%%`,
    'xychart-beta',
    '  title "Evidence over time, log10 of the e-value"',
    `  x-axis "${grid.unit} since ${start}" [${points.map(({ at }) => `"${at}"`).join(', ')}]`,
    `  y-axis "log10" ${LOWEST} --> ${top}`,
    line(points.map((point) => point.harm)),
    line(points.map((point) => point.health)),
    ...needed.map((value) => line(points.map(() => value))),
    '```',
  ].join('\n')
  return `${chart}\n\n${legend(grid, { top, neededForHarm: harm.needed, neededForHealth: health.needed })}`
}

/** The first whole number above all that matters: health beyond doubt must not flatten the signs of harm. */
function topOf(points: readonly Point[], needed: readonly number[]): number {
  const harm = Math.max(...points.map((point) => log10(point.harm)), ...needed.map((value) => log10(value) + 1))
  const health = Math.max(...points.map((point) => log10(point.health)))
  return Math.max(1, Math.ceil(Math.min(HIGHEST.harm, harm)), Math.ceil(Math.min(HIGHEST.health, health)))
}

interface Scale {
  readonly top: number
  readonly neededForHarm: number
  readonly neededForHealth: number
}

/** The chart itself has none. */
function legend({ points, isThinned }: Grid, { top, neededForHarm, neededForHealth }: Scale): string {
  const isSame = neededForHarm === neededForHealth
  const needed = isSame ? `proof of either, at ${eValue(neededForHarm)}` : `proof, at ${eValue(neededForHarm)} of harm and at ${eValue(neededForHealth)} of health`
  const logs = points.flatMap(({ harm, health }) => [log10(harm), log10(health)])
  return [
    `Orange: evidence for harm. Blue: evidence for health. Grey: ${needed}. An e-value of 1, which is 0 in the chart, says nothing.`,
    ...(isThinned ? ['Each point is the most that was reached since the one before.'] : []),
    ...(logs.some((log) => log < LOWEST) ? [`What is below ${eValue(10 ** LOWEST)} is drawn at the lower edge.`] : []),
    ...(logs.some((log) => log > top) ? [`What is above ${eValue(10 ** top)} is drawn at the upper edge.`] : []),
  ].join(' ')
}

/** Digits with at most one point: Mermaid reads no exponents. */
function drawn(value: number, top: number): number {
  return Math.round(Math.min(top, Math.max(LOWEST, log10(value))) * 100) / 100
}

function log10(value: number): number {
  return value > 0 ? Math.log10(value) : Number.NEGATIVE_INFINITY
}
