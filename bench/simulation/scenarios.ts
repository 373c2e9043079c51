import type { Scenario } from './traffic.ts'

interface Outline {
  readonly name: string
  readonly requestsPerMinute: number
  readonly baseRate: number | ((minute: number) => number)
  /** The candidate's rate as a multiple of the baseline's; 1 when left out. */
  readonly times?: number
  readonly candidateRate?: number
  readonly slowdown?: number
  readonly requestsPerUser?: number
  readonly signal?: 'latency'
}

function scenarioFrom({ name, requestsPerMinute, baseRate, times = 1, candidateRate, slowdown = 1, requestsPerUser = 1, signal }: Outline): Scenario {
  const base = typeof baseRate === 'number' ? () => baseRate : baseRate
  return {
    name,
    isNull: times === 1 && candidateRate === undefined && slowdown === 1,
    signal: signal ?? 'errors',
    requestsPerMinute,
    baseRate: base,
    candidateRate: (minute) => candidateRate ?? times * base(minute),
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

export const SCENARIOS: readonly Scenario[] = outlines.map((outline) => scenarioFrom(outline))
