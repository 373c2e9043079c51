import { distanceBetween } from '../estimate.ts'
import { normalBelow } from './normal.ts'
import type { Row } from './tables.ts'

/** One figure of two runs. */
export interface Apart {
  readonly rule: string
  readonly scenario: string
  readonly figure: 'rolled back' | 'failed requests'
  /** In standard errors of both runs together. */
  readonly distance: number
}

/** How far each figure of one run lies from the other run's. The median minute is left out: it is whole, its error often none. */
export function distancesBetween(rows: readonly Row[], others: readonly Row[]): readonly Apart[] {
  return rows.flatMap(({ rule, figures }) => {
    const other = others.find((one) => one.rule === rule)
    if (other === undefined) throw new Error(`only one of the runs has ${rule}`)
    return Object.entries(figures).flatMap(([scenario, first]): readonly Apart[] => {
      const second = other.figures[scenario]
      if (second === undefined) throw new Error(`only one of the runs has ${rule} in ${scenario}`)
      return [
        { rule, scenario, figure: 'rolled back', distance: distanceBetween(first.rolledBack, second.rolledBack) },
        { rule, scenario, figure: 'failed requests', distance: distanceBetween(first.failedRequests, second.failedRequests) },
      ]
    })
  })
}

export interface Spread {
  readonly figures: number
  /** Those that are the same to the last digit: shares of 0 or of 1 as a rule. */
  readonly equal: number
  /** Share of the figures that are at most two standard errors apart. */
  readonly within2: number
  readonly largest: Apart
  /** Bound on the chance that any of so many figures lies so far apart by chance alone, however they depend on each other (Bonferroni). */
  readonly chance: number
}

export function spreadOf(distances: readonly Apart[]): Spread {
  const [largest] = distances.toSorted((one, other) => other.distance - one.distance)
  if (largest === undefined) throw new Error('no figures to compare')
  const within2 = distances.filter(({ distance }) => distance <= 2).length / distances.length
  const equal = distances.filter(({ distance }) => distance === 0).length
  return { figures: distances.length, equal, within2, largest, chance: Math.min(1, distances.length * 2 * normalBelow(-largest.distance)) }
}

export function anotherSeedText({ figures, equal, within2, largest, chance }: Spread, otherSeed: number): string {
  return `### Another seed

Sleepwell's and all peers' shares of rollbacks and failed user requests once more, with seed ${otherSeed}. The distance of two figures is their difference in standard errors of both runs together; about 95 % are within two by chance. The rules meet the same traffic, so their figures stray together.

Of ${figures} figures (${equal} are equal, never or always seen in both runs) **${(100 * within2).toFixed(1)} %** are within 2 standard errors. The largest distance is **${largest.distance.toFixed(1)}**: ${largest.rule}, ${largest.scenario}, ${largest.figure}. By chance alone one of so many is as far with a chance of at most ${chance.toPrecision(2)}.`
}
