import type { Interval } from './source.ts'

/** The newest hour that is complete: what is usual before the first step. */
export function lastHour(nowMs: number, lagSeconds: number): Interval {
  const toMs = nowMs - lagSeconds * 1000
  return { fromMs: toMs - 3_600_000, toMs }
}

/** From so many times its lag on, an interval counts as complete although nothing later has arrived: the Worker is quiet. */
const LAGS_UNTIL_QUIET = 5

/** Whether silence after an interval may still mean that its own end has not arrived. */
export function isFresh(interval: Interval, lagSeconds: number, nowMs: number): boolean {
  return nowMs < interval.toMs + lagSeconds * 1000 * LAGS_UNTIL_QUIET
}

/** Why it is too early to count an interval, if it is. */
export function tooEarly(interval: Interval, lagSeconds: number, nowMs: number): string | undefined {
  const completeAtMs = interval.toMs + lagSeconds * 1000
  return nowMs < completeAtMs ? `the interval is complete only at ${new Date(completeAtMs).toISOString()}` : undefined
}
