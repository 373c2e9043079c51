import { isFlaky, isGood, type CheckOutcome, type CheckResult } from './result.ts'

/** Whose results are judged. A restored version only has to be no worse than it was in preflight; `alone` is beside nothing. */
export type Judged = JudgedInRollout | 'alone'
export type JudgedInRollout = 'candidate' | 'baseline' | 'target'

/** What a check's result means beside the baseline's result of the same check in preflight. */
export type Standing = 'passed' | 'flaky' | 'unproven' | 'fixed' | 'failed' | 'regressed' | 'pre-existing' | 'tolerated' | 'unknown' | 'blocked'

export interface JudgedCheck {
  readonly standing: Standing
  readonly now: CheckResult
  /** The baseline's in preflight; absent on a first deploy. */
  readonly before?: CheckResult
}

/** What was broken before: `warn` lets a fix ship, `block` stops every rollout until it is mended. */
export type PreExistingPolicy = 'warn' | 'block'

export interface Judgement {
  readonly verdict: 'healthy' | 'regressed' | 'unknown'
  readonly checks: readonly JudgedCheck[]
}

/**
 * Blames a version only for what is worse than the baseline was in preflight. Regressed outweighs unknown,
 * unknown outweighs healthy, and no results at all are unknown.
 */
export function judgeChecks(
  results: readonly CheckResult[],
  preflight: readonly CheckResult[],
  rules: { readonly judged: Judged; readonly preExisting: PreExistingPolicy },
): Judgement {
  const checks = results.map((now) => {
    const before = preflight.find((result) => result.name === now.name)
    const standing = standingBeside(now, before, rules.judged)
    return before === undefined ? { standing, now } : { standing, now, before }
  })
  // A restored version only owes what it had before, so `block` is about candidates.
  const isBlocking = rules.preExisting === 'block' && rules.judged === 'candidate'
  const isBlamed = ({ standing }: JudgedCheck) => standing === 'regressed' || standing === 'failed' || (isBlocking && standing === 'pre-existing')
  if (checks.some(isBlamed)) return { verdict: 'regressed', checks }
  const isUnclear = checks.length === 0 || checks.some(({ standing }) => standing === 'unknown' || standing === 'blocked')
  return { verdict: isUnclear ? 'unknown' : 'healthy', checks }
}

/**
 * What the candidate broke, asked again of the baseline while both are there: when the baseline fails every one of
 * them too, and did not in preflight, something that both depend on is broken.
 */
export function isSharedIncident(judged: Judgement, baselineNow: readonly CheckResult[]): boolean {
  const broken = judged.checks.filter(({ standing }) => standing === 'regressed')
  return broken.length > 0 && broken.every(({ now }) => baselineNow.some(({ name, outcome }) => name === now.name && outcome.kind === 'failed'))
}

function standingBeside(now: CheckResult, before: CheckResult | undefined, judged: Judged): Standing {
  if (now.isOptional === true && !isGood(now.outcome)) return 'tolerated'
  const standing = standingOf(now.outcome, before?.outcome, judged)
  return standing === 'passed' && isFlaky(now) ? 'flaky' : standing
}

function standingOf(now: CheckOutcome, before: CheckOutcome | undefined, judged: Judged): Standing {
  switch (now.kind) {
    case 'passed':
      return before?.kind === 'failed' ? 'fixed' : 'passed'
    case 'unproven':
      return 'unproven'
    case 'failed':
      if (judged === 'alone') return 'failed'
      return before?.kind === 'failed' ? 'pre-existing' : 'regressed'
    case 'unknown':
    case 'blocked':
      // An old baseline may never have given proof, or have stood behind a challenge: putting it back
      // cannot make it better. A candidate gets no such credit.
      return judged !== 'candidate' && isNoWorse(now, before) ? 'pre-existing' : now.kind
  }
}

function isNoWorse(now: CheckOutcome, before: CheckOutcome | undefined): boolean {
  if (before === undefined || isGood(before)) return false
  if (now.kind === 'unknown' && before.kind === 'unknown') return now.reason === 'no-proof' && before.reason === 'no-proof'
  return now.kind === 'blocked' && before.kind === 'blocked'
}
