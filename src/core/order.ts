import type { WorkflowJob, WorkflowRun } from './gate.ts'
import { isSha, type Sha } from './ids.ts'

/** How one commit stands to another, as GitHub's compare says. */
export type Relation = 'identical' | 'ahead' | 'behind' | 'diverged' | 'unknown'

/** Name of the build job in deploy.yml; it only exists once that run's gate has passed. */
export function buildJobName(worker: string, environment: string, sha: string): string {
  return `build ${worker} for ${environment} from ${sha}`
}

/** Runs of the same caller that may be bringing a newer commit: neither this one nor finished. */
export function rivalRuns(runs: readonly WorkflowRun[], own: { readonly runId: number; readonly callerWorkflow: string }): readonly WorkflowRun[] {
  return runs.filter((run) => run.id !== own.runId && run.status !== 'completed' && run.path.split('@')[0] === own.callerWorkflow)
}

/** The commit that a rival run has brought through its gate for this Worker and environment, if it has. */
export function gatedCommit(jobs: readonly WorkflowJob[], worker: string, environment: string): Sha | undefined {
  const prefix = buildJobName(worker, environment, '')
  for (const job of jobs) {
    const hasFailed = job.status === 'completed' && job.conclusion !== 'success'
    const name = job.name.split(' / ').at(-1) ?? ''
    const sha = name.startsWith(prefix) ? name.slice(prefix.length) : ''
    if (!hasFailed && isSha(sha)) return sha
  }
  return undefined
}

/**
 * Whether a newer commit makes this deploy pointless. Only descent counts, never the order of runs or the
 * branch's tip: tests may end out of order, and a busy branch's tip moves on for ever.
 */
export function isSuperseded(ofLive: Relation, ofRivals: readonly Relation[]): boolean {
  return ofLive === 'ahead' || ofRivals.includes('ahead')
}
