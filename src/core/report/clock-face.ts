import { daysFromCivil } from '../civil-days.ts'

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

/** Seconds since 1970 of `YYYY-MM-DDTHH:MM:SS(.sss)Z`; core has no Date, and reads only this one form. */
export function secondsOf(iso: string): number | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d(?:\.\d+)?)Z$/.exec(iso)
  if (parts === null) return undefined
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map(Number)
  return daysFromCivil(year, month, day) * 86_400 + hours * 3600 + minutes * 60 + seconds
}
