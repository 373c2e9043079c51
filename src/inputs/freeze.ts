import { z } from 'zod'
import { isEarlier, isLocalTime, isTimeOfDay, isTimeZone, WEEKDAYS, type FreezeWindow } from '../core/freeze.ts'
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
  const [isRead, expected] = days === undefined ? [isLocalTime, LOCAL_TIME] : [isTimeOfDay, TIME_OF_DAY]
  if (!isRead(from)) wrong('from', expected)
  if (!isRead(to)) wrong('to', expected)
  if (days === undefined && isRead(from) && isRead(to) && !isEarlier(from, to)) wrong('to', 'expected a time after `from`')
})

export type FileFreeze = z.infer<typeof freezeSchema>

export function freezeOf({ days, ...told }: FileFreeze): FreezeWindow {
  return days === undefined ? { kind: 'range', ...told } : { kind: 'weekly', ...told, days }
}
