import { isSharedIncident, judgeChecks, type JudgedInRollout, type Judgement } from '../core/checks/judge.ts'
import { provesItself, type CheckOutcome, type CheckResult } from '../core/checks/result.ts'
import type { VersionId } from '../core/ids.ts'
import type { Redact } from '../core/redact.ts'
import type { Policy } from '../core/policy.ts'
import type { CheckSpec } from '../core/checks/spec.ts'
import type { CheckVerdict, Subject } from '../core/rollout/state.ts'
import type { ChecksConfig } from '../inputs/config.ts'
import type { CheckSubject } from '../shell/checks/asking.ts'
import { runChecks, type CheckPorts, type CheckRound } from '../shell/checks/round.ts'
import type { RolloutRecord } from './record.ts'

const PROOFS_WANTED = 3
const SETTLE_SECONDS = 30

/** What the configuration says about checks. */
export interface CheckPlan {
  readonly script: string
  readonly checks: ChecksConfig
  /** An answer may echo a secret; it must not reach the journal, the ledger or a report. */
  readonly redact: Redact
}

/** One round on its own, on whichever version answers or on the one that is asked for. */
export async function checkOnce(plan: Pick<CheckPlan, 'checks' | 'redact'>, subject: CheckSubject, ports: CheckPorts): Promise<readonly CheckResult[]> {
  return runRedacted(plan, round(plan, subject, { isPropagating: false, doesBaselineProve: false }), ports)
}

/** The baseline's checks before anything changes: what is broken then is not the candidate's doing. */
export async function checkBaseline(plan: CheckPlan, baseline: VersionId, ports: CheckPorts): Promise<readonly CheckResult[]> {
  const subject: CheckSubject = { versionId: baseline, via: { kind: 'plain' } }
  return runRedacted(plan, round(plan, subject, { isPropagating: false, doesBaselineProve: false }), ports)
}

export interface SubjectCheck {
  readonly plan: CheckPlan
  readonly policy: Policy
  readonly subject: Subject
  readonly record: RolloutRecord
}

/** One round on what the rollout asks about, written into the record, judged against preflight. */
export async function checkSubject(check: SubjectCheck, ports: CheckPorts): Promise<CheckVerdict> {
  const { plan, policy, subject, record } = check
  const { preflight } = record.current()
  const facts = { isPropagating: true, doesBaselineProve: provesItself(preflight) }
  const asked = askedOf(policy, subject, plan.script)
  // Before any user is concerned there is time to ask each channel alone, and then all at once.
  const isEachAloneFirst = subject.kind === 'candidate' && subject.percent === 0
  const results = await runRedacted(plan, { ...round(plan, asked.subject, facts), isEachAloneFirst }, ports)
  record.noteRound({ title: asked.title, judged: asked.judged, results: [...results] })
  const judgement = judgeChecks(results, preflight, { judged: asked.judged, preExisting: plan.checks.preExisting })
  const listed = judgement.checks.map((one) => `${one.now.name}: ${one.standing}`).join(', ')
  record.note(`${asked.title}: ${judgement.verdict} (${listed}).`)
  if (judgement.verdict !== 'regressed' || asked.other === undefined) return judgement.verdict
  return (await isBaselineBrokenToo(check, judgement, asked.other, ports)) ? 'shared-incident' : 'regressed'
}

/** The checks that the candidate fails, once more on the baseline, which still serves beside it. */
async function isBaselineBrokenToo({ plan, record }: SubjectCheck, judged: Judgement, baseline: CheckSubject, ports: CheckPorts): Promise<boolean> {
  const broken = new Set(judged.checks.filter(({ standing }) => standing === 'regressed').map(({ now }) => now.partOf ?? now.name))
  const again = (specs: readonly CheckSpec[]) => specs.filter(({ name }) => broken.has(name))
  const { ready, specs } = plan.checks
  const asked = { ...round(plan, baseline, { isPropagating: false, doesBaselineProve: true }), ready: [], specs: [...again(ready), ...again(specs)] }
  const results = await runRedacted(plan, asked, ports)
  const isShared = isSharedIncident(judged, results)
  if (isShared) {
    record.noteRound({ title: 'Baseline, the same checks again', judged: 'baseline', results: [...results] })
    record.note('The baseline now fails the same checks: a shared incident, not the candidate. Holding.')
  }
  return isShared
}

async function runRedacted({ redact }: Pick<CheckPlan, 'redact'>, asked: CheckRound, ports: CheckPorts): Promise<readonly CheckResult[]> {
  const results = await runChecks(asked, ports)
  return results.map(({ observed, ...result }) => ({
    ...result,
    name: redact(result.name),
    target: redact(result.target),
    outcome: redactOutcome(result.outcome, redact),
    ...(observed === undefined ? {} : { observed: redact(observed) }),
  }))
}

/** Only what came from outside is redacted: a secret that is a common word must not break our own. */
function redactOutcome(outcome: CheckOutcome, redact: Redact): CheckOutcome {
  switch (outcome.kind) {
    case 'passed':
      return { ...outcome, answeredBy: redact(outcome.answeredBy) }
    case 'failed':
      return { ...outcome, expectation: redact(outcome.expectation), seen: redact(outcome.seen) }
    case 'unknown':
      return { ...outcome, seen: redact(outcome.seen) }
    case 'unproven':
    case 'blocked':
      return outcome
  }
}

function round(plan: Pick<CheckPlan, 'checks'>, subject: CheckSubject, facts: { isPropagating: boolean; doesBaselineProve: boolean }): CheckRound {
  return {
    ...plan.checks,
    subject,
    proofsWanted: PROOFS_WANTED,
    settleSeconds: SETTLE_SECONDS,
    isEachAloneFirst: false,
    ...facts,
  }
}

interface Asked {
  readonly title: string
  readonly judged: JudgedInRollout
  readonly subject: CheckSubject
  /** How the baseline is asked while the candidate is judged, if it still serves. */
  readonly other?: CheckSubject
}

/** Whom to ask, and by which door: a candidate below 100 % answers reliably only to the override header. */
function askedOf(policy: Policy, subject: Subject, scriptName: string): Asked {
  const plain = { kind: 'plain' } as const
  switch (subject.kind) {
    case 'candidate': {
      const via = subject.percent === 100 ? plain : ({ kind: 'override', scriptName } as const)
      const title = `Candidate at ${subject.percent} %`
      const other = policy.plan !== 'staged' || subject.percent === 100 ? {} : { other: { versionId: policy.baseline, via } }
      return { title, judged: 'candidate', subject: { versionId: subject.candidate, via }, ...other }
    }
    case 'full-deploy':
      return { title: 'Full deploy', judged: 'candidate', subject: { versionId: subject.candidate, via: plain } }
    case 'baseline':
      if (policy.plan !== 'staged') throw new Error('bug: only a staged rollout has a baseline to check')
      return { title: 'Baseline restored', judged: 'baseline', subject: { versionId: policy.baseline, via: plain } }
    case 'target':
      if (policy.plan !== 'rollback') throw new Error('bug: only a rollback has a target to check')
      return { title: 'Rollback target', judged: 'target', subject: { versionId: policy.target, via: plain } }
  }
}
