/** One thing that is wrong with what a person gave, with where it is and what to do. */
export interface Problem {
  /** `config-invalid` for a mistake; any other code is a refusal of its own. */
  readonly code: ProblemCode
  /** `input "drift"`, `.github/sleepwell.yml:12:7` or `the event`. */
  readonly place: string
  readonly message: string
}

export type ProblemCode =
  | 'config-invalid'
  | 'not-in-actions'
  | 'pull-request-event'
  | 'fork-run'
  | 'token-missing'

export function describeProblem({ place, message }: Problem): string {
  return `${place}: ${message}`
}

/** A value as it was seen, short enough for one line. */
export function quote(seen: string): string {
  const short = seen.length > 60 ? `${seen.slice(0, 57)}...` : seen
  return JSON.stringify(short)
}
