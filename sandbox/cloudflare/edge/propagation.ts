import { pointOf } from './split.ts'

/** Something that was published at one moment and reaches each location after that location's delay. */
export interface Published<T> {
  /** Milliseconds since the epoch. */
  readonly publishedAt: number
  /** One per location. */
  readonly delaysMilliseconds: readonly number[]
  readonly value: T
}

/** Spreads the locations evenly: the last one waits the whole time, the first one the shortest. */
export function spreadDelays(longestMilliseconds: number, locations: number): readonly number[] {
  return Array.from({ length: locations }, (_, index) => (longestMilliseconds * (index + 1)) / locations)
}

/** What a location has seen last (newest last in `history`); before its first delay is over, nothing. */
export function seenAt<T>(history: readonly Published<T>[], location: number, now: number): T | undefined {
  return history.findLast((entry) => arrivesAt(entry, location) <= now)?.value
}

/** Drops what no location sees any more, and what none will see again. */
export function stillSeen<T>(history: readonly Published<T>[], now: number): readonly Published<T>[] {
  const everywhere = history.findLastIndex((entry) => everywhereAt(entry) <= now)
  return history.slice(Math.max(0, everywhere))
}

/** When the last location sees it. */
export function everywhereAt(entry: Published<unknown>): number {
  return entry.publishedAt + Math.max(0, ...entry.delaysMilliseconds)
}

function arrivesAt({ publishedAt, delaysMilliseconds }: Published<unknown>, location: number): number {
  return publishedAt + (delaysMilliseconds[location % delaysMilliseconds.length] ?? 0)
}

/** The location that a name stands for: a number is itself, another name always the same one of 1000. */
export function locationNamed(name: string): number {
  return /^\d{1,6}$/.test(name) ? Number(name) : Math.floor(pointOf(name) * 10)
}
