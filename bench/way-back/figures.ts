/** Of one thing measured several times; milliseconds. */
export interface Figures {
  readonly median: number
  readonly least: number
  readonly most: number
  readonly runs: number
}

export function figuresOf(values: readonly number[]): Figures {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted.length / 2
  const median = sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
  return { median: median ?? Number.NaN, least: sorted[0] ?? Number.NaN, most: sorted.at(-1) ?? Number.NaN, runs: sorted.length }
}

export function inWords({ median, least, most, runs }: Figures): string {
  return `${Math.round(median)} ms (${Math.round(least)} to ${Math.round(most)}, n = ${runs})`
}
