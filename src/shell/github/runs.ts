import type { WorkflowJob, WorkflowRun } from '../../core/gate.ts'
import type { Relation } from '../../core/order.ts'
import type { Read } from '../answers.ts'
import { readPages, type Connection } from './connection.ts'
import { readJobs, readRelation, readRun, readRuns } from './shapes.ts'

/** What the gate and the order of deploys are judged from. */
export interface Runs {
  /** Each at its newest attempt; none when GitHub does not know the workflow, which a typing error looks like too. */
  runsOfCommit(workflow: string, sha: string): Promise<Read<readonly WorkflowRun[]>>
  /** The newest hundred runs of a workflow, whatever their commit. */
  newestRuns(workflow: string): Promise<Read<readonly WorkflowRun[]>>
  run(id: number): Promise<Read<WorkflowRun>>
  jobs(runId: number, attempt: number): Promise<Read<readonly WorkflowJob[]>>
  /** How `head` stands to `base`: `ahead` when it descends from it. */
  compare(base: string, head: string): Promise<Read<Relation>>
}

const NEWEST = 100

export function openRuns({ rest, at, ask }: Connection): Runs {
  const listed = async (workflow: string, filter: { readonly head_sha?: string }, limit?: number): Promise<Read<readonly WorkflowRun[]>> => {
    const query = { ...at, workflow_id: workflow.split('/').at(-1) ?? workflow, ...filter, exclude_pull_requests: true }
    const send = (page: object) => rest.actions.listWorkflowRuns({ ...query, ...page })
    const runs = await readPages({ ask, send, read: readRuns, ...(limit === undefined ? {} : { limit }) })
    return runs.kind === 'absent' ? { kind: 'ok', value: [] } : runs
  }
  return {
    runsOfCommit: (workflow, sha) => listed(workflow, { head_sha: sha }),
    newestRuns: (workflow) => listed(workflow, {}, NEWEST),
    run: (id) => ask(async (signal) => readRun((await rest.actions.getWorkflowRun({ ...at, run_id: id, request: { signal } })).data)),
    jobs: (runId, attempt) =>
      readPages({ ask, read: readJobs, send: (page) => rest.actions.listJobsForWorkflowRunAttempt({ ...at, run_id: runId, attempt_number: attempt, ...page }) }),
    compare: (base, head) =>
      ask(async (signal) => {
        const { data } = await rest.repos.compareCommitsWithBasehead({ ...at, basehead: `${base}...${head}`, per_page: 1, request: { signal } })
        return readRelation(data)
      }),
  }
}
