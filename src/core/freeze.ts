import { instantsOf, wallClockOf, wallTimeOf, type WallClock } from './wall-clock.ts'

// Times in which no deploy begins. A way back is none: rollbacks and recoveries never ask here.

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const DAY_MINUTES = 1440

/** 1970-01-01 was a Thursday; counted from there, day 0 is the first of these. */
export const WEEKDAYS = ['thu', 'fri', 'sat', 'sun', 'mon', 'tue', 'wed'] as const
export type Weekday = (typeof WEEKDAYS)[number]

interface Told {
  /** Shown to whoever is refused. */
  readonly reason: string
  /** IANA name. */
  readonly timeZone: string
}

/** Opens on each of the days; closes on the same one, or on the next if its end is no later than its begin. */
export interface WeeklyFreeze extends Told {
  readonly kind: 'weekly'
  readonly days: readonly Weekday[]
  readonly fromMinute: number
  readonly toMinute: number
}

/** Once; both ends are local times as `WallClock` counts them. */
export interface RangeFreeze extends Told {
  readonly kind: 'range'
  readonly fromWallMs: number
  readonly toWallMs: number
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

function lastToClose(windows: readonly FreezeWindow[], nowMs: number): OpenFreeze | undefined {
  const open = windows.flatMap((window) => spansNear(window, nowMs).filter((span) => span.fromMs <= nowMs && nowMs < span.untilMs).map(({ untilMs }) => ({ window, untilMs })))
  return open.toSorted((one, other) => other.untilMs - one.untilMs)[0]
}

interface Span {
  readonly fromMs: number
  readonly untilMs: number
}

function spansNear(window: FreezeWindow, nowMs: number): readonly Span[] {
  const clock = wallClockOf(window.timeZone)
  switch (window.kind) {
    case 'range':
      return [spanOf(clock, window.fromWallMs, window.toWallMs)]
    case 'weekly': {
      const today = Math.floor(clock(nowMs) / DAY_MS)
      // Clocks that are set back over midnight show a day that has begun already as not begun.
      const days = [today - 2, today - 1, today, today + 1].filter((day) => window.days.includes(weekdayOf(day)))
      const lasts = window.toMinute + (window.toMinute > window.fromMinute ? 0 : DAY_MINUTES)
      return days.map((day) => spanOf(clock, day * DAY_MS + window.fromMinute * MINUTE_MS, day * DAY_MS + lasts * MINUTE_MS))
    }
  }
}

/** Where clocks show a time twice, the longer freeze is meant. */
function spanOf(clock: WallClock, fromWallMs: number, toWallMs: number): Span {
  return { fromMs: instantsOf(clock, fromWallMs).firstMs, untilMs: instantsOf(clock, toWallMs).lastMs }
}

function weekdayOf(day: number): Weekday {
  return WEEKDAYS[((day % 7) + 7) % 7] ?? 'thu'
}
