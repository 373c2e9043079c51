import type { Rule } from '../rule.ts'
import { ramp } from '../rule.ts'
import type { Served } from '../traffic.ts'
import { comparedOf } from '../traffic.ts'

/** One-sided 1 % point of the normal: its confidence is fixed at 98 %, two-sided. */
const Z = 2.326_347_874
const TOLERANCE = 0.25
const SOLVER_TOLERANCE = 1e-4

/** Sum of the ranks of `shifted` among both samples, ties sharing their mean rank, and the ties' correction. */
function rank(shifted: readonly number[], others: readonly number[]): { readonly sum: number; readonly ties: number } {
  const all = [...shifted.map((value) => ({ value, isOurs: true })), ...others.map((value) => ({ value, isOurs: false }))]
  all.sort((one, other) => one.value - other.value)
  let [sum, ties, at] = [0, 0, 0]
  while (at < all.length) {
    let end = at
    while (end + 1 < all.length && all[end + 1]?.value === all[at]?.value) end += 1
    const size = end - at + 1
    ties += size ** 3 - size
    for (let inside = at; inside <= end; inside += 1) if (all[inside]?.isOurs === true) sum += (at + end) / 2 + 1
    at = end + 1
  }
  return { sum, ties }
}

/** The Mann-Whitney statistic after shifting the canary's values down by `shift`. */
function statistic(canary: readonly number[], control: readonly number[], shift: number): number {
  const [n, m] = [canary.length, control.length]
  const { sum, ties } = rank(canary.map((value) => value - shift), control)
  const centred = sum - (n * (n + 1)) / 2 - (n * m) / 2
  const size = n + m
  const deviation = Math.sqrt(((n * m) / 12) * (size + 1 - ties / (size * (size - 1))))
  return deviation === 0 ? 0 : (centred - 0.5 * Math.sign(centred)) / deviation
}

/** Where the falling statistic passes a level, found to the solver's own tolerance. */
function solve(canary: readonly number[], control: readonly number[], level: number): number {
  let low = Math.min(...canary) - Math.max(...control)
  let high = Math.max(...canary) - Math.min(...control)
  while (high - low > SOLVER_TOLERANCE) {
    const middle = (low + high) / 2
    if (statistic(canary, control, middle) > level) low = middle
    else high = middle
  }
  return (low + high) / 2
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** High: surely above by a quarter of the estimated shift, and by the mean no smaller than the baseline's. */
export function isHigh(canary: readonly number[], control: readonly number[]): boolean {
  if (new Set([...canary, ...control]).size <= 1) return false
  const lower = solve(canary, control, Z)
  const estimate = solve(canary, control, 0)
  const effect = meanOf(canary) / meanOf(control)
  return lower > TOLERANCE * Math.abs(estimate) && (Number.isNaN(effect) || effect >= 1)
}

/** A judgement at each step's end over all per-minute rates so far (its growing scope), empty minutes removed; no data at all fails. */
export const kayenta: Rule = ramp(
  'Kayenta (at step ends)',
  (scenario) => {
    const [canary, control]: [number[], number[]] = [[], []]
    const note = (rates: number[], served: Served) => {
      const { total, bad } = comparedOf(scenario, served)
      if (total > 0) rates.push(bad / total)
    }
    return ({ candidate, baseline, endsStep }) => {
      note(canary, candidate)
      note(control, baseline)
      if (!endsStep) return false
      return canary.length === 0 || control.length === 0 || isHigh(canary, control)
    }
  },
  0.1,
)
