import { secondsOf } from '../report/clock-face.ts'
import { isOpen, type Entry, type PayloadOf } from './entries.ts'

export type Hold = Entry<PayloadOf<'hold'>>

/** Those that stand, newest first, whoever asked for them: what stops is believed sooner than what goes. */
export function standingHolds(holds: readonly Hold[], nowMs: number): readonly Hold[] {
  return holds.filter((hold) => isOpen(hold) && !hasExpired(hold, nowMs))
}

/** An end that cannot be read is none: the hold stands until it is lifted. */
function hasExpired({ payload: { until } }: Hold, nowMs: number): boolean {
  const seconds = until === undefined ? undefined : secondsOf(until)
  return seconds !== undefined && nowMs >= seconds * 1000
}

/** Whose hold it is, until when, and why; the reason is theirs. */
export function describeHold({ payload: { owner, reason, until } }: Hold): string {
  return `Held by ${owner} ${describeHoldEnd(until)}: ${reason}`
}

/** `until 2026-12-24 16:00 UTC, or until released`. */
export function describeHoldEnd(until: string | undefined): string {
  return until === undefined ? 'until released' : `until ${until.slice(0, 16).replace('T', ' ')} UTC, or until released`
}

/** Description of the `inactive` status that lifts a hold; never empty, since an empty one lifts nothing. */
export function formatRelease(by: string): string {
  return `released: ${by}`
}
