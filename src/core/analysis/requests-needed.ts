export interface Question {
  /** What the candidate's bad rate truly is, as a multiple of the baseline's. */
  readonly ratio: number
  /** The baseline's bad rate. */
  readonly baseRate: number
  /** The candidate's share of the traffic, above 0 and below 1. */
  readonly candidateShare: number
  readonly alpha: number
  /** How many alternatives share the bet; 1 when the ratio is known. */
  readonly gridSize: number
}

/** Mean gain in ln wealth per request of the candidate and per unit of base rate, betting on `alternative` against `bound`. */
function gain(truth: number, alternative: number, bound: number, candidateShare: number): number {
  const baselines = (1 - candidateShare) / candidateShare
  const growth = Math.log1p((alternative - bound) / (bound + baselines))
  return truth * Math.log(alternative / bound) - (truth + baselines) * growth
}

/** Requests that the candidate must serve until, on average, its harm is proven; with a tiny share ln(k/alpha) / (p·(r·ln r - r + 1)). */
export function requestsToProveHarm({ ratio, baseRate, candidateShare, alpha, gridSize }: Question, margin = 1): number {
  return Math.log(gridSize / alpha) / (baseRate * gain(ratio, ratio, margin, candidateShare))
}

/** The same until a candidate that is as good as the baseline is proven to be below `ratio` times its rate. */
export function requestsToProveHealth({ ratio, baseRate, candidateShare, alpha, gridSize }: Question): number {
  return Math.log(gridSize / alpha) / (baseRate * gain(1, 1, ratio, candidateShare))
}
