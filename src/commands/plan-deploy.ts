import { judgeChecks } from '../core/checks/judge.ts'
import { warningsOf, type Preflight } from '../core/preflight.ts'
import type { PolicyStep } from '../core/policy.ts'
import { duration } from '../core/report/clock-face.ts'
import { explain } from '../errors.ts'
import type { DeployConfig } from '../inputs/config.ts'
import { checkBaseline } from './check-production.ts'
import type { Finished } from './finished.ts'
import { prepareComparison } from './prepare-comparison.ts'
import type { ReadPreflight } from './read-preflight.ts'
import type { Session } from './session.ts'

/** What a deploy would do, and each thing that it would miss; changes nothing. */
export async function planDeploy(
  session: Session<DeployConfig>,
  read: Extract<ReadPreflight, { kind: 'ok' }>,
  verdict: Preflight,
): Promise<Finished> {
  const missing: { what: string; remedy: string }[] = []
  const facts = { worker: session.script, environment: session.config.environment }
  if (verdict.kind === 'refuse') {
    const { sentence, next } = explain({ kind: 'refused', reason: verdict.code }, { ...facts, details: verdict.details })
    missing.push({ what: sentence, remedy: next })
  }
  if (session.worker.worker.versionMetadataBinding === undefined) {
    missing.push({ what: 'The configuration binds no version metadata, so the Worker cannot prove its version.', remedy: 'Add `"version_metadata": { "binding": "CF_VERSION_METADATA" }` and answer with its id.' })
  }
  if (verdict.kind === 'go' && verdict.plan === 'staged') {
    const results = await checkBaseline(session.checkPlan, verdict.baseline, session.checkPorts)
    const { checks } = judgeChecks(results, results, { judged: 'baseline', preExisting: 'warn' })
    for (const { now } of checks.filter((check) => check.now.outcome.kind !== 'passed' && check.now.outcome.kind !== 'unproven')) {
      missing.push({ what: `The check "${now.name}" does not pass on what is live (${now.outcome.kind}).`, remedy: 'Mend the check or the Worker, or the candidate must be better than what is live.' })
    }
  }
  if (verdict.kind === 'go' && verdict.plan === 'staged') {
    const compared = await prepareComparison(session, verdict.baseline)
    const { next } = explain({ kind: 'refused', reason: 'metrics-unready' }, { ...facts, details: [] })
    if (compared.kind === 'refused') missing.push(...compared.details.map((what) => ({ what, remedy: next })))
  }
  const ending = { kind: 'refused', reason: 'dry-run' } as const
  return { ending, details: [], warnings: warningsOf(read.facts), plan: { steps: stepsOf(session, read, verdict), missing } }
}

function describeStep({ percent, soakSeconds, approval }: PolicyStep): string {
  const compared = percent === 100 ? 'watch it for' : 'compare it with the baseline for'
  const soak = soakSeconds === 0 ? '' : `, and ${compared} ${duration(soakSeconds * 1000)}`
  return `${approval ? 'When a person approves, give' : 'Give'} it ${percent} % and check it without the header${soak}.`
}

function stepsOf({ script, config, checkPlan }: Session<DeployConfig>, { facts }: Extract<ReadPreflight, { kind: 'ok' }>, verdict: Preflight): readonly string[] {
  const live = facts.history[0]?.split.map((share) => `${share.versionId} at ${share.percentage} %`).join(', ') ?? 'nothing'
  if (verdict.kind === 'recover-first') return [`Finish the rollout that run ${verdict.marker.runId} left half-way: its baseline comes back.`, 'Begin again from what is live then.']
  if (verdict.kind !== 'go') return [`Nothing: production serves ${live}, and the deploy would be refused.`]
  if (verdict.plan === 'full') return [`Run wrangler deploy for ${script}, which puts the new version before everybody at once.`, 'Check it; there is no way back.']
  return [
    `Upload ${config.sha.slice(0, 7)} of ${script} and stage it at 0 % beside ${live}.`,
    `Run ${checkPlan.checks.specs.length} checks on it at ${checkPlan.checks.baseUrl.href} through the override header.`,
    ...config.rollout.ramp.steps.map(describeStep),
    'Put the baseline back if anything fails on the way.',
    ...(config.triggers === 'apply' ? ['Apply routes, crons, queue consumers and settings.'] : []),
  ]
}
