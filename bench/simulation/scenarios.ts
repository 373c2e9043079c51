import type { Scenario } from './traffic.ts'

interface Outline {
  readonly name: string
  readonly requestsPerMinute: number
  readonly baseRate: number | ((minute: number) => number)
  /** The candidate's rate as a multiple of the baseline's; 1 when left out. */
  readonly times?: number
  readonly candidateRate?: number | ((minute: number) => number)
  readonly slowdown?: number
  readonly requestsPerUser?: number
  readonly signal?: 'latency'
}

function overTime(rate: number | ((minute: number) => number)): (minute: number) => number {
  return typeof rate === 'number' ? () => rate : rate
}

function scenarioFrom({ name, requestsPerMinute, baseRate, times = 1, candidateRate, slowdown = 1, requestsPerUser = 1, signal }: Outline): Scenario {
  const base = overTime(baseRate)
  return {
    name,
    isNull: times === 1 && candidateRate === undefined && slowdown === 1,
    signal: signal ?? 'errors',
    requestsPerMinute,
    baseRate: base,
    candidateRate: candidateRate === undefined ? (minute) => times * base(minute) : overTime(candidateRate),
    slowdown,
    requestsPerUser,
  }
}

/** Both versions fail 8 % for four minutes of the second step: somebody else's incident. */
const incident = (minute: number) => (minute >= 12 && minute < 16 ? 0.08 : 0.001)
/** The base rate rises tenfold in the very minute in which the share goes to 25 %. */
const jump = (minute: number) => (minute < 20 ? 0.001 : 0.01)

const outlines: readonly Outline[] = [
  { name: 'null, 100 rpm, 0.1 %', requestsPerMinute: 100, baseRate: 0.001 },
  { name: 'null, 1k rpm, 0.1 %', requestsPerMinute: 1000, baseRate: 0.001 },
  { name: 'null, 1k rpm, 1 %', requestsPerMinute: 1000, baseRate: 0.01 },
  { name: 'null, 10k rpm, 0.1 %', requestsPerMinute: 10_000, baseRate: 0.001 },
  { name: 'shared incident, 1k rpm', requestsPerMinute: 1000, baseRate: incident },
  { name: 'base rate jumps, 1k rpm', requestsPerMinute: 1000, baseRate: jump },
  { name: 'null, clustered users, 1k rpm, 1 %', requestsPerMinute: 1000, baseRate: 0.01, requestsPerUser: 10 },
  { name: 'null, latency, 1k rpm', requestsPerMinute: 1000, baseRate: 0.001, signal: 'latency' },
  { name: '×2, 10k rpm, 0.1 %', requestsPerMinute: 10_000, baseRate: 0.001, times: 2 },
  { name: '×5, 1k rpm, 0.1 %', requestsPerMinute: 1000, baseRate: 0.001, times: 5 },
  { name: '×20, 1k rpm, 0.1 %', requestsPerMinute: 1000, baseRate: 0.001, times: 20 },
  { name: '50 % broken, 1k rpm', requestsPerMinute: 1000, baseRate: 0.001, candidateRate: 0.5 },
  { name: 'latency ×1.5, 1k rpm', requestsPerMinute: 1000, baseRate: 0.001, slowdown: 1.5, signal: 'latency' },
]

/**
 * Not on the board but where the hard stop earns its place: a quiet Worker that is none too well anyway, and a candidate
 * that breaks at 25 %, when twenty healthy minutes speak for it.
 */
export const LATE_BREAKAGE: Scenario = scenarioFrom({ name: 'breaks at 25 %, 60 rpm, 4 %', requestsPerMinute: 60, baseRate: 0.04, candidateRate: (minute) => (minute < 20 ? 0.04 : 0.8) })

export const SCENARIOS: readonly Scenario[] = outlines.map((outline) => scenarioFrom(outline))
