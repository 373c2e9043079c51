import { z } from 'zod'
import { daysFromCivil, isCivilDay } from '../core/civil-days.ts'
import { WEEKDAYS, type FreezeWindow } from '../core/freeze.ts'
import { isTimeZone } from '../core/wall-clock.ts'
import { strict } from './schema-parts.ts'

const TIME_OF_DAY = 'expected a time of day such as "16:00", from 00:00 to 23:59'
const LOCAL_TIME = 'expected a local date and time such as 2026-12-24T16:00, without an offset'

export const freezeSchema = strict({
  reason: z.string().min(1).max(200).regex(/^[^\r\n\0]*$/, 'expected one line').describe('Shown to whoever is refused.'),
  timeZone: z.string().refine(isTimeZone, { error: 'expected the name of a time zone in the IANA database, such as Europe/Berlin' }).describe('IANA name of the zone whose clocks `from` and `to` are read off.'),
  days: z.array(z.enum(WEEKDAYS)).min(1).max(7).optional().describe('Opens every week on each of these days; without it, the window is open once.'),
  from: z.string().describe('With `days` a time of day such as "16:00", else a local date and time such as 2026-12-24T16:00.'),
  to: z.string().describe('Like `from`; with `days`, a time no later than `from` is one of the next day.'),
}).superRefine(({ days, from, to }, context) => {
  const wrong = (key: 'from' | 'to', message: string) => context.addIssue({ code: 'custom', path: [key], message })
  const read = days === undefined ? wallMsOf : minuteOf
  const [begin, end] = [read(from), read(to)]
  const expected = days === undefined ? LOCAL_TIME : TIME_OF_DAY
  if (begin === undefined) wrong('from', expected)
  if (end === undefined) wrong('to', expected)
  if (days === undefined && begin !== undefined && end !== undefined && end <= begin) wrong('to', 'expected a time after `from`')
})

export type FileFreeze = z.infer<typeof freezeSchema>

export function freezeOf({ days, from, to, ...told }: FileFreeze): FreezeWindow {
  // The schema has read these texts once; nothing is left to fall back from.
  if (days === undefined) return { kind: 'range', ...told, fromWallMs: wallMsOf(from) ?? 0, toWallMs: wallMsOf(to) ?? 0 }
  return { kind: 'weekly', ...told, days, fromMinute: minuteOf(from) ?? 0, toMinute: minuteOf(to) ?? 0 }
}

function minuteOf(text: string): number | undefined {
  const [hours, minutes] = numbersIn(/^([01]\d|2[0-3]):([0-5]\d)$/, text)
  return hours === undefined || minutes === undefined ? undefined : hours * 60 + minutes
}

function wallMsOf(text: string): number | undefined {
  const [year = 0, month = 0, day = 0] = numbersIn(/^(\d{4})-(\d\d)-(\d\d)T/, text)
  const minute = minuteOf(text.slice('YYYY-MM-DDT'.length))
  if (minute === undefined || !isCivilDay(year, month, day)) return undefined
  return (daysFromCivil(year, month, day) * 1440 + minute) * 60_000
}

function numbersIn(pattern: RegExp, text: string): readonly number[] {
  return pattern.exec(text)?.slice(1).map(Number) ?? []
}
