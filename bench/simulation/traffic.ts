import type { Counts } from '../../src/core/analysis/counts.ts'
import { NORMAL_QUANTILE, normalBelow } from './normal.ts'
import type { Random } from './random.ts'
import { poisson } from './random.ts'

/** What one version served in one minute, as every rule may see it. */
export interface Served {
  readonly requests: Counts
  /** The same by users, each counted once; `bad` if their requests failed. */
  readonly users: Counts
  /** Requests above the baseline's own quantiles, and above the limit that the rules with a latency limit are given. */
  readonly slow: { readonly p50: number; readonly p95: number; readonly p99: number; readonly limit: number }
}

export interface Minute {
  /** From 0. */
  readonly minute: number
  readonly step: number
  readonly endsStep: boolean
  readonly candidate: Served
  readonly baseline: Served
}

export interface Scenario {
  readonly name: string
  /** Null: the candidate is as good as the baseline, and every rollback is a false one. */
  readonly isNull: boolean
  /** Which signal the fault, if any, is in. In a latency scenario a "failed" request is one above the baseline's p99. */
  readonly signal: 'errors' | 'latency'
  readonly requestsPerMinute: number
  /** Chance that the baseline's request fails in this minute. */
  readonly baseRate: (minute: number) => number
  /** The same for the candidate. */
  readonly candidateRate: (minute: number) => number
  /** All the candidate's times are multiplied by this. */
  readonly slowdown: number
  /** Requests that a user makes within the minute, at the same version and with the same outcome. */
  readonly requestsPerUser: number
}

/** Ten minutes at each share, in percent. */
export const STEPS: readonly number[] = [1, 5, 25]
export const MINUTES_PER_STEP = 10
export const MINUTES = STEPS.length * MINUTES_PER_STEP

/** Spread of the lognormal times, and the limit as a multiple of the baseline's p99. */
const SIGMA = 0.8
const LIMIT_TIMES_P99 = 1.25

interface Flow {
  readonly requestsPerMinute: number
  readonly badRate: number
  readonly slowdown: number
  readonly requestsPerUser: number
}

/** Chance of a time above a quantile of the baseline's lognormal distribution, for times stretched by a factor. */
function chanceAbove(quantile: number, stretch: number): number {
  return 1 - normalBelow(quantile - Math.log(stretch) / SIGMA)
}

function drawSlow(random: Random, requestsPerMinute: number, slowdown: number): Served['slow'] & { readonly total: number } {
  const chances = [
    chanceAbove(NORMAL_QUANTILE.p50, slowdown),
    chanceAbove(NORMAL_QUANTILE.p95, slowdown),
    chanceAbove(NORMAL_QUANTILE.p99, slowdown),
    chanceAbove(NORMAL_QUANTILE.p99, slowdown / LIMIT_TIMES_P99),
  ] as const
  const band = (chance: number) => poisson(random, requestsPerMinute * chance)
  const limit = band(chances[3])
  const p99 = limit + band(chances[2] - chances[3])
  const p95 = p99 + band(chances[1] - chances[2])
  const p50 = p95 + band(chances[0] - chances[1])
  return { p50, p95, p99, limit, total: p50 + band(1 - chances[0]) }
}

const NEVER_SLOW = { p50: 0, p95: 0, p99: 0, limit: 0 } as const

/** Poisson arrivals, thinned by chance: so the failed and the rest are Poisson too. */
function drawServed(random: Random, signal: Scenario['signal'], { requestsPerMinute, badRate, slowdown, requestsPerUser }: Flow): Served {
  if (signal === 'latency') {
    const { total, ...slow } = drawSlow(random, requestsPerMinute, slowdown)
    // One in a thousand fails, at any speed.
    const bad = Math.min(total, poisson(random, total * badRate))
    return { requests: { total, bad }, users: { total, bad }, slow }
  }
  const usersPerMinute = requestsPerMinute / requestsPerUser
  const bad = poisson(random, usersPerMinute * badRate)
  const total = bad + poisson(random, usersPerMinute * (1 - badRate))
  return { requests: { total: total * requestsPerUser, bad: bad * requestsPerUser }, users: { total, bad }, slow: NEVER_SLOW }
}

export function drawMinute(random: Random, scenario: Scenario, minute: number): Minute {
  const step = Math.floor(minute / MINUTES_PER_STEP)
  const share = (STEPS[step] ?? 100) / 100
  const { requestsPerMinute, requestsPerUser, signal } = scenario
  const shared = { requestsPerUser, slowdown: 1 }
  const candidate = { ...shared, requestsPerMinute: requestsPerMinute * share, badRate: scenario.candidateRate(minute), slowdown: scenario.slowdown }
  const baseline = { ...shared, requestsPerMinute: requestsPerMinute * (1 - share), badRate: scenario.baseRate(minute) }
  return {
    minute,
    step,
    endsStep: minute % MINUTES_PER_STEP === MINUTES_PER_STEP - 1,
    candidate: drawServed(random, signal, candidate),
    baseline: drawServed(random, signal, baseline),
  }
}

/** What a user would call failed: in a latency scenario, one slower than 99 % of the baseline's. */
export function failedOf(scenario: Scenario, { requests, slow }: Served): number {
  return scenario.signal === 'latency' ? slow.p99 : requests.bad
}

/** The counts that a rule compares: failed requests, or those above the baseline's p95. */
export function comparedOf(scenario: Scenario, { requests, slow }: Served): Counts {
  return scenario.signal === 'latency' ? { total: requests.total, bad: slow.p95 } : requests
}
