import { placeOf } from '../core/ramp.ts'
import { servedBy } from '../core/analysis/served.ts'
import { judgeAnalysis } from '../core/analysis/verdict.ts'
import { judgeWatch } from '../core/analysis/watch.ts'
import { judgeChecks, type PreExistingPolicy } from '../core/checks/judge.ts'
import type { Ending } from '../core/ending.ts'
import type { Journal } from '../core/journal.ts'
import type { Report } from '../core/report/report.ts'
import { explain } from '../errors.ts'
import { describeProblem } from '../inputs/problems.ts'
import type { Finished } from './finished.ts'
import type { Session } from './session.ts'

/** Puts into one value everything that a report may say. */
export function buildReport(session: Session, finished: Finished, about: { readonly command: Report['command']; readonly startedAtMs: number; readonly commitTitle: string | undefined; readonly ledgerUrl: string | undefined }): Report {
  const { config, script, key, clock, runUrl, checkPlan } = session
  const { ending, journal } = finished
  const ids = idsOf(ending, journal)
  const explained = explain(ending, { worker: script, environment: config.environment, details: finished.details, ...ids, ...(finished.holdUntil === undefined ? {} : { holdUntil: finished.holdUntil }) })
  const sha = journal?.sha ?? ('sha' in config ? config.sha : undefined)
  return {
    command: about.command,
    ending,
    ...explained,
    worker: script,
    environment: config.environment,
    key: `${key.account}/${key.environment}/${key.worker}`,
    ...(sha === undefined ? {} : { sha }),
    ...(about.commitTitle === undefined ? {} : { commitTitle: about.commitTitle }),
    ...(finished.givenReason === undefined ? {} : { givenReason: finished.givenReason }),
    ...(ids.candidateId === undefined ? {} : { candidateId: ids.candidateId }),
    ...(ids.baselineId === undefined ? {} : { baselineId: ids.baselineId }),
    startedAt: new Date(about.startedAtMs).toISOString(),
    endedAt: new Date(clock.now()).toISOString(),
    timeline: journal?.timeline ?? [],
    splits: journal?.splits ?? [],
    rounds: roundsOf(journal, checkPlan.checks.preExisting),
    ...evidenceOf(journal),
    urls: { run: runUrl, worker: checkPlan.checks.baseUrl.href, ...(about.ledgerUrl === undefined ? {} : { ledger: about.ledgerUrl }) },
    past: [],
    undelivered: [],
    warnings: [...finished.warnings, ...checkPlan.checks.problems.map(describeProblem)],
    ...(finished.plan === undefined ? {} : { plan: finished.plan }),
  }
}

function roundsOf(journal: Journal | undefined, preExisting: PreExistingPolicy): Report['rounds'] {
  if (journal === undefined) return []
  const { preflight, rounds } = journal
  // It is what the others are put beside, so nothing stands beside it.
  const checks = judgeChecks(preflight, preflight, { judged: 'baseline', preExisting: 'warn' }).checks.map(({ standing, now }) => ({ standing, now }))
  const before = preflight.length === 0 ? [] : [{ title: 'Baseline before', checks }]
  return [...before, ...rounds.map(({ title, judged, results }) => ({ title, checks: judgeChecks(results, preflight, { judged, preExisting }).checks }))]
}

/** Judged again from the counts: the same counts always give the same judgement. */
export function evidenceOf(journal: Journal | undefined): Pick<Report, 'evidence'> {
  if (journal?.analysis === undefined || journal.policy.plan !== 'staged') return {}
  const { settings, polls } = journal.analysis
  const { ramp } = journal.policy
  const promotedAs = placeOf(ramp, 100)
  const [beside, after] = [polls.filter(({ step }) => step !== promotedAs), polls.some(({ step }) => step === promotedAs)]
  const served = servedBy(settings, polls)
  const watch = { judgement: judgeWatch(settings, polls, ramp), promotedAtSeconds: promotedAtSeconds(journal) }
  return { evidence: { judgement: judgeAnalysis(settings, beside), percents: ramp.steps.map(({ percent }) => percent), ...(after ? { watch } : {}), ...(served === undefined ? {} : { served }) } }
}

/** From the candidate's first share, which is what polls count their time from. */
function promotedAtSeconds({ splits }: Journal): number {
  const [first, promoted] = [splits.find(({ candidatePercent }) => candidatePercent > 0), splits.find(({ candidatePercent }) => candidatePercent === 100)]
  return first === undefined || promoted === undefined ? 0 : (Date.parse(promoted.at) - Date.parse(first.at)) / 1000
}

export interface VersionIds {
  readonly candidateId?: string
  readonly baselineId?: string
  readonly liveId?: string
}

/** Which versions an ending is about; a rollback's target stands where a rollout has its baseline. */
export function idsOf(ending: Ending, journal: Journal | undefined): VersionIds {
  if (journal === undefined) return {}
  const { policy, candidate } = journal
  const baseline = policy.plan === 'rollback' ? policy.target : policy.baseline
  const live = liveAfter(ending, candidate, baseline)
  return {
    ...(candidate === undefined ? {} : { candidateId: candidate }),
    ...(baseline === undefined ? {} : { baselineId: baseline }),
    ...(live === undefined ? {} : { liveId: live }),
  }
}

function liveAfter(ending: Ending, candidate: string | undefined, baseline: string | undefined): string | undefined {
  switch (ending.kind) {
    case 'promoted':
      return candidate
    case 'refused':
    case 'rolled-back':
      return baseline
    case 'yielded':
    case 'stranded':
      return undefined
  }
}
