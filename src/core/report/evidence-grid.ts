import type { Judgement } from '../analysis/judgement.ts'

/** More points than this leave no room for their labels. */
const MOST_CELLS = 20
/** Thirty years; nothing lasts as long, and beyond it numbers are written in a way that no chart reads. */
const LONGEST_SECONDS = 1e9

type Look = Judgement['overTime'][number]

/** The most that the evidence reached within one cell of time: e-values, not yet their logarithms. */
export interface Point {
  /** End of the cell, in the grid's unit, at most one decimal and unlike every other's. */
  readonly at: number
  readonly harm: number
  readonly health: number
}

export interface Grid {
  readonly unit: 'seconds' | 'minutes' | 'hours'
  /** At least two: the evidence begins at 1, where the first step does. */
  readonly points: readonly Point[]
  /** Whether some points stand for several polls. */
  readonly isThinned: boolean
}

const SECONDS = { seconds: 1, minutes: 60, hours: 3600 } as const

/**
 * Charts space their points evenly, so the evidence is put on even cells of time, one or several of the usual interval
 * each. A cell shows the most that was reached within it, so that thinning hides no peak of either line, or what still
 * stands where no poll was.
 */
export function gridOf(overTime: readonly Look[]): Grid {
  const secondsOf = ({ atSeconds }: Look) => Math.min(LONGEST_SECONDS, Math.max(0, atSeconds))
  const looks = overTime.toSorted((one, other) => one.atSeconds - other.atSeconds)
  const interval = usualInterval(looks.map(secondsOf))
  const intervals = (look: Look) => Math.max(1, Math.round(secondsOf(look) / interval))
  const last = looks.reduce((most, look) => Math.max(most, intervals(look)), 1)
  const joined = Math.ceil(last / MOST_CELLS)
  const inCells = Map.groupBy(looks, (look) => Math.ceil(intervals(look) / joined))
  const unit = unitOf(last * interval)
  const points: Point[] = [{ at: 0, harm: 1, health: 1 }]
  let standing: Pick<Point, 'harm' | 'health'> = { harm: 1, health: 1 }
  for (let cell = 1; cell <= Math.ceil(last / joined); cell += 1) {
    const seen = inCells.get(cell) ?? [standing]
    const at = Math.round(((cell * joined * interval) / SECONDS[unit]) * 10) / 10
    points.push({ at, harm: Math.max(...seen.map(({ harm }) => harm)), health: Math.max(...seen.map(({ health }) => health)) })
    standing = seen.at(-1) ?? standing
  }
  return { unit, points, isThinned: [...inCells.values()].some((seen) => seen.length > 1) }
}

/** The median time from poll to poll, rounded so that labels come out even: no two polls are quite as far apart. */
function usualInterval(times: readonly number[]): number {
  const gaps = times.map((time, index) => time - (times[index - 1] ?? 0)).filter((gap) => gap > 0).toSorted((one, other) => one - other)
  const median = gaps[Math.floor(gaps.length / 2)] ?? 1
  if (median >= 30) return Math.round(median / 5) * 5
  return median >= 2 ? Math.round(median) : Math.max(0.1, Math.round(median * 10) / 10)
}

function unitOf(seconds: number): Grid['unit'] {
  if (seconds < 300) return 'seconds'
  return seconds < 4 * 3600 ? 'minutes' : 'hours'
}
