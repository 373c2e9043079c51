import { expect, test } from 'vitest'
import { poisson, randomFrom, seedFrom } from '../../../bench/simulation/random.ts'
import { betOn, freshWealth, harmHypothesis } from '../../../src/core/analysis/e-process.ts'
import { logMeanExp } from '../../../src/core/analysis/log-space.ts'
import { settingsWith, stratumOf } from './samples.ts'

// The reference, D.4: a good candidate at 5 % of 1,000 requests a minute, of which 0.5 % fail, looked at for 5,000 minutes.

const settings = settingsWith()
const metric = settings.metrics[0]
const [MINUTES, RUNS] = [5000, 2000]
const [CANDIDATES, BASELINES, RATE] = [50, 950, 0.005]
/** Share of them that the e-process rolls back; of how many the study does not tell, its three decimals say a thousand. */
const PUBLISHED = { share: 0.01, runs: 1000 }

function isRolledBack(seed: number): boolean {
  if (metric === undefined) throw new Error('no metric')
  const random = randomFrom(seed)
  const harm = harmHypothesis(metric, settings)
  let wealth = freshWealth(harm)
  for (let minute = 0; minute < MINUTES; minute += 1) {
    const [candidateBad, baselineBad] = [poisson(random, CANDIDATES * RATE), poisson(random, BASELINES * RATE)]
    wealth = betOn(harm, wealth, stratumOf([CANDIDATES, candidateBad, BASELINES, baselineBad]))
    if (logMeanExp(wealth) >= -Math.log(settings.alpha)) return true
  }
  return false
}

const errorOf = ({ share, runs }: typeof PUBLISHED) => Math.sqrt((share * (1 - share)) / runs)

test('keeps alpha over 5,000 looks at a good candidate, and agrees with the study before it', () => {
  const share = Array.from({ length: RUNS }, (_, run) => isRolledBack(seedFrom(`long null/${run}`))).filter(Boolean).length / RUNS
  const ours = { share, runs: RUNS }
  expect(Math.abs(share - PUBLISHED.share)).toBeLessThan(3.5 * Math.hypot(errorOf(ours), errorOf(PUBLISHED)))
  expect(share + 3.5 * errorOf(ours)).toBeLessThan(settings.alpha)
  expect(share).toBeGreaterThan(0)
})
