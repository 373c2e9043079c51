import { table } from '../markdown.ts'
import { distanceOfMeans, distanceOfShares, PUBLISHED, type Published } from './published.ts'
import type { Row } from './tables.ts'
import { percent, plain, share } from './tables.ts'

/** One figure of ours and the study's. */
export interface FromStudy {
  readonly scenario: string
  readonly figure: 'rolled back' | 'failed requests'
  /** In standard errors of both, with the printed figure's rounding. */
  readonly distance: number
}

/** Every share and mean that the study printed for a rule. */
export function distancesFromStudy({ rule, figures }: Row, { runs, figures: published }: Published): readonly FromStudy[] {
  return Object.entries(published).flatMap(([scenario, { rolledBack, failedRequests }]): readonly FromStudy[] => {
    const ours = figures[scenario]
    if (ours === undefined) throw new Error(`${rule} was not run in ${scenario}`)
    return [
      ...(rolledBack === undefined ? [] : [{ scenario, figure: 'rolled back', distance: distanceOfShares({ value: ours.rolledBack.value, runs: ours.runs }, rolledBack, runs) } as const]),
      ...(failedRequests === undefined ? [] : [{ scenario, figure: 'failed requests', distance: distanceOfMeans({ ...ours.failedRequests, runs: ours.runs }, failedRequests, runs) } as const]),
    ]
  })
}

function publishedFor({ rule }: Row): Published | undefined {
  return PUBLISHED.find((one) => one.rule === rule)
}

/** One rule, figure by figure. */
function fullTable(row: Row): string {
  const published = publishedFor(row)
  if (published === undefined) throw new Error(`the study has no ${row.rule}`)
  const distances = distancesFromStudy(row, published)
  const cells = Object.entries(published.figures).map(([scenario, study]) => {
    const ours = row.figures[scenario]
    const apart = (figure: FromStudy['figure']) => distances.find((one) => one.scenario === scenario && one.figure === figure)?.distance.toFixed(1) ?? ''
    return [
      scenario,
      ...(study.rolledBack === undefined || ours === undefined ? ['', ''] : [`${percent(study.rolledBack.value)} %`, share(ours.rolledBack)]),
      apart('rolled back'),
      ...(study.medianMinutes === undefined ? ['', ''] : [String(study.medianMinutes.value), ours?.medianMinutes === undefined ? '–' : plain(ours.medianMinutes)]),
      ...(study.failedRequests === undefined || ours === undefined ? ['', ''] : [String(study.failedRequests.value), plain(ours.failedRequests)]),
      apart('failed requests'),
    ]
  })
  return table(['scenario', 'rolled back, study', 'here', 'errors between', 'minute, study', 'here', 'failed, study', 'here', 'errors between'], cells)
}

/** Each rule in one line: where it is farthest from the study. */
function farthestTable(rows: readonly Row[]): string {
  const cells = rows.flatMap((row) => {
    const published = publishedFor(row)
    if (published === undefined) return []
    const distances = distancesFromStudy(row, published)
    const [farthest] = distances.toSorted((one, other) => other.distance - one.distance)
    return farthest === undefined ? [] : [[row.rule, String(published.runs), String(distances.length), farthest.distance.toFixed(1), `${farthest.scenario}, ${farthest.figure}`]]
  })
  return table(['rule', 'runs of the study', 'figures compared', 'largest distance', 'where'], cells)
}

export function besideTheStudy(ours: Row, others: readonly Row[]): string {
  return `### Beside the study before it

The figures of the simulation that Sleepwell's design rests on: other code, other seeds. Distances are in standard errors of both together, with the rounding of what was printed; the study printed no errors of its means and is given ours, scaled to its runs. First Sleepwell, figure by figure:

${fullTable(ours)}

Then every rule that the study has as well, by its shares of rollbacks and its mean failed requests:

${farthestTable([ours, ...others])}`
}
