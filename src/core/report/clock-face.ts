import { Temporal } from 'temporal-polyfill'

/** `14:03:59` of an ISO 8601 instant, UTC; the text itself if it is none. */
export function timeOfDay(iso: string): string {
  return /T(\d\d:\d\d:\d\d)/.exec(iso)?.[1] ?? iso
}

/** Thirty years; nothing that is measured lasts as long. */
const LONGEST_MS = 1e12

/** `840 ms`, `12.3 s` or `4 min 5 s`; `?` of what is no duration. */
export function duration(ms: number): string {
  if (!(Math.abs(ms) < LONGEST_MS)) return '?'
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** Seconds since 1970 of `YYYY-MM-DDTHH:MM:SS(.sss)Z`, the one form that we write. */
export function secondsOf(iso: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(iso)) return undefined
  try {
    return Temporal.Instant.from(iso).epochMilliseconds / 1000
  } catch {
    return undefined
  }
}
