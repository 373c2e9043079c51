import type { Attempt } from './result.ts'

/** One thing that a check looks at beside its own answer, judged and reported as a check of its own. */
export interface PartSeen {
  /** Unique within the check; a component of a health document, say. */
  readonly name: string
  readonly attempt: Attempt
  /** Its failure is told and blamed on nobody. */
  readonly isOptional?: boolean
  /** A figure to compare over time, with its unit, such as `12 ms`. */
  readonly observed?: string
}

/** What one attempt of a check saw. */
export interface Seen {
  /** The check itself. What its parts came to is not told twice. */
  readonly own: Attempt
  readonly parts: readonly PartSeen[]
}

export function alone(own: Attempt): Seen {
  return { own, parts: [] }
}

const GRAVITY: readonly Attempt['kind'][] = ['passed', 'unproven', 'no-proof', 'unreachable', 'wrong-version', 'starting', 'blocked', 'failed']

/** What decides whether to ask again: the gravest of what the attempt saw, and of failures the surest. */
export function worstOf({ own, parts }: Seen): Attempt {
  return parts.filter(({ isOptional }) => isOptional !== true).reduce((worst, { attempt }) => (gravityOf(attempt) > gravityOf(worst) ? attempt : worst), own)
}

function gravityOf(attempt: Attempt): number {
  const isSure = attempt.kind === 'failed' && attempt.isProven
  const isDefinite = attempt.kind === 'failed' && attempt.isDefinite === true
  return GRAVITY.indexOf(attempt.kind) + (isSure ? 1 : 0) + (isDefinite ? 2 : 0)
}
