import { describe, expect, it } from 'vitest'
import { compact, eValue, grouped, rate, sharePercent, times, timesTheBaseline } from '../../../src/core/report/numerals.ts'

describe('numbers in a report', () => {
  it.each([
    [1, '1'], [3.2, '3.2'], [4.1, '4.1'], [19.99, '19.9'], [20, '20'], [1 / 0.05, '20'], [999.9, '999'], [9999, '9,999'],
    [10_000, '1e4'], [131_000, '1.3e5'], [1e300, '1e300'], [0.5, '0.5'], [0.047, '0.04'], [0.001, '<0.01'], [0, '0'],
  ])('write the e-value %f as %s, never above what it is', (value, words) => {
    expect(eValue(value)).toBe(words)
  })

  it.each([
    [0, '0 %'], [0.0102, '1.02 %'], [0.12345, '12.3 %'], [1, '100 %'], [0.000_012_34, '0.00123 %'], [1e-9, '<0.001 %'],
  ])('write the rate %f as %s', (share, words) => {
    expect(rate(share)).toBe(words)
  })

  it('write counts, shares and multiples as people do', () => {
    expect([grouped(0), grouped(999), grouped(1000), grouped(1_234_567)]).toEqual(['0', '999', '1,000', '1,234,567'])
    expect([compact(12_345), compact(Number.MAX_SAFE_INTEGER)]).toEqual(['12,345', '9e15'])
    expect([sharePercent(0.5), sharePercent(100)]).toEqual(['0.5 %', '100 %'])
    expect([times(3.14), times(1), times(31), times(123), times(12_345)]).toEqual(['×3.1', '×1', '×31', '×120', '×1.2e4'])
    expect([timesTheBaseline(1), timesTheBaseline(1.25)]).toEqual(["the baseline's", "1.25 times the baseline's"])
  })
})
