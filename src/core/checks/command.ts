import type { Attempt } from './result.ts'
import type { CheckBasics } from './spec.ts'

/** A program of the caller's, run on the machine of the rollout. */
export interface CommandCheckSpec extends CheckBasics {
  readonly kind: 'command'
  /** The program and its arguments; no shell reads them. */
  readonly run: readonly string[]
  /** From the repository's root, and inside it. */
  readonly workingDirectory: string
  readonly env: Readonly<Record<string, string>>
  readonly passExitCodes: readonly number[]
}

export type CommandFacts =
  | (Said & { readonly kind: 'exited'; readonly code: number; readonly signal?: string })
  | (Said & { readonly kind: 'timed-out'; readonly limitMs: number })
  | (Said & { readonly kind: 'too-much-output'; readonly limitBytes: number })
  | { readonly kind: 'stopped' }
  | { readonly kind: 'not-started'; readonly message: string }

interface Said {
  /** The end of both streams, clean of secrets. */
  readonly tail: string
  /** Versions that it named, each once. */
  readonly versions: readonly string[]
}

const VERSION_LINE = /^sleepwell-version: *([0-9a-z-]{1,100})\s*$/i

/** The version that a line of output names: how a program says whose answers it saw. */
export function versionSaidIn(line: string): string | undefined {
  return VERSION_LINE.exec(line)?.[1]?.toLowerCase()
}

/**
 * An exit code is no proof of a version: without a line that names one, the best that a program can come to is
 * *unproven*. One that names another version has tested that one, whatever it found.
 */
export function judgeCommand(spec: CommandCheckSpec, facts: CommandFacts, wanted: string | undefined): Attempt {
  switch (facts.kind) {
    case 'not-started':
      return { kind: 'failed', expectation: 'a program that can be started', seen: facts.message, isProven: true, isDefinite: true }
    case 'stopped':
      return { kind: 'unreachable', seen: 'stopped before the program had ended' }
    case 'exited':
    case 'timed-out':
    case 'too-much-output': {
      const other = facts.versions.find((version) => wanted !== undefined && version !== wanted)
      return other === undefined ? judgeEnd(spec, facts) : { kind: 'wrong-version', answeredBy: other }
    }
  }
}

type Ended = Exclude<CommandFacts, { kind: 'stopped' | 'not-started' }>

function judgeEnd({ passExitCodes, timeoutSeconds }: CommandCheckSpec, ended: Ended): Attempt {
  const failed = (expectation: string, how: string): Attempt => ({ kind: 'failed', expectation, seen: `${how}; ${lastOf(ended)}`, isProven: true })
  switch (ended.kind) {
    case 'timed-out':
      // The round's deadline came before the check's own limit: that says little about the Worker.
      if (ended.limitMs < timeoutSeconds * 1000) return { kind: 'unreachable', seen: `not ended before the deadline; ${lastOf(ended)}` }
      return failed(`an end within ${timeoutSeconds} s`, 'still running, so it was ended')
    case 'too-much-output':
      return failed(`at most ${ended.limitBytes / 1_048_576} MiB of output`, 'more, so it was ended')
    case 'exited': {
      if (!passExitCodes.includes(ended.code)) {
        return failed(`exit code ${passExitCodes.join(' or ')}`, ended.signal === undefined ? `exit code ${ended.code}` : `ended by ${ended.signal}`)
      }
      const [answeredBy] = ended.versions
      return answeredBy === undefined ? { kind: 'unproven' } : { kind: 'passed', answeredBy }
    }
  }
}

function lastOf({ tail }: Said): string {
  return tail === '' ? 'no output' : `the end of its output:\n${tail}`
}
