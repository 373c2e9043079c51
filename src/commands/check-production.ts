import { judgeChecks, type Judged, type Judgement } from '../core/checks/judge.ts'
import { provesItself, type CheckOutcome, type CheckResult } from '../core/checks/result.ts'
import type { HttpCheckSpec } from '../core/checks/types.ts'
import type { VersionId } from '../core/ids.ts'
import type { Redact } from '../core/redact.ts'
import type { Policy } from '../core/policy.ts'
import type { Subject } from '../core/rollout/state.ts'
import { runChecks, type CheckPorts, type CheckRound, type CheckSubject } from '../shell/check-round.ts'
import type { RolloutRecord } from './record.ts'

/** Cloudflare's propagation has taken two minutes in the field, containers start in as many. */
const ROUND_DEADLINE_SECONDS = 180
const PROOFS_WANTED = 3
const SETTLE_SECONDS = 30
const CONCURRENCY = 8

/** What the configuration says about checks. */
export interface CheckPlan {
  readonly script: string
  readonly baseUrl: URL
  readonly specs: readonly HttpCheckSpec[]
  /** An answer may echo a secret; it must not reach the journal, the ledger or a report. */
  readonly redact: Redact
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
export async function checkSubject(check: SubjectCheck, ports: CheckPorts): Promise<Judgement['verdict']> {
  const { plan, policy, subject, record } = check
  const { preflight } = record.current()
  const doesBaselineProve = provesItself(preflight)
  const asked = askedOf(policy, subject, plan.script)
  const results = await runRedacted(plan, round(plan, asked.subject, { isPropagating: true, doesBaselineProve }), ports)
  record.noteRound({ title: asked.title, judged: asked.judged, results: [...results] })
  const { verdict, checks } = judgeChecks(results, preflight, { judged: asked.judged, preExisting: 'warn' })
  const listed = checks.map((one) => `${one.now.name}: ${one.standing}`).join(', ')
  record.note(`${asked.title}: ${verdict} (${listed}).`)
  return verdict
}

async function runRedacted({ redact }: CheckPlan, asked: CheckRound, ports: CheckPorts): Promise<readonly CheckResult[]> {
  const results = await runChecks(asked, ports)
  return results.map((result) => ({ ...result, target: redact(result.target), outcome: redactOutcome(result.outcome, redact) }))
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

function round(plan: CheckPlan, subject: CheckSubject, facts: { isPropagating: boolean; doesBaselineProve: boolean }): CheckRound {
  return {
    specs: plan.specs,
    subject,
    baseUrl: plan.baseUrl,
    deadlineSeconds: ROUND_DEADLINE_SECONDS,
    proofsWanted: PROOFS_WANTED,
    settleSeconds: SETTLE_SECONDS,
    concurrency: CONCURRENCY,
    ...facts,
  }
}

interface Asked {
  readonly title: string
  readonly judged: Judged
  readonly subject: CheckSubject
}

/** Whom to ask, and by which door: a candidate below 100 % answers reliably only to the override header. */
function askedOf(policy: Policy, subject: Subject, scriptName: string): Asked {
  const plain = { kind: 'plain' } as const
  switch (subject.kind) {
    case 'candidate': {
      const via = subject.percent === 100 ? plain : ({ kind: 'override', scriptName } as const)
      const title = `Candidate at ${subject.percent} %`
      return { title, judged: 'candidate', subject: { versionId: subject.candidate, via } }
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
