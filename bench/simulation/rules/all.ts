import type { Rule } from '../rule.ts'
import { kayenta } from './kayenta.ts'
import { knownRateSprt } from './known-rate-sprt.ts'
import { ours } from './ours.ts'
import { mixtureSprt, peekedZ } from './pooled-tests.ts'
import { argoRollouts, cloudRunReleaseManager, flagger, gradualDeployer, samAlarm, seedScript } from './simple-peers.ts'

export const OURS: Rule = ours('**Sleepwell**')
/** A limit, not a rule that anybody can run. */
export const KNOWN_RATE: Rule = knownRateSprt

/** The same with other settings, for the second table. */
export const VARIANTS: readonly Rule[] = [
  ours('Sleepwell, α = 0.01', { alpha: 0.01 }),
  ours('Sleepwell, margin 1.5', { margin: 1.5, tolerance: 3 }),
  ours('Sleepwell, exact form', { form: 'odds-ratio' }, 0.1),
  ours('Sleepwell, counting requests instead of users', { countsRequests: true }),
]

/** What others run. */
export const PEERS: readonly Rule[] = [
  seedScript,
  samAlarm,
  gradualDeployer,
  cloudRunReleaseManager,
  flagger,
  argoRollouts(95),
  argoRollouts(99),
  kayenta,
  peekedZ,
  mixtureSprt,
]
