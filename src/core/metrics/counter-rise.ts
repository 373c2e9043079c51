/** What a query for one number came to at one moment. */
export type CounterReading =
  | { readonly kind: 'number'; readonly value: number; readonly isScalar: boolean }
  /** No series, or one that has no value there: never zero. */
  | { readonly kind: 'absent' }

export type Rise = { readonly kind: 'ok'; readonly count: number } | { readonly kind: 'unknown'; readonly message: string }

/** Floats carry whole numbers exactly, but sums of them pass through exporters that print few digits. */
const ROUNDING = 1e-3

/** How far a counter rose from one reading to the other. */
export function riseBetween(start: CounterReading, end: CounterReading): Rise {
  if (start.kind === 'absent') return unknown('no sample at the start of the interval')
  if (end.kind === 'absent') return unknown('no sample at the end of the interval')
  const rise = end.value - start.value
  const count = Math.round(rise)
  if (rise < -ROUNDING) return unknown('the counter fell: it was reset, or some of its series are gone')
  if (Math.abs(rise - count) > ROUNDING || !Number.isSafeInteger(count)) return unknown(`${rise} is no count: a raw counter is wanted`)
  return { kind: 'ok', count: Math.max(0, count) }
}

const unknown = (message: string): Rise => ({ kind: 'unknown', message })
