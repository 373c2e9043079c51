import { secondsOf, timeOfDay } from './clock-face.ts'
import type { SplitPoint } from './report.ts'

/** More points than this make an unreadable chart; the table has them all. */
const MOST_POINTS = 24

/** The split as it moved: a table for everybody, and a chart where Mermaid is drawn. */
export function renderSplits(splits: readonly SplitPoint[]): string {
  if (splits.length === 0) return 'The split never moved.'
  const moves = splits.filter(({ candidatePercent }, index) => candidatePercent !== splits[index - 1]?.candidatePercent)
  const rows = moves.map(
    ({ at, candidatePercent }) => `| ${timeOfDay(at)} | ${percent(candidatePercent)} | ${percent(100 - candidatePercent)} |`,
  )
  const table = ['| Read back (UTC) | Candidate | Baseline |', '| --- | ---: | ---: |', ...rows].join('\n')
  const hasRisen = splits.some(({ candidatePercent }) => candidatePercent > 0)
  return hasRisen ? `${table}\n\n${chart(splits.slice(-MOST_POINTS))}` : table
}

/**
 * Only our own numbers and words enter the chart, and no HTML: GitHub strips tags from Mermaid's labels or hangs
 * on them. `xychart-beta` is the name that every Mermaid since 10 reads.
 */
function chart(splits: readonly SplitPoint[]): string {
  const start = secondsOf(splits[0]?.at ?? '') ?? 0
  const labels = splits.map(({ at }) => `"+${Math.round((secondsOf(at) ?? start) - start)} s"`)
  return [
    '```mermaid',
    'xychart-beta',
    '  title "Candidate, % of requests"',
    `  x-axis [${labels.join(', ')}]`,
    '  y-axis "%" 0 --> 100',
    `  bar [${splits.map(({ candidatePercent }) => round(candidatePercent)).join(', ')}]`,
    '```',
  ].join('\n')
}

function percent(value: number): string {
  return `${round(value)} %`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
