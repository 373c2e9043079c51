import { expect } from 'vitest'

/** How many cases of each fault ended in which way, and what was wrong with any of them. */
export interface Tally {
  count(fault: string, ending: string): void
  complain(name: string, complaints: readonly string[]): void
  /** Prints the table, and fails with every case that was not as expected. */
  finish(title: string): void
}

export function openTally(): Tally {
  const rows: Record<string, Record<string, number>> = {}
  const failures: string[] = []
  return {
    count(fault, ending) {
      const row = (rows[fault] ??= {})
      row[ending] = (row[ending] ?? 0) + 1
    },
    complain: (name, complaints) => void failures.push(...complaints.map((one) => `${name}: ${one}`)),
    finish(title) {
      const all = Object.values(rows).flatMap((row) => Object.values(row))
      console.log(`${title}: ${all.reduce((sum, one) => sum + one, 0)} cases`)
      console.table(rows)
      expect(failures).toEqual([])
    },
  }
}

export const IS_FULL = process.env['CAMPAIGN'] === 'full'

export interface Pair<Place, Trouble> {
  readonly call: Place
  readonly trouble: Trouble
}

/**
 * Every call meets so many of the troubles, in turn, so that each trouble comes as often as the others; with
 * CAMPAIGN=full (nightly) every call meets every one.
 */
export function pairUp<Place, Trouble>(calls: readonly Place[], troubles: readonly Trouble[], each: number): readonly Pair<Place, Trouble>[] {
  const most = IS_FULL ? troubles.length : each
  return calls.flatMap((call, index) => [...troubles, ...troubles].slice((index * most) % troubles.length).slice(0, most).map((trouble) => ({ call, trouble })))
}

export interface Campaign<Case> {
  readonly cases: readonly Case[]
  readonly tally: Tally
  readonly nameOf: (one: Case) => string
}

/** Some at a time: each case waits more than it works. One that throws is one that failed, by its name. */
export async function forEach<Case>({ cases, tally, nameOf }: Campaign<Case>, act: (one: Case) => Promise<readonly string[]>): Promise<void> {
  const queue = [...cases]
  const work = async () => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) tally.complain(nameOf(one), await act(one).catch((error: unknown) => [String(error)]))
  }
  await Promise.all(Array.from({ length: 4 }, work))
}
