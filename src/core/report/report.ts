import type { JudgedCheck } from '../checks/judge.ts'
import type { CheckOutcome } from '../checks/result.ts'
import type { Ending } from '../ending.ts'
import type { EvidenceShown } from './evidence.ts'
import type { PastCheck } from '../ledger/past-checks.ts'

/** Something that happened, in a sentence of our own. */
export interface TimelineEntry {
  /** ISO 8601, UTC. */
  readonly at: string
  readonly text: string
}

/** A split that was read back. */
export interface SplitPoint {
  /** ISO 8601, UTC. */
  readonly at: string
  /** 0 to 100. */
  readonly candidatePercent: number
}

/** One round of checks, e.g. of the candidate at 0 %. */
export interface CheckedRound {
  /** What was checked, e.g. `Candidate at 0 %`. */
  readonly title: string
  readonly checks: readonly JudgedCheck[]
}

/** One of the last deploys, for the table that compares them. */
export interface PastDeploy {
  readonly sha: string
  readonly ending: string
  /** ISO 8601, UTC. */
  readonly endedAt: string
  readonly checks: readonly PastCheck[]
}

/** What a dry run found out. */
export interface Plan {
  /** What a deploy would do, in order. */
  readonly steps: readonly string[]
  readonly missing: readonly { readonly what: string; readonly remedy: string }[]
}

/** Everything that a report may say. Sentences are ours; fields marked *outside* are escaped wherever they appear. */
export interface Report {
  readonly command: 'deploy' | 'rollback' | 'recover' | 'dry-run'
  readonly ending: Ending
  /** How it ended and why, in one sentence. */
  readonly sentence: string
  /** What production serves now. */
  readonly live: string
  /** What to do next. */
  readonly next: string
  /** The deployed script's name. */
  readonly worker: string
  readonly environment: string
  /** Tells apart two Workers of one name in different accounts. */
  readonly key: string
  readonly sha?: string
  /** Outside. */
  readonly commitTitle?: string
  /** Outside: why a person rolled back or deployed fully. */
  readonly givenReason?: string
  readonly candidateId?: string
  readonly baselineId?: string
  readonly startedAt: string
  readonly endedAt: string
  readonly timeline: readonly TimelineEntry[]
  readonly splits: readonly SplitPoint[]
  readonly rounds: readonly CheckedRound[]
  /** What was compared while steps soaked. */
  readonly evidence?: EvidenceShown
  /** Newest first, this one among them. */
  readonly past: readonly PastDeploy[]
  readonly urls: { readonly run?: string; readonly ledger?: string; readonly worker?: string }
  /** Reports that could not be delivered, and the permission or remedy that each needs. */
  readonly undelivered: readonly string[]
  readonly warnings: readonly string[]
  readonly plan?: Plan
}

/** Whether a good ending rests on checks that prove no version. */
export function isUnproven(report: Report): boolean {
  return report.rounds.some((round) => round.checks.some((check) => check.standing === 'unproven' && !isAboutSurroundings(check.now.outcome)))
}

/** A provider's API or a storage list says nothing of a version, whatever is declared: it is no gap. */
function isAboutSurroundings(outcome: CheckOutcome): boolean {
  return outcome.kind === 'unproven' && outcome.about === 'surroundings'
}

/** The ending in words, as titles and statuses begin. */
export function titleOf(report: Report): string {
  const suffix = isUnproven(report) ? ' (unproven)' : ''
  if (report.command === 'dry-run') return report.plan?.missing.length === 0 ? 'Dry run: ready to deploy' : 'Dry run: not ready'
  switch (report.ending.kind) {
    case 'promoted':
      return `Promoted${suffix}`
    case 'refused':
      return 'Not deployed'
    case 'rolled-back':
      return `Rolled back${suffix}`
    case 'yielded':
      return 'Yielded'
    case 'stranded':
      return 'Stranded, a person must act'
  }
}
