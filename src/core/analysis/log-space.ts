/** ln of the largest e-value that is shown; e^690 is still a finite double, and so is its reciprocal. */
const MOST_LOG = 690

/** ln(sum of e^x), without overflow; of nothing it is -Infinity. */
export function logSumExp(logs: readonly number[]): number {
  let most = Number.NEGATIVE_INFINITY
  for (const log of logs) if (log > most) most = log
  if (!Number.isFinite(most)) return most
  let sum = 0
  for (const log of logs) sum += Math.exp(log - most)
  return most + Math.log(sum)
}

/** ln of the plain average of e^x; of nothing it is 0, the e-value that says nothing. */
export function logMeanExp(logs: readonly number[]): number {
  return logs.length === 0 ? 0 : logSumExp(logs) - Math.log(logs.length)
}

/** ln of the average of e^x by weights that need not sum to one; without any weight it is 0. */
export function logWeightedMeanExp(terms: readonly { readonly log: number; readonly weight: number }[]): number {
  const weighing = terms.filter(({ weight }) => weight > 0)
  if (weighing.length === 0) return 0
  const all = weighing.reduce((sum, { weight }) => sum + weight, 0)
  return logSumExp(weighing.map(({ log, weight }) => log + Math.log(weight))) - Math.log(all)
}

/** e^x held within what JSON can carry: always finite and above zero. */
export function shownExp(log: number): number {
  return Math.exp(Math.max(-MOST_LOG, Math.min(MOST_LOG, log)))
}
