import type { WorkflowRun } from '../../core/gate.ts'
import type { RawEntry } from '../../core/ledger.ts'
import type { Relation } from '../../core/order.ts'

/** What is read of a workflow run; octokit's own type has it and more. */
interface SeenRun {
  readonly id: number
  readonly run_number: number
  readonly run_attempt?: number
  readonly path: string
  readonly head_sha: string
  readonly head_branch: string | null
  readonly event: string
  readonly head_repository?: { readonly id: number } | null
  readonly status: string | null
  readonly conclusion: string | null
  readonly html_url: string
}

export function toRun(run: SeenRun): WorkflowRun {
  return {
    id: run.id,
    runNumber: run.run_number,
    attempt: run.run_attempt ?? 1,
    path: run.path,
    headSha: run.head_sha,
    headBranch: run.head_branch,
    event: run.event,
    headRepositoryId: run.head_repository?.id,
    status: run.status ?? 'unknown',
    conclusion: run.conclusion,
    url: run.html_url,
  }
}

interface SeenDeployment {
  readonly id: number
  readonly task: string
  readonly sha: string
  readonly environment: string
  readonly creator: { readonly login: string } | null
  readonly payload: unknown
}

export function toEntry(deployment: SeenDeployment, statuses: readonly { readonly state: string; readonly description: string }[]): RawEntry {
  const { id, task, sha, environment, creator, payload } = deployment
  return { id, task, sha, environment, creator: creator?.login, payload, statuses: statuses.map(({ state, description }) => ({ state, description })) }
}

export function relationOf(status: string): Relation {
  return status === 'identical' || status === 'ahead' || status === 'behind' || status === 'diverged' ? status : 'unknown'
}
