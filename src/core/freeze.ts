import { Temporal } from 'temporal-polyfill'

// Times in which no deploy goes forward. A way back is none: rollbacks and recoveries never ask here.

/** In the order of ISO 8601: the first is day 1 of a week. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof WEEKDAYS)[number]

interface Told {
  /** Shown to whoever is refused. */
  readonly reason: string
  /** IANA name. */
  readonly timeZone: string
  /** Local time: `16:00` every week, `2026-12-24T16:00` once. */
  readonly from: string
  readonly to: string
}

/** Opens on each of the days; closes on the same one, or on the next if its end is no later than its begin. */
export interface WeeklyFreeze extends Told {
  readonly kind: 'weekly'
  readonly days: readonly Weekday[]
}

/** Once. */
export interface RangeFreeze extends Told {
  readonly kind: 'range'
}

export type FreezeWindow = WeeklyFreeze | RangeFreeze

export interface OpenFreeze {
  readonly window: FreezeWindow
  /** First instant at which no window is open any more. */
  readonly untilMs: number
}

/** Windows that follow each other without a gap may never end: nobody plans further than this. */
const MOST_IN_A_ROW = 60

/** The window that is open now; with several, the one that closes last. */
export function openFreeze(windows: readonly FreezeWindow[], nowMs: number): OpenFreeze | undefined {
  const open = lastToClose(windows, nowMs)
  if (open === undefined) return undefined
  let { untilMs } = open
  for (let more = 0; more < MOST_IN_A_ROW; more += 1) {
    const next = lastToClose(windows, untilMs)
    if (next === undefined) break
    untilMs = next.untilMs
  }
  return { window: open.window, untilMs }
}

/** Which one and until when, in its own zone and in UTC. */
export function describeFreeze({ window, untilMs }: OpenFreeze): string {
  const utc = window.timeZone === 'UTC' ? '' : ` (${wallTimeOf('UTC', untilMs)} UTC)`
  return `"${window.reason}" until ${wallTimeOf(window.timeZone, untilMs)} ${window.timeZone}${utc}`
}

/** Whether the IANA database has this zone; an offset such as +01:00 knows no summer time. */
export function isTimeZone(name: string): boolean {
  return /^[A-Za-z]/.test(name) && isParsed(() => atMs(0, name))
}

export function isTimeOfDay(text: string): boolean {
  return /^\d\d:\d\d$/.test(text) && isParsed(() => Temporal.PlainTime.from(text))
}

export function isLocalTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) && isParsed(() => Temporal.PlainDateTime.from(text))
}

export function isEarlier(one: string, other: string): boolean {
  return Temporal.PlainDateTime.compare(one, other) < 0
}

function isParsed(parse: () => unknown): boolean {
  try {
    return parse() !== undefined
  } catch {
    return false
  }
}

function lastToClose(windows: readonly FreezeWindow[], nowMs: number): OpenFreeze | undefined {
  const open = windows.flatMap((window) => spansNear(window, nowMs).filter((span) => span.fromMs <= nowMs && nowMs < span.untilMs).map(({ untilMs }) => ({ window, untilMs })))
  return open.toSorted((one, other) => other.untilMs - one.untilMs)[0]
}

interface Span {
  readonly fromMs: number
  readonly untilMs: number
}

function spansNear(window: FreezeWindow, nowMs: number): readonly Span[] {
  const { timeZone, from, to } = window
  switch (window.kind) {
    case 'range':
      return [spanOf(timeZone, Temporal.PlainDateTime.from(from), Temporal.PlainDateTime.from(to))]
    case 'weekly': {
      const today = atMs(nowMs, timeZone).toPlainDate()
      const lasts = { days: Temporal.PlainTime.compare(to, from) > 0 ? 0 : 1 }
      // Clocks that are set back over midnight show a day that has begun already as not begun.
      const days = [-2, -1, 0, 1].map((away) => today.add({ days: away })).filter(({ dayOfWeek }) => window.days.some((day) => WEEKDAYS.indexOf(day) === dayOfWeek - 1))
      return days.map((day) => spanOf(timeZone, day.toPlainDateTime(from), day.add(lasts).toPlainDateTime(to)))
    }
  }
}

/** Where clocks show a time twice, the longer freeze is meant. */
function spanOf(timeZone: string, from: Temporal.PlainDateTime, to: Temporal.PlainDateTime): Span {
  return { fromMs: instantOf(timeZone, from, 'earlier'), untilMs: instantOf(timeZone, to, 'later') }
}

/** A local time that the clocks skip is the instant at which they jump over it. */
function instantOf(timeZone: string, local: Temporal.PlainDateTime, disambiguation: 'earlier' | 'later'): number {
  const found = local.toZonedDateTime(timeZone, { disambiguation })
  if (found.toPlainDateTime().equals(local)) return found.epochMilliseconds
  const before = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' })
  return (before.getTimeZoneTransition('next') ?? before).epochMilliseconds
}

/** `2026-12-24 16:00` as the zone's clocks show it. */
function wallTimeOf(timeZone: string, instantMs: number): string {
  return atMs(instantMs, timeZone).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ')
}

function atMs(instantMs: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timeZone)
}
