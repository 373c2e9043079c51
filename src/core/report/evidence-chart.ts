import type { Judgement } from '../analysis/judgement.ts'
import { eValue } from './numerals.ts'

/** More points than this are no more to see. */
const MOST_POINTS = 48
/** log10 of the e-values between which the lines are drawn; the table has them whole. */
const LOWEST = -2
const HIGHEST = { harm: 12, health: 6 }
/** Told apart by the colour-blind as well. Harm, health, needed; a second needed line has the last colour again. */
const COLOURS = '#d4502a, #2f6fde, #8c959f, #8c959f'

type Look = Judgement['overTime'][number]
/** e-values, not yet their logarithms. */
interface Point {
  readonly harm: number
  readonly health: number
}

/** What a Mermaid fence and the words below it say: the e-values over time, from 1 at the first step's beginning. */
export function renderEvidenceChart({ overTime, harm, health }: Judgement): string {
  if (overTime.length === 0) return ''
  const looks = overTime.toSorted((one, other) => one.atSeconds - other.atSeconds)
  const seconds = Math.max(1, looks.at(-1)?.atSeconds ?? 1)
  const { points, isThinned } = onEvenGrid(looks, seconds)
  const needed = [...new Set([harm.needed, health.needed])].map(log10)
  const top = topOf(points, needed)
  const within = (line: number) => Math.min(top, Math.max(LOWEST, line))
  const drawn = (value: number) => plain(within(log10(value)))
  const unit = unitOf(seconds)
  const chart = [
    '```mermaid',
    `%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "${COLOURS}"}}}}%%`,
    'xychart-beta',
    '  title "Evidence over time, log10 of the e-value"',
    `  x-axis "${unit.name} since the first step" 0 --> ${plain(seconds / unit.seconds)}`,
    `  y-axis "log10" ${LOWEST} --> ${top}`,
    `  line [${points.map((point) => drawn(point.harm)).join(', ')}]`,
    `  line [${points.map((point) => drawn(point.health)).join(', ')}]`,
    ...needed.map((line) => `  line [${points.map(() => plain(within(line))).join(', ')}]`),
    '```',
  ].join('\n')
  return `${chart}\n\n${legend({ points, top, neededForHarm: harm.needed, neededForHealth: health.needed, isThinned })}`
}

/** The first whole number above all that matters: health beyond doubt must not flatten the signs of harm. */
function topOf(points: readonly Point[], needed: readonly number[]): number {
  const harm = Math.max(...points.map((point) => log10(point.harm)), ...needed.map((line) => line + 1))
  const health = Math.max(...points.map((point) => log10(point.health)))
  return Math.max(1, Math.ceil(Math.min(HIGHEST.harm, harm)), Math.ceil(Math.min(HIGHEST.health, health)))
}

/**
 * Mermaid spreads a line's points evenly over a numeric axis, so the evidence is put on an even grid: each point is the
 * most that was reached since the point before, else what still stands. Thus thinning hides no peak of either line.
 */
function onEvenGrid(looks: readonly Look[], seconds: number): { readonly points: readonly Point[]; readonly isThinned: boolean } {
  const cells = Math.min(MOST_POINTS - 1, Math.max(1, Math.round(seconds / smallestGap(looks, seconds))))
  const inCells = Map.groupBy(looks, ({ atSeconds }) => Math.min(cells, Math.max(1, Math.ceil((atSeconds / seconds) * cells - 1e-9))))
  const points: Point[] = [{ harm: 1, health: 1 }]
  let standing: Point = { harm: 1, health: 1 }
  for (let cell = 1; cell <= cells; cell += 1) {
    const seen = inCells.get(cell) ?? [standing]
    points.push({ harm: Math.max(...seen.map(({ harm }) => harm)), health: Math.max(...seen.map(({ health }) => health)) })
    standing = seen.at(-1) ?? standing
  }
  return { points, isThinned: [...inCells.values()].some((seen) => seen.length > 1) }
}

function smallestGap(looks: readonly Look[], seconds: number): number {
  const gaps = looks.map(({ atSeconds }, index) => atSeconds - (looks[index - 1]?.atSeconds ?? 0))
  return gaps.reduce((least, gap) => (gap > 0 ? Math.min(least, gap) : least), seconds)
}

interface Drawn {
  readonly points: readonly Point[]
  readonly top: number
  readonly neededForHarm: number
  readonly neededForHealth: number
  readonly isThinned: boolean
}

/** The chart itself has no legend. */
function legend({ points, top, neededForHarm, neededForHealth, isThinned }: Drawn): string {
  const isSame = neededForHarm === neededForHealth
  const needed = isSame ? `what is needed for either, ${eValue(neededForHarm)}` : `what is needed, ${eValue(neededForHarm)} for harm and ${eValue(neededForHealth)} for health`
  const values = points.flatMap(({ harm, health }) => [harm, health]).map(log10)
  const isCut = values.some((value) => value > top || value < LOWEST)
  return [
    `Orange: evidence for harm. Blue: evidence for health. Grey: ${needed}. An e-value of 1 (0 in the chart) says nothing.`,
    ...(isThinned ? ['Each point is the most that was reached since the one before.'] : []),
    ...(isCut ? [`What is below ${eValue(10 ** LOWEST)} or above ${eValue(10 ** top)} is drawn at the edge.`] : []),
  ].join(' ')
}

function unitOf(seconds: number): { readonly name: string; readonly seconds: number } {
  if (seconds < 300) return { name: 'seconds', seconds: 1 }
  return seconds < 4 * 3600 ? { name: 'minutes', seconds: 60 } : { name: 'hours', seconds: 3600 }
}

function log10(value: number): number {
  return value > 0 ? Math.log10(value) : Number.NEGATIVE_INFINITY
}

/** Mermaid reads no exponents: a number is digits with at most one point. */
function plain(value: number): number {
  return Math.round(Math.min(1e9, value) * 100) / 100
}
