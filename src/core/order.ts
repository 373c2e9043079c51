import { fileOf, type WorkflowJob, type WorkflowRun } from './gate.ts'
import { isSha, type Sha } from './ids.ts'

// Which deploys bring something newer is read from the runs of the same caller. The gate's job has no secret and
// may write nothing, so a run says that it has passed its gate by having its build job at all, and that job's name
// says for what: a name comes from the workflow file of the default branch, and needs `actions: read` only.

/** How one commit stands to another, as GitHub's compare says. */
export type Relation = 'identical' | 'ahead' | 'behind' | 'diverged' | 'unknown'

/** Name of the build job in deploy.yml; it only exists once that run's gate has passed. */
export function buildJobName(worker: string, environment: string, sha: string): string {
  return `build ${worker} for ${environment} from ${sha}`
}

/** This run, its caller and its repository. */
export interface OwnRun {
  readonly runId: number
  readonly callerWorkflow: string
  readonly repositoryId: number
  readonly defaultBranch: string
}

/**
 * Runs of the same caller that may be bringing a newer commit: neither this one nor finished. One of another
 * branch does not count: its environment may still refuse it, and this commit would have waited for nothing.
 */
export function rivalRuns(runs: readonly WorkflowRun[], own: OwnRun): readonly WorkflowRun[] {
  return runs.filter(
    (run) =>
      run.id !== own.runId &&
      run.status !== 'completed' &&
      fileOf(run) === own.callerWorkflow &&
      run.headBranch === own.defaultBranch &&
      run.headRepositoryId === own.repositoryId,
  )
}

/** The commit that a rival run has brought through its gate for this Worker and environment, if it has. */
export function gatedCommit(jobs: readonly WorkflowJob[], worker: string, environment: string): Sha | undefined {
  const prefix = buildJobName(worker, environment, '')
  for (const job of jobs) {
    const hasFailed = job.status === 'completed' && job.conclusion !== 'success'
    // A called workflow's jobs are named after the calling ones: `<caller job> / <job>`.
    const at = ` / ${job.name}`.lastIndexOf(` / ${prefix}`)
    const sha = at < 0 ? '' : job.name.slice(at + prefix.length)
    if (!hasFailed && isSha(sha)) return sha
  }
  return undefined
}

/**
 * Whether a newer commit makes this deploy pointless. Only descent counts, never the order of runs or the
 * branch's tip: tests may end out of order, and a busy branch's tip moves on for ever. Descent has no cycles, so
 * of several deploys that wait there is always one that nothing supersedes.
 */
export function isSuperseded(ofLive: Relation, ofRivals: readonly Relation[]): boolean {
  return ofLive === 'ahead' || ofRivals.includes('ahead')
}
