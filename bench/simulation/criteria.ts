import { ratioOf } from '../estimate.ts'
import type { Criterion } from '../section.ts'
import type { Spread } from './another-seed.ts'
import type { RuleFigures } from './figures.ts'
import { ALPHA, exceedsAlpha, percent, type Row } from './tables.ts'
import type { Scenario } from './traffic.ts'

const LEAST_PEERS = 5
/** The scenarios in which they do not stay within alpha. */
const HARD_NULLS = ['shared incident, 1k rpm', 'base rate jumps, 1k rpm'] as const
const MOST_TIMES_KNOWN_RATE = 1.6
const GROSS_FAULTS = ['×20, 1k rpm, 0.1 %', '50 % broken, 1k rpm'] as const
/** Smaller than this, the largest distance between two seeds is no chance. */
const LEAST_CHANCE = 0.01

export interface Board {
  readonly ours: Row
  /** Rules that anybody can run; not the limit. */
  readonly peers: readonly Row[]
  /** The SPRT that knows the true rate. */
  readonly limit: Row
  readonly spread: Spread
}

function figuresIn({ rule, figures }: Row, scenario: string): RuleFigures {
  const found = figures[scenario]
  if (found === undefined) throw new Error(`${rule} was not run in ${scenario}`)
  return found
}

function withinAlpha(ours: Row, scenarios: readonly Scenario[]): Criterion {
  const nulls = scenarios.filter(({ isNull }) => isNull).map(({ name }) => ({ name, figures: figuresIn(ours, name) }))
  const [worst] = nulls.toSorted((one, other) => other.figures.rolledBack.value - one.figures.rolledBack.value)
  return {
    demand: `false rollbacks at most ${100 * ALPHA} %, within two standard errors, in each of ${nulls.length} scenarios`,
    figure: worst === undefined ? '–' : `at most ${percent(worst.figures.rolledBack.value)} ± ${percent(worst.figures.rolledBack.error)} % (${worst.name})`,
    holds: worst !== undefined && !nulls.some(({ figures }) => exceedsAlpha(figures)),
  }
}

function peersBeyondAlpha(peers: readonly Row[], scenario: string): Criterion {
  const beyond = peers.filter((peer) => exceedsAlpha(figuresIn(peer, scenario))).length
  return { demand: `at least ${LEAST_PEERS} peers surely above it: ${scenario}`, figure: `${beyond} of ${peers.length}`, holds: beyond >= LEAST_PEERS }
}

function nearLimit({ ours, limit }: Board, scenario: string): Criterion {
  const times = ratioOf(figuresIn(ours, scenario).failedRequests, figuresIn(limit, scenario).failedRequests)
  return {
    demand: `at most ${MOST_TIMES_KNOWN_RATE} times the failed requests of the SPRT that knows the true rate: ${scenario}`,
    figure: `${times.value.toFixed(2)} ± ${times.error.toFixed(2)} times`,
    holds: times.value <= MOST_TIMES_KNOWN_RATE,
  }
}

function seedsAgree({ figures, largest, chance }: Spread): Criterion {
  return {
    demand: `another seed moves no figure farther than chance does (${100 * LEAST_CHANCE} %)`,
    figure: `${largest.distance.toFixed(1)} standard errors at most in ${figures} figures`,
    holds: chance >= LEAST_CHANCE,
  }
}

/** What the issue demands of the simulation. */
export function criteriaOf(board: Board, scenarios: readonly Scenario[]): readonly Criterion[] {
  return [
    withinAlpha(board.ours, scenarios),
    ...HARD_NULLS.map((scenario) => peersBeyondAlpha(board.peers, scenario)),
    ...GROSS_FAULTS.map((scenario) => nearLimit(board, scenario)),
    seedsAgree(board.spread),
  ]
}
