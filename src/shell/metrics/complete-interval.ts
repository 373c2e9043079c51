import { silent, type Doubt, type Interval } from './source.ts'

export const HOUR_MS = 3_600_000

/** The newest time of this length that is complete, an hour unless told otherwise: what is usual before the first step. */
export function newestComplete(nowMs: number, lagSeconds: number, lengthMs = HOUR_MS): Interval {
  const toMs = nowMs - lagSeconds * 1000
  return { fromMs: toMs - lengthMs, toMs }
}

/** From so many times its lag on, an interval counts as complete although nothing later has arrived: the Worker is quiet. */
const LAGS_UNTIL_QUIET = 5

/** Whether silence after an interval may still mean that its own end has not arrived. */
export function isFresh(interval: Interval, lagSeconds: number, nowMs: number): boolean {
  return nowMs < interval.toMs + lagSeconds * 1000 * LAGS_UNTIL_QUIET
}

/** Why it is too early to count an interval, if it is. */
export function tooEarly(interval: Interval, lagSeconds: number, nowMs: number): Doubt | undefined {
  const completeAtMs = interval.toMs + lagSeconds * 1000
  return nowMs < completeAtMs ? silent(`the interval is complete only at ${new Date(completeAtMs).toISOString()}`) : undefined
}
