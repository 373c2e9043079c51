import type { Counts, Poll } from '../../src/core/analysis/counts.ts'
import { judgeStep } from '../../src/core/analysis/look.ts'
import { analysisSettingsSchema } from '../../src/core/analysis/settings.ts'
import type { Ramp } from '../../src/core/policy.ts'
import { poisson, randomFrom, seedFrom, type Random } from '../simulation/random.ts'
import { ALPHA, BASE_ERRORS, FAULT, LAG_SECONDS, LEAST_REQUESTS, PERCENTS, POLL_SECONDS, RATE, SOAK_SECONDS } from './plan.ts'

// What the same rule would cost if nothing took time but the lag and the polls.

export interface Predicted {
  /** Percent at which it was found; undefined if it never was. */
  readonly foundAt: number | undefined
  readonly failedAboveBase: number
}

const settings = analysisSettingsSchema.parse({ alpha: ALPHA, metrics: ['exceptions', 'server-errors'].map((name) => ({ name, kind: 'errors' })) })

const ramp: Ramp = {
  steps: PERCENTS.map((percent) => ({ percent, soakSeconds: SOAK_SECONDS, leastRequests: LEAST_REQUESTS, approval: false })),
  pollSeconds: POLL_SECONDS,
  deadlineSeconds: 300,
  whenInconclusive: 'hold',
}

const EXCESS = (1 - BASE_ERRORS) * FAULT

function drawCounts(random: Random, requests: number, badRate: number): Counts {
  const bad = poisson(random, requests * badRate)
  return { total: bad + poisson(random, requests * (1 - badRate)), bad }
}

/** `undefined`: both versions' counts of a poll that has not a whole interval yet. */
function drawPoll(random: Random, { step, percent, atSeconds }: { readonly step: number; readonly percent: number; readonly atSeconds: number }): Poll {
  const requests = RATE * POLL_SECONDS
  const counts = { candidate: drawCounts(random, requests * (percent / 100), BASE_ERRORS + EXCESS), baseline: drawCounts(random, requests * (1 - percent / 100), BASE_ERRORS) }
  const calm = { candidate: { ...counts.candidate, bad: 0 }, baseline: { ...counts.baseline, bad: 0 } }
  return { step, atSeconds, metrics: { exceptions: calm, 'server-errors': counts } }
}

function predictOne(random: Random): Predicted {
  const polls: Poll[] = []
  let failedAboveBase = 0
  for (const [step, percent] of PERCENTS.entries()) {
    for (let inStep = POLL_SECONDS; ; inStep += POLL_SECONDS) {
      failedAboveBase += poisson(random, RATE * (percent / 100) * EXCESS * POLL_SECONDS)
      const seenSeconds = inStep - LAG_SECONDS
      if (seenSeconds >= POLL_SECONDS) polls.push(drawPoll(random, { step, percent, atSeconds: inStep }))
      const { advice } = judgeStep({ settings, polls, ramp, percent, elapsedSeconds: inStep, lagSeconds: LAG_SECONDS, seenSeconds, isCurrent: seenSeconds >= POLL_SECONDS })
      if (advice === 'restore') return { foundAt: percent, failedAboveBase }
      if (advice === 'advance') break
      if (inStep > ramp.deadlineSeconds) return { foundAt: undefined, failedAboveBase }
    }
  }
  return { foundAt: undefined, failedAboveBase }
}

/** Rollouts of the version that fails. */
export function predict(runs: number, seed: number): readonly Predicted[] {
  return Array.from({ length: runs }, (_, run) => predictOne(randomFrom(seedFrom(`${seed}/prediction/${run}`))))
}
