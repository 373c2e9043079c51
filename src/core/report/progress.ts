import { duration } from './clock-face.ts'
import { plainLine, truncate } from './escape.ts'
import { compact, eValue, sharePercent } from './numerals.ts'

/** What a step that soaks is waiting for. */
export type Awaited =
  | { readonly kind: 'soak'; readonly secondsLeft: number }
  | { readonly kind: 'traffic' }
  /** The first counts, which their source tells late. */
  | { readonly kind: 'counts'; readonly lateSeconds: number }
  /** A source that acts did not tell at its latest look. */
  | { readonly kind: 'silence' }
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
  /** In this step; absent while no source has counted anything. `wanted`: 0 where no number is. */
  readonly requests?: { readonly candidate: number; readonly wanted: number }
  /** E-values; absent before the first poll. */
  readonly harm?: { readonly now: number; readonly needed: number }
  /** Absent after promotion, too: the watch proves none. */
  readonly health?: { readonly now: number; readonly needed: number }
  readonly awaits: Awaited
}

const LONGEST_LINE = 168
const BAR_CELLS = 10

/** One line for the log, at most 168 characters. */
export function renderProgress({ candidatePercent, elapsedSeconds, soakSeconds, requests, harm, health, awaits }: StepProgress): string {
  const parts = [
    `${bar(doneShare(elapsedSeconds, soakSeconds))} ${clock(elapsedSeconds)} of ${clock(soakSeconds)}`,
    requests === undefined ? 'no counts yet' : `${compact(requests.candidate)}${requests.wanted === 0 ? '' : ` of ${compact(requests.wanted)}`} requests`,
    ...(harm === undefined ? [] : [`harm ${eValue(harm.now)} of ${eValue(harm.needed)} (proof)`]),
    ...(health === undefined ? [] : [`health ${eValue(health.now)} of ${eValue(health.needed)}`]),
    wordsOf(awaits, candidatePercent),
  ]
  return truncate(`at ${sharePercent(candidatePercent)}: ${parts.join(', ')}`, LONGEST_LINE)
}

function wordsOf(awaits: Awaited, candidatePercent: number): string {
  switch (awaits.kind) {
    case 'soak':
      return `awaits the end in ${clock(awaits.secondsLeft)}`
    case 'traffic':
      return 'awaits more traffic'
    case 'counts':
      return `awaits the first counts, told ${clock(awaits.lateSeconds)} late`
    case 'silence':
      return 'awaits counts: a source is silent'
    case 'proof-of-health':
      return 'awaits proof of health'
    case 'signs-of-harm':
      return 'awaits that signs of harm fade'
    case 'shared-incident':
      return 'awaits the end of a shared incident'
    case 'approval':
      return 'awaits an approval'
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
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_CELLS - filled)}]`
}

/** Whole seconds: of a wait that a person reads along with. */
function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  return whole < 60 ? `${whole} s` : duration(whole * 1000)
}
