import type { Estimate } from '../estimate.ts'

// What the study that preceded this code found with other code and other seeds, figure for figure as it was printed.

/** A figure as printed, with the standard error of its rounding: the last digit's unit over √12. */
export interface Printed {
  readonly value: number
  readonly roundingError: number
}

export interface PublishedFigures {
  readonly rolledBack?: Printed
  readonly medianMinutes?: Printed
  /** Mean of what the candidate failed until it was taken back. */
  readonly failedRequests?: Printed
}

export interface Published {
  readonly rule: string
  readonly runs: number
  /** By the name of the scenario. */
  readonly figures: Readonly<Record<string, PublishedFigures>>
}

const WHOLE = ['rolledBack', 'medianMinutes', 'failedRequests'] as const
/** The scenarios of the study's columns, and which figures a cell gives, in which order. */
const COLUMNS: readonly (readonly [scenario: string, order: readonly (keyof PublishedFigures)[]])[] = [
  ['null, 100 rpm, 0.1 %', WHOLE],
  ['null, 1k rpm, 0.1 %', WHOLE],
  ['null, 1k rpm, 1 %', WHOLE],
  ['null, 10k rpm, 0.1 %', WHOLE],
  ['shared incident, 1k rpm', WHOLE],
  ['base rate jumps, 1k rpm', WHOLE],
  ['×2, 10k rpm, 0.1 %', WHOLE],
  ['×5, 1k rpm, 0.1 %', WHOLE],
  ['×20, 1k rpm, 0.1 %', WHOLE],
  ['50 % broken, 1k rpm', ['medianMinutes', 'failedRequests']],
  // Not columns of its table but figures of its text.
  ['null, clustered users, 1k rpm, 1 %', WHOLE],
  ['null, latency, 1k rpm', WHOLE],
  ['latency ×1.5, 1k rpm', WHOLE],
]

const MOST_RUNS = 4000
const SLOW_RUNS = 400

const ROWS: readonly (readonly [rule: string, runs: number, cells: string])[] = [
  ['**Sleepwell**', MOST_RUNS, '.003 | .011 | .014 | .016 | .005 | .013 | .890/22/30 | .890/22/7.4 | 1/10/3.0 | 1/5.2 | .011 | .005 | 1/11'],
  ['AWS SAM alarm (errors > 0, 2 × 1 min)', MOST_RUNS, '.006 | .345 | 1.0 | 1.0 | .999 | 1.0 | 1/12/4.8 | .996/22/5.1 | 1/12/4.9 | 2/10'],
  ['gradual-deployer (> 5 %)', MOST_RUNS, '.029 | .011 | .166 | .000 | .638 | .011 | .000 | .072 | .394/2/38 | 1/5'],
  ['Cloud Run Release Manager (> 1 %)', MOST_RUNS, '.090 | .087 | .902 | .050 | 1.0 | .277 | .111 | .462/6/8.6 | 1/4/1.5 | 1/5'],
  ['Flagger (success ≥ 99 %, threshold 5)', MOST_RUNS, '.379 | .000 | .978 | .000 | .332 | .531 | .001 | .344/24/13 | 1/16/8.4 | 6/30'],
  ['Argo Rollouts (success ≥ 95 %, failureLimit 3)', MOST_RUNS, '.026 | .000 | .019 | .000 | .387 | .000 | .000 | .001 | .275/13/47 | 4/20'],
  ['Argo Rollouts (success ≥ 99 %, failureLimit 3)', MOST_RUNS, '.026 | .004 | .996 | .002 | .960 | .837 | .009 | .581/21/10 | 1/13/5.5 | 4/20'],
  ['Kayenta (at step ends)', SLOW_RUNS, '.098 | .000 | .000 | .000 | .000 | .000 | .030 | .115 | .163 | 10/53'],
  ['z-test, peeked at each poll', MOST_RUNS, '.183 | .292 | .372 | .370 | .893 | .989 | .999/11/6.6 | .998/11/1.9 | 1/4/1.2 | 1/5'],
  ['mSPRT (τ = 0.01)', MOST_RUNS, '.000 | .000 | .001 | .000 | .005 | .408 | .615/26/50 | .447/27/14 | 1/19/13 | 11/75'],
  ['SPRT, true rate known (×3)', MOST_RUNS, '.001 | .023 | .021 | .021 | 1.0 | 1.0 | .806/19/27 | .984/22/5.6 | 1/11/3.9 | 1/5.6'],
  ['Sleepwell, α = 0.01', MOST_RUNS, '.000 | .002 | .002 | .002 | .000 | .004 | .776/24/40 | .753/24/9.9 | 1/11/4.1 | 1/5.2'],
  ['Sleepwell, margin 1.5', MOST_RUNS, '.001 | .003 | .002 | .001 | .001 | .003 | .176 | .636/24/10 | 1/11/3.7 | 1/5.2'],
  ['Sleepwell, exact form', SLOW_RUNS, '.000 | .010 | .030 | .018 | .003 | .015 | .912/22/29 | .902/22/7.4 | 1/10/3.0 | 1/5.1'],
]

function printed(text: string): Printed {
  const digits = text.split('.')[1]?.length ?? 0
  return { value: Number(text), roundingError: 10 ** -digits / Math.sqrt(12) }
}

/** A bare 1 is a share that the study always saw. */
function printedShare(text: string): Printed {
  return printed(text === '1' || text === '1.0' ? '1.000' : text)
}

function figuresIn(cell: string, order: readonly (keyof PublishedFigures)[]): PublishedFigures {
  return Object.fromEntries(cell.split('/').flatMap((text, at) => {
    const kind = order[at]
    return kind === undefined ? [] : [[kind, kind === 'rolledBack' ? printedShare(text) : printed(text)]]
  }))
}

function publishedIn([rule, runs, cells]: (typeof ROWS)[number]): Published {
  const figures = cells.split(' | ').flatMap((cell, at) => {
    const column = COLUMNS[at]
    return column === undefined ? [] : [[column[0], figuresIn(cell, column[1])] as const]
  })
  return { rule, runs, figures: Object.fromEntries(figures) }
}

export const PUBLISHED: readonly Published[] = ROWS.map(publishedIn)

/** Standard errors between a share of ours and the printed one. Near 0 and 1 the error comes from both, with half a run added. */
export function distanceOfShares(ours: { readonly value: number; readonly runs: number }, { value, roundingError }: Printed, runs: number): number {
  const weight = ours.runs + runs
  const share = (ours.value * ours.runs + value * runs + 0.5) / (weight + 1)
  const error = Math.sqrt(share * (1 - share) * (1 / ours.runs + 1 / runs))
  return Math.abs(ours.value - value) / Math.hypot(error, roundingError)
}

/** The same for a mean. The study printed no errors of its means: its is ours, scaled to its runs. */
export function distanceOfMeans(ours: Estimate & { readonly runs: number }, { value, roundingError }: Printed, runs: number): number {
  return Math.abs(ours.value - value) / Math.hypot(ours.error, ours.error * Math.sqrt(ours.runs / runs), roundingError)
}
