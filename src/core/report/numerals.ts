// How numbers of the analysis are written. Total: whatever comes in, the text is short, plain and one word or two.

const THOUSANDS = /\B(?=(?:\d{3})+$)/g
/** A sum such as 4.1 × 10 is a hair below 41; without it, rounding down would lose a whole tenth. */
const HAIR = 1e-9

/** `<0.01`, `1`, `3.2`, `20`, `1.3e5`. Rounded down, so that no value looks as if it had reached what it has not. */
export function eValue(value: number): string {
  if (!Number.isFinite(value) || value < 0) return '?'
  if (value === 0) return '0'
  if (value < 0.01) return '<0.01'
  if (value >= 10_000) return scientific(value)
  if (value >= 100) return grouped(Math.floor(value))
  const places = value >= 1 ? 10 : 100
  return String(Math.floor(value * places + HAIR) / places)
}

function scientific(value: number): string {
  const exponent = Math.floor(Math.log10(value) + HAIR)
  const mantissa = Math.min(9.9, Math.max(1, Math.floor((value / 10 ** exponent) * 10 + HAIR) / 10))
  return `${mantissa}e${exponent}`
}

/** A share between 0 and 1 as `1.02 %`, three digits that count. */
export function rate(share: number): string {
  if (!Number.isFinite(share)) return '?'
  const percent = share * 100
  if (percent > 0 && percent < 0.001) return '<0.001 %'
  return Math.abs(percent) < 1e6 ? `${significant(percent, 3)} %` : '?'
}

/** A multiple that was worked out: `×3.1`. */
export function times(ratio: number): string {
  return `×${multiple(ratio, 2)}`
}

/** A multiple of the baseline's rate that somebody set: `the baseline's`, `1.25 times the baseline's`. */
export function timesTheBaseline(ratio: number): string {
  return ratio === 1 ? "the baseline's" : `${multiple(ratio, 4)} times the baseline's`
}

function multiple(ratio: number, digits: number): string {
  if (!Number.isFinite(ratio) || ratio < 0) return '?'
  return ratio >= 10_000 ? scientific(ratio) : String(significant(ratio, digits))
}

/** A share between 0 and 100 that somebody set, as it was set: `0.5 %`, `10 %`. */
export function sharePercent(percent: number): string {
  return Math.abs(percent) < 1e6 ? `${Math.round(percent * 100) / 100} %` : '? %'
}

/** `12,345`. */
export function grouped(whole: number): string {
  return Number.isFinite(whole) ? String(whole).replaceAll(THOUSANDS, ',') : '?'
}

/** The same where there is little room: `999,999`, then `1.2e6`. */
export function compact(whole: number): string {
  return Number.isFinite(whole) && whole >= 1e6 ? scientific(whole) : grouped(whole)
}

function significant(value: number, digits: number): number {
  return value < 1e-6 ? 0 : Number(value.toPrecision(digits))
}
