import { expect, test } from 'vitest'
import { servedBy } from '../../../src/core/analysis/served.ts'
import type { Poll } from '../../../src/core/analysis/counts.ts'
import { settingsWith, stratumOf, type Row } from './samples.ts'

const settings = settingsWith({
  metrics: [
    { name: 'exceptions', kind: 'errors' },
    { name: 'server-errors', kind: 'errors' },
    { name: 'slow', kind: 'latency' },
    { name: 'probes', kind: 'errors', traffic: 'own' },
  ],
})
const poll = (step: number, seconds: number, rows: Readonly<Record<string, Row>>): Poll => ({ step, atSeconds: 0, seconds, metrics: Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, stratumOf(row)])) })

test('adds up what the candidate served over all steps, after promotion as well, at the rate of all traffic', () => {
  const polls = [
    poll(0, 15, { exceptions: [10, 0, 140, 1], 'server-errors': [10, 1, 140, 1], slow: [10, 9, 140, 9] }),
    poll(0, 0, {}),
    poll(1, 30, { exceptions: [300, 4, 0, 0], 'server-errors': [300, 7, 0, 0], slow: [300, 20, 0, 0] }),
  ]
  // Two metrics may have counted one failure; what is slow has not failed.
  expect(servedBy(settings, polls)).toEqual({ traffic: 'users', unit: 'request', total: 310, failed: 8, perSecond: 10 })
})

test('goes by the requests of users where anybody counted them, however few', () => {
  const own: Row = [900, 5, 900, 5]
  expect(servedBy(settings, [poll(0, 15, { probes: own, exceptions: [3, 1, 27, 0] })])).toEqual({ traffic: 'users', unit: 'request', total: 3, failed: 1, perSecond: 2 })
  expect(servedBy(settings, [poll(0, 15, { probes: own })])).toEqual({ traffic: 'own', unit: 'request', total: 900, failed: 5 })
})

test('knows no rate where no time was counted, and nothing where nothing was', () => {
  expect(servedBy(settings, [poll(0, 0, { slow: [3, 1, 27, 0] })])).toEqual({ traffic: 'users', unit: 'request', total: 3, failed: 0 })
  expect(servedBy(settingsWith({ metrics: [{ name: 'slow', kind: 'latency' }] }), [poll(0, 0, { slow: [3, 1, 27, 0] })])).toEqual({ traffic: 'users', unit: 'request', total: 3 })
  expect(servedBy(settings, [])).toBeUndefined()
  expect(servedBy(settings, [poll(0, 15, { exceptions: [3, 4, 27, 0] })])).toBeUndefined()
})
