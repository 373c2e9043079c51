import { expect, it } from 'vitest'
import { formatMarker, isSameMarker, readMarker } from '../../src/core/marker.ts'

const marker = { command: 'deploy', runId: 12_345_678_901, runAttempt: 2 } as const

it('reads back the marker that it wrote, whatever text follows', () => {
  expect(readMarker(formatMarker(marker))).toEqual(marker)
  expect(readMarker(`${formatMarker(marker)} candidate at 0 %`)).toEqual(marker)
  expect(readMarker('sleepwell/rollback/7.1 by hand')).toEqual({ command: 'rollback', runId: 7, runAttempt: 1 })
})

it.each([undefined, '', 'Rollback', 'sleepwell', 'sleepwell/deploy/1', 'xsleepwell/deploy/1.1', 'sleepwell/deploy/1.1x', 'sleepwell/drill/1.1'])(
  'sees no marker in %o',
  (message) => {
    expect(readMarker(message)).toBeUndefined()
  },
)

it('tells runs and attempts apart', () => {
  expect(isSameMarker(marker, { ...marker })).toBe(true)
  expect(isSameMarker(marker, { ...marker, runAttempt: 3 })).toBe(false)
  expect(isSameMarker(marker, { ...marker, command: 'rollback' })).toBe(false)
  expect(isSameMarker(undefined, marker)).toBe(false)
})
