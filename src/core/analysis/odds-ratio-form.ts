import type { Stratum } from './counts.ts'
import type { RatioPair } from './risk-ratio-form.ts'

/** More terms than this and a stratum is left out: the choice depends on its margins alone, so the test stays valid. */
const MOST_TERMS = 200_000

interface Margins {
  readonly candidates: number
  readonly baselines: number
  readonly bad: number
}

function marginsOf({ candidate, baseline }: Stratum): Margins {
  return { candidates: candidate.total, baselines: baseline.total, bad: candidate.bad + baseline.bad }
}

/** How many of the bad requests may have been the candidate's: from `least` to `most`. */
function support({ candidates, baselines, bad }: Margins): { readonly least: number; readonly most: number } {
  return { least: Math.max(0, bad - baselines), most: Math.min(candidates, bad) }
}

/**
 * Logarithms of the weights C(n_c, k)·C(n_b, s-k)·odds^k of Fisher's noncentral hypergeometric distribution, relative to
 * the first of them, over its whole support. By recurrence: neighbours differ by a ratio of four whole numbers.
 */
export function hypergeometricLogWeights(margins: Margins, odds: number): readonly number[] {
  const { candidates, baselines, bad } = margins
  const { least, most } = support(margins)
  const logs = [0]
  let log = 0
  for (let k = least; k < most; k += 1) {
    log += Math.log(odds) + Math.log(((candidates - k) / (k + 1)) * ((bad - k) / (baselines - bad + k + 1)))
    logs.push(log)
  }
  return logs
}

/** ln Z(alternative) - ln Z(bound), both relative to the first weight of the support, in one pass and without overflow. */
function logNormaliserRatio(margins: Margins, { alternative, bound }: RatioPair): number {
  const { least, most } = support(margins)
  const step = Math.log(alternative / bound)
  const logs = hypergeometricLogWeights(margins, bound)
  let peak = Number.NEGATIVE_INFINITY
  let peakTilted = Number.NEGATIVE_INFINITY
  for (let k = 0; k <= most - least; k += 1) {
    peak = Math.max(peak, logs[k] ?? 0)
    peakTilted = Math.max(peakTilted, (logs[k] ?? 0) + k * step)
  }
  let sum = 0
  let sumTilted = 0
  for (let k = 0; k <= most - least; k += 1) {
    sum += Math.exp((logs[k] ?? 0) - peak)
    sumTilted += Math.exp((logs[k] ?? 0) + k * step - peakTilted)
  }
  return peakTilted + Math.log(sumTilted) - peak - Math.log(sum)
}

/**
 * The exact form, for odds ratios: conditional on both versions' totals and on the number of bad requests, so it needs
 * neither independent outcomes nor rare ones when each request is routed at random. For rates near one half (a median).
 */
export function oddsRatioLog(stratum: Stratum, pair: RatioPair): number {
  const margins = marginsOf(stratum)
  const { least, most } = support(margins)
  if (most - least > MOST_TERMS || most === least) return 0
  const tilt = (stratum.candidate.bad - least) * Math.log(pair.alternative / pair.bound)
  return tilt - logNormaliserRatio(margins, pair)
}
