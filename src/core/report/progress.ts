import { plainLine, truncate } from './escape.ts'
import { compact, eValue, sharePercent } from './numerals.ts'

/** What a step that soaks is waiting for. */
export type Awaited =
  | { readonly kind: 'soak'; readonly secondsLeft: number }
  | { readonly kind: 'traffic'; readonly requests: number; readonly wanted: number }
  /** The newest counts, which their source tells late. */
  | { readonly kind: 'counts'; readonly lastSeconds: number }
  | { readonly kind: 'proof-of-health' }
  /** Evidence for harm that is no proof: it has to fade, or becomes one. */
  | { readonly kind: 'signs-of-harm' }
  | { readonly kind: 'shared-incident' }
  | { readonly kind: 'approval' }
  /** `by` is outside text. */
  | { readonly kind: 'resume'; readonly by: string }
  /** Harm is proven. */
  | { readonly kind: 'baseline' }
  | { readonly kind: 'nothing' }

/** How a step stands after a poll. */
export interface StepProgress {
  /** 0 to 100. */
  readonly candidatePercent: number
  readonly elapsedSeconds: number
  readonly soakSeconds: number
  /** In this step; absent while no source has counted anything. */
  readonly requests?: { readonly candidate: number; readonly wanted: number }
  /** E-values; absent before the first poll. */
  readonly harm?: { readonly now: number; readonly needed: number }
  readonly health?: { readonly now: number; readonly needed: number }
  readonly awaits: Awaited
}

const LONGEST_LINE = 168
const BAR_CELLS = 10

/** One line for the log, at most 168 characters. */
export function renderProgress(progress: StepProgress): string {
  const { candidatePercent, elapsedSeconds, soakSeconds, requests, harm, health, awaits } = progress
  const done = doneShare(elapsedSeconds, soakSeconds)
  const parts = [
    `${sharePercent(candidatePercent)} ${bar(done)} ${clock(elapsedSeconds)}/${clock(soakSeconds)}`,
    requests === undefined ? 'no counts yet' : `candidate ${compact(requests.candidate)}/${compact(requests.wanted)} requests`,
    ...(harm === undefined ? [] : [`harm ${eValue(harm.now)}/${eValue(harm.needed)}`]),
    ...(health === undefined ? [] : [`health ${eValue(health.now)}/${eValue(health.needed)}`]),
  ]
  return truncate(`${parts.join(', ')}: ${wordsOf(awaits, candidatePercent)}`, LONGEST_LINE)
}

function wordsOf(awaits: Awaited, candidatePercent: number): string {
  switch (awaits.kind) {
    case 'soak':
      return `soak: ${clock(awaits.secondsLeft)} left`
    case 'traffic':
      return `more traffic: ${compact(awaits.requests)} of ${compact(awaits.wanted)} requests`
    case 'counts':
      return `counts of the last ${clock(awaits.lastSeconds)}`
    case 'proof-of-health':
      return 'proof of health'
    case 'signs-of-harm':
      return 'signs of harm to fade'
    case 'shared-incident':
      return 'shared incident to pass'
    case 'approval':
      return 'approval'
    case 'resume':
      return `paused by ${plainLine(awaits.by, 40)}`
    case 'baseline':
      return 'harm is proven, the baseline comes back'
    case 'nothing':
      return candidatePercent === 100 ? 'the watch is over' : 'ready for the next step'
  }
}

/** Full only when it is over. */
function doneShare(elapsedSeconds: number, soakSeconds: number): number {
  if (!(soakSeconds > 0)) return 1
  return Math.max(0, Math.min(1, elapsedSeconds / soakSeconds)) || 0
}

function bar(done: number): string {
  const filled = Math.floor(done * BAR_CELLS + 1e-9)
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_CELLS - filled)}] ${Math.floor(done * 100 + 1e-9)} %`
}

/** `45 s`, `2 min 10 s`, `3 h 5 min`. */
function clock(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?'
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  const [large, small] = whole < 3600 ? [60, 1] : [3600, 60]
  const [big, rest] = [Math.floor(whole / large), Math.floor((whole % large) / small)]
  const [bigUnit, restUnit] = whole < 3600 ? ['min', 's'] : ['h', 'min']
  return `${compact(big)} ${bigUnit}${rest === 0 ? '' : ` ${rest} ${restUnit}`}`
}
