/**
 * What the study that preceded this code found with other code and other seeds, 4000 runs each: the chance of a rollback,
 * the median minute and the candidate's mean failed requests. By the names of the scenarios.
 */
interface Published {
  readonly rolledBack: number
  readonly medianMinutes?: number
  readonly failedRequests?: number
}

export const PUBLISHED_RUNS = 4000

export const PUBLISHED: Readonly<Record<string, Published>> = {
  'null, 100 rpm, 0.1 %': { rolledBack: 0.003 },
  'null, 1k rpm, 0.1 %': { rolledBack: 0.011 },
  'null, 1k rpm, 1 %': { rolledBack: 0.014 },
  'null, 10k rpm, 0.1 %': { rolledBack: 0.016 },
  'shared incident, 1k rpm': { rolledBack: 0.005 },
  'base rate jumps, 1k rpm': { rolledBack: 0.013 },
  'null, clustered users, 1k rpm, 1 %': { rolledBack: 0.011 },
  'null, latency, 1k rpm': { rolledBack: 0.005 },
  '×2, 10k rpm, 0.1 %': { rolledBack: 0.89, medianMinutes: 22, failedRequests: 30 },
  '×5, 1k rpm, 0.1 %': { rolledBack: 0.89, medianMinutes: 22, failedRequests: 7.4 },
  '×20, 1k rpm, 0.1 %': { rolledBack: 1, medianMinutes: 10, failedRequests: 3 },
  '50 % broken, 1k rpm': { rolledBack: 1, medianMinutes: 1, failedRequests: 5.2 },
  'latency ×1.5, 1k rpm': { rolledBack: 1, medianMinutes: 11 },
}

/** How many standard errors, of both together, lie between a share of ours and the published one. */
export function distanceInErrors(ours: { readonly value: number; readonly runs: number }, published: number): number {
  // Near 0 and 1 the errors come from the mean of both, with half a run added.
  const weight = ours.runs + PUBLISHED_RUNS
  const share = (ours.value * ours.runs + published * PUBLISHED_RUNS + 0.5) / (weight + 1)
  const error = Math.sqrt(share * (1 - share) * (1 / ours.runs + 1 / PUBLISHED_RUNS))
  return Math.abs(ours.value - published) / error
}
