import { describe, expect, it } from 'vitest'
import { describeFreeze, isTimeZone, openFreeze, type FreezeWindow, type Weekday } from '../../src/core/freeze.ts'
import { freezeOf } from '../../src/inputs/freeze.ts'

const ms = (iso: string) => Date.parse(iso)
const iso = (instantMs: number) => new Date(instantMs).toISOString().replace('.000Z', 'Z')

interface Told {
  readonly timeZone: string
  readonly days?: Weekday[]
  readonly from: string
  readonly to: string
}

const windowOf = (told: Told): FreezeWindow => freezeOf({ reason: 'quiet please', ...told })

/** When the freeze ends that is open then; `open` without one. */
function frozenUntil(now: string, ...told: readonly Told[]): string {
  const found = openFreeze(told.map(windowOf), ms(now))
  return found === undefined ? 'open' : iso(found.untilMs)
}

describe('a weekly freeze', () => {
  const weekend: Told = { timeZone: 'Europe/Berlin', days: ['fri', 'sat'], from: '16:00', to: '08:00' }

  it.each([
    ['a second before it opens on Friday', '2026-11-27T14:59:59Z', 'open'],
    ['when it opens', '2026-11-27T15:00:00Z', '2026-11-28T07:00:00Z'],
    ['after midnight, on a Saturday that is frozen by the Friday', '2026-11-28T02:00:00Z', '2026-11-28T07:00:00Z'],
    ['when it closes', '2026-11-28T07:00:00Z', 'open'],
    ['a millisecond before', '2026-11-28T06:59:59.999Z', '2026-11-28T07:00:00Z'],
    ['on Saturday evening', '2026-11-28T20:00:00Z', '2026-11-29T07:00:00Z'],
    ['on Sunday evening, which is not named', '2026-11-29T20:00:00Z', 'open'],
    ['on Thursday evening', '2026-11-26T20:00:00Z', 'open'],
  ])('%s', (_when, now, expected) => {
    expect(frozenUntil(now, weekend)).toBe(expected)
  })

  it('means the same local hours in summer and in winter', () => {
    const nightly: Told = { timeZone: 'America/New_York', days: ['wed'], from: '09:00', to: '17:00' }
    expect(frozenUntil('2026-07-01T13:00:00Z', nightly)).toBe('2026-07-01T21:00:00Z')
    expect(frozenUntil('2026-07-01T12:59:59Z', nightly)).toBe('open')
    expect(frozenUntil('2026-12-02T14:00:00Z', nightly)).toBe('2026-12-02T22:00:00Z')
    expect(frozenUntil('2026-12-02T13:59:59Z', nightly)).toBe('open')
  })

  it('knows which day it is there, not here', () => {
    const monday: Told = { timeZone: 'Asia/Kolkata', days: ['mon'], from: '00:00', to: '06:00' }
    expect(frozenUntil('2026-11-22T18:29:59Z', monday)).toBe('open')
    expect(frozenUntil('2026-11-22T18:30:00Z', monday)).toBe('2026-11-23T00:30:00Z')
    expect(frozenUntil('2026-11-23T00:30:00Z', monday)).toBe('open')
  })

  it('of one hour to the same one lasts the whole day', () => {
    const sunday: Told = { timeZone: 'Asia/Kolkata', days: ['sun'], from: '00:00', to: '00:00' }
    expect(frozenUntil('2026-11-21T18:30:00Z', sunday)).toBe('2026-11-22T18:30:00Z')
    expect(frozenUntil('2026-11-22T18:30:00Z', sunday)).toBe('open')
  })

  it('is an hour shorter in the night when clocks are set forward, and an hour longer when they are set back', () => {
    const night: Told = { timeZone: 'Europe/Berlin', days: ['sat'], from: '22:00', to: '06:00' }
    expect(frozenUntil('2026-03-28T21:00:00Z', night)).toBe('2026-03-29T04:00:00Z')
    expect(frozenUntil('2026-03-28T20:59:59Z', night)).toBe('open')
    expect(frozenUntil('2026-10-24T20:00:00Z', night)).toBe('2026-10-25T05:00:00Z')
    expect(frozenUntil('2026-10-24T19:59:59Z', night)).toBe('open')
  })
})

const morning = (from: string, to: string): Told => ({ timeZone: 'Europe/Berlin', days: ['sun'], from, to })

describe('a local time that does not exist', () => {
  it('opens and closes a freeze when the clocks jump over it', () => {
    expect(frozenUntil('2026-03-29T00:59:59Z', morning('02:30', '04:00'))).toBe('open')
    expect(frozenUntil('2026-03-29T01:00:00Z', morning('02:30', '04:00'))).toBe('2026-03-29T02:00:00Z')
    expect(frozenUntil('2026-03-29T00:59:59Z', morning('01:00', '02:30'))).toBe('2026-03-29T01:00:00Z')
    expect(frozenUntil('2026-03-29T01:00:00Z', morning('01:00', '02:30'))).toBe('open')
  })

  it('freezes nothing when both ends are skipped', () => {
    for (const now of ['2026-03-29T00:59:59Z', '2026-03-29T01:00:00Z', '2026-03-29T01:30:00Z']) {
      expect(frozenUntil(now, morning('02:15', '02:45'))).toBe('open')
    }
  })

  it('is skipped in New York an hour earlier in the month, too', () => {
    const range: Told = { timeZone: 'America/New_York', from: '2026-03-08T02:30', to: '2026-03-08T12:00' }
    expect(frozenUntil('2026-03-08T06:59:59Z', range)).toBe('open')
    expect(frozenUntil('2026-03-08T07:00:00Z', range)).toBe('2026-03-08T16:00:00Z')
  })

  it('may be a whole day, where the date line was moved', () => {
    const range: Told = { timeZone: 'Pacific/Apia', from: '2011-12-30T12:00', to: '2011-12-31T12:00' }
    expect(frozenUntil('2011-12-30T09:59:59Z', range)).toBe('open')
    expect(frozenUntil('2011-12-30T10:00:00Z', range)).toBe('2011-12-30T22:00:00Z')
  })
})

describe('a local time that comes twice', () => {
  it('opens a freeze the first time and closes it the second', () => {
    const range: Told = { timeZone: 'Europe/Berlin', from: '2026-10-25T02:15', to: '2026-10-25T02:45' }
    expect(frozenUntil('2026-10-25T00:14:59Z', range)).toBe('open')
    expect(frozenUntil('2026-10-25T00:15:00Z', range)).toBe('2026-10-25T01:45:00Z')
    // 02:50 for the first time: the freeze is not over.
    expect(frozenUntil('2026-10-25T00:50:00Z', range)).toBe('2026-10-25T01:45:00Z')
    expect(frozenUntil('2026-10-25T01:45:00Z', range)).toBe('open')
  })

  it('does so in New York', () => {
    const night: Told = { timeZone: 'America/New_York', days: ['sat'], from: '23:00', to: '01:30' }
    expect(frozenUntil('2026-11-01T03:00:00Z', night)).toBe('2026-11-01T06:30:00Z')
    expect(frozenUntil('2026-11-01T06:29:59Z', night)).toBe('2026-11-01T06:30:00Z')
    expect(frozenUntil('2026-11-01T06:30:00Z', night)).toBe('open')
  })

  it('counts on the day before, where clocks are set back over midnight', () => {
    // Lebanon, 2022-10-30 00:00 became 2022-10-29 23:00.
    const saturday: Told = { timeZone: 'Asia/Beirut', days: ['sat'], from: '23:00', to: '00:00' }
    expect(frozenUntil('2022-10-29T20:00:00Z', saturday)).toBe('2022-10-29T22:00:00Z')
    expect(frozenUntil('2022-10-29T21:30:00Z', saturday)).toBe('2022-10-29T22:00:00Z')
    expect(frozenUntil('2022-10-29T22:00:00Z', saturday)).toBe('open')
  })
})

describe('a freeze of one time', () => {
  const holidays: Told = { timeZone: 'Europe/Berlin', from: '2026-12-23T16:00', to: '2027-01-04T08:00' }

  it.each([
    ['2026-12-23T14:59:59Z', 'open'],
    ['2026-12-23T15:00:00Z', '2027-01-04T07:00:00Z'],
    ['2027-01-04T06:59:59Z', '2027-01-04T07:00:00Z'],
    ['2027-01-04T07:00:00Z', 'open'],
    ['2027-12-24T12:00:00Z', 'open'],
  ])('at %s: %s', (now, expected) => {
    expect(frozenUntil(now, holidays)).toBe(expected)
  })
})

describe('several freezes', () => {
  const friday: Told = { timeZone: 'Europe/Berlin', days: ['fri'], from: '16:00', to: '00:00' }
  const weekend: Told = { timeZone: 'Europe/Berlin', days: ['sat', 'sun'], from: '00:00', to: '00:00' }
  const monday: Told = { timeZone: 'Europe/Berlin', days: ['mon'], from: '00:00', to: '08:00' }

  it('that follow each other without a gap end when the last does', () => {
    expect(frozenUntil('2026-11-27T15:00:00Z', friday, weekend, monday)).toBe('2026-11-30T07:00:00Z')
    expect(frozenUntil('2026-11-27T15:00:00Z', friday, monday)).toBe('2026-11-27T23:00:00Z')
  })

  it('name the open one that closes last', () => {
    const windows = [windowOf(friday), { ...windowOf({ timeZone: 'UTC', from: '2026-11-27T00:00', to: '2026-12-01T00:00' }), reason: 'the sale' }]
    expect(openFreeze(windows, ms('2026-11-27T15:00:00Z'))).toMatchObject({ window: { reason: 'the sale' }, untilMs: ms('2026-12-01T00:00:00Z') })
    expect(openFreeze(windows, ms('2026-12-04T15:00:00Z'))).toMatchObject({ window: { reason: 'quiet please' } })
  })

  it('that never end are still found open', () => {
    const always: Told = { timeZone: 'UTC', days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '00:00' }
    expect(frozenUntil('2026-11-27T15:00:00Z', always)).not.toBe('open')
  })

  it('are none without any', () => {
    expect(openFreeze([], ms('2026-11-27T15:00:00Z'))).toBeUndefined()
  })
})

function text(told: Told, now: string): string {
  const open = openFreeze([windowOf(told)], ms(now))
  return open === undefined ? 'open' : describeFreeze(open)
}

describe('what is told of a freeze', () => {
  it('is its reason, and its end there and in UTC', () => {
    expect(text({ timeZone: 'Asia/Kolkata', days: ['mon'], from: '09:00', to: '18:00' }, '2026-11-23T06:00:00Z')).toBe('"quiet please" until 2026-11-23 18:00 Asia/Kolkata (2026-11-23 12:30 UTC)')
    expect(text({ timeZone: 'UTC', from: '2026-01-01T00:00', to: '2026-01-02T03:04' }, '2026-01-01T06:00:00Z')).toBe('"quiet please" until 2026-01-02 03:04 UTC')
  })

  it('is the time that clocks show then, where the one in the file is skipped', () => {
    expect(text({ timeZone: 'Europe/Berlin', days: ['sun'], from: '01:00', to: '02:30' }, '2026-03-29T00:30:00Z')).toContain('until 2026-03-29 03:00 Europe/Berlin (2026-03-29 01:00 UTC)')
  })
})

describe('the name of a zone', () => {
  it.each([
    ['Europe/Berlin', true],
    ['Asia/Kolkata', true],
    ['UTC', true],
    ['Europe/Atlantis', false],
    ['+01:00', false],
    ['', false],
    ['Europe/Berlin ', false],
  ])('%s is a time zone: %s', (name, expected) => {
    expect(isTimeZone(name)).toBe(expected)
  })
})
