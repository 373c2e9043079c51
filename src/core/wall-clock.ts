import { daysFromCivil } from './civil-days.ts'

// Local time of a zone. Core has no Date, and needs none: Intl formats the number of an instant.

const DAY_MS = 86_400_000

/** What the zone's clocks show at an instant, as milliseconds since they showed 1970-01-01 00:00. */
export type WallClock = (instantMs: number) => number

/** Whether the IANA database has this zone; an offset such as +01:00, which Intl takes too, knows no summer time. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    return formatFor(name).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export function wallClockOf(timeZone: string): WallClock {
  const format = formatFor(timeZone)
  return (instantMs) => {
    const shown = new Map<string, number>(format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]))
    const part = (type: Intl.DateTimeFormatPartTypes) => shown.get(type) ?? 0
    const hours = daysFromCivil(part('year'), part('month'), part('day')) * 24 + part('hour')
    const withinSecondMs = instantMs - Math.floor(instantMs / 1000) * 1000
    return ((hours * 60 + part('minute')) * 60 + part('second')) * 1000 + withinSecondMs
  }
}

/** `2026-12-24 16:00` as the zone's clocks show it. */
export function wallTimeOf(timeZone: string, instantMs: number): string {
  const shown = new Map<string, string>(formatFor(timeZone).formatToParts(instantMs).map(({ type, value }) => [type, value.padStart(2, '0')]))
  const part = (type: Intl.DateTimeFormatPartTypes) => shown.get(type) ?? ''
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`
}

export interface Shown {
  readonly firstMs: number
  readonly lastMs: number
}

/**
 * The first and the last instant at which the clocks show a local time: two when they are set back over it. One that
 * they skip is the instant of the jump.
 */
export function instantsOf(clock: WallClock, wallMs: number): Shown {
  // No zone is a day from UTC, so a change near this local time lies between the two.
  const [before = 0, after = 0] = [wallMs - DAY_MS, wallMs + DAY_MS].map((nearMs) => clock(nearMs) - nearMs)
  const showing = [wallMs - before, wallMs - after].filter((instantMs) => clock(instantMs) === wallMs)
  if (showing.length > 0) return { firstMs: Math.min(...showing), lastMs: Math.max(...showing) }
  const jumpMs = jumpOver(clock, wallMs, { earlyMs: wallMs - after, lateMs: wallMs - before })
  return { firstMs: jumpMs, lastMs: jumpMs }
}

/** By halving: before the jump the clocks show less than the skipped time, from then on more. */
function jumpOver(clock: WallClock, wallMs: number, { earlyMs, lateMs }: { readonly earlyMs: number; readonly lateMs: number }): number {
  let [early, late] = [earlyMs, lateMs]
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2)
    if (clock(middle) < wallMs) early = middle
    else late = middle
  }
  return late
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
}
