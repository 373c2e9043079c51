import { getOctokit } from '@actions/github'
import type { WorkflowJob, WorkflowRun } from '../core/gate.ts'
import type { RawEntry } from '../core/ledger.ts'
import type { Relation } from '../core/order.ts'
import type { Read } from './answers.ts'
import type { Clock } from './clock.ts'
import { ask, type AskLimits } from './github/ask.ts'
import { relationOf, toEntry, toRun } from './github/shapes.ts'

export interface NewEntry {
  readonly sha: string
  readonly task: string
  readonly environment: string
  readonly payload: Readonly<Record<string, unknown>>
  /** At most 140 characters. */
  readonly description: string
}

export interface EntryStatusWrite {
  readonly state: 'in_progress' | 'success' | 'failure' | 'error' | 'inactive'
  readonly description: string
  readonly logUrl: string
  readonly environmentUrl?: string
}

export interface CommitStatusWrite {
  readonly context: string
  readonly state: 'pending' | 'success' | 'failure'
  readonly description: string
  readonly targetUrl: string
}

/** GitHub's REST API for one repository. Reads and reports are repeated here, within `limits`. Nothing throws. */
export interface GitHub {
  runsOfCommit(workflow: string, sha: string): Promise<Read<readonly WorkflowRun[]>>
  /** The newest thirty runs of a workflow, whatever their commit. */
  newestRuns(workflow: string): Promise<Read<readonly WorkflowRun[]>>
  run(id: number): Promise<Read<WorkflowRun>>
  jobs(runId: number, attempt: number): Promise<Read<readonly WorkflowJob[]>>
  /** How `head` stands to `base`: `ahead` when it descends from it. */
  compare(base: string, head: string): Promise<Read<Relation>>
  /** The newest entries of a task, newest first, each with its statuses. */
  entries(query: { readonly task: string; readonly environment: string; readonly limit: number }): Promise<Read<readonly RawEntry[]>>
  createEntry(entry: NewEntry): Promise<Read<{ readonly id: number; readonly url: string }>>
  addStatus(entryId: number, status: EntryStatusWrite): Promise<Read<void>>
  setCommitStatus(sha: string, status: CommitStatusWrite): Promise<Read<void>>
  commitTitle(sha: string): Promise<Read<string>>
  /** The merged pull request that brought this commit; `absent` when there is none or more than one. */
  pullRequestOf(sha: string): Promise<Read<number>>
  /** Our own comment that begins with the marker. */
  findComment(pullRequest: number, marker: string): Promise<Read<{ readonly id: number; readonly body: string }>>
  writeComment(pullRequest: number, comment: { readonly id?: number; readonly body: string }): Promise<Read<void>>
}

export interface GitHubOptions {
  readonly token: string
  readonly apiUrl: string
  readonly owner: string
  readonly repo: string
  readonly clock: Clock
  readonly limits?: AskLimits
}

const OUR_LOGIN = 'github-actions[bot]'
const MAX_BODY = 65_536

export function connectGitHub(options: GitHubOptions): GitHub {
  const { rest, paginate } = getOctokit(options.token, { baseUrl: options.apiUrl })
  const at = { owner: options.owner, repo: options.repo }
  const limits = options.limits ?? { tries: 4, timeoutMs: 20_000 }
  const asking = <Value>(send: (signal: AbortSignal) => Promise<Value>) => ask(send, limits, options.clock)
  const fileOf = (workflow: string) => workflow.split('/').at(-1) ?? workflow
  return {
    runsOfCommit: (workflow, sha) =>
      asking(async (signal) => {
        const runs = await paginate(rest.actions.listWorkflowRuns, { ...at, workflow_id: fileOf(workflow), head_sha: sha, per_page: 100, request: { signal } })
        return runs.map(toRun)
      }),
    newestRuns: (workflow) =>
      asking(async (signal) => {
        const { data } = await rest.actions.listWorkflowRuns({ ...at, workflow_id: fileOf(workflow), per_page: 30, request: { signal } })
        return data.workflow_runs.map(toRun)
      }),
    run: (id) => asking(async (signal) => toRun((await rest.actions.getWorkflowRun({ ...at, run_id: id, request: { signal } })).data)),
    jobs: (runId, attempt) =>
      asking(async (signal) => {
        const jobs = await paginate(rest.actions.listJobsForWorkflowRunAttempt, { ...at, run_id: runId, attempt_number: attempt, per_page: 100, request: { signal } })
        return jobs.map(({ name, status, conclusion }) => ({ name, status, conclusion }))
      }),
    compare: (base, head) =>
      asking(async (signal) => relationOf((await rest.repos.compareCommitsWithBasehead({ ...at, basehead: `${base}...${head}`, per_page: 1, request: { signal } })).data.status)),
    entries: ({ task, environment, limit }) =>
      asking(async (signal) => {
        const { data } = await rest.repos.listDeployments({ ...at, task, environment, per_page: Math.min(limit, 100), request: { signal } })
        return Promise.all(
          data.map(async (deployment) => {
            const statuses = await rest.repos.listDeploymentStatuses({ ...at, deployment_id: deployment.id, per_page: 100, request: { signal } })
            return toEntry(deployment, statuses.data)
          }),
        )
      }),
    createEntry: (entry) =>
      asking(async (signal) => {
        const { data } = await rest.repos.createDeployment({
          ...at,
          ref: entry.sha,
          task: entry.task,
          environment: entry.environment,
          payload: entry.payload,
          description: entry.description,
          // Their defaults would merge the default branch, and wait for checks that include our own run.
          auto_merge: false,
          required_contexts: [],
          production_environment: /^prod/i.test(entry.environment),
          request: { signal },
        })
        if (!('id' in data)) throw new Error('GitHub merged instead of making a deployment')
        return { id: data.id, url: data.url }
      }),
    addStatus: (entryId, { state, description, logUrl, environmentUrl }) =>
      asking(async (signal) => {
        await rest.repos.createDeploymentStatus({
          ...at,
          deployment_id: entryId,
          state,
          description: description.slice(0, 140),
          log_url: logUrl,
          ...(environmentUrl === undefined ? {} : { environment_url: environmentUrl }),
          auto_inactive: false,
          request: { signal },
        })
      }),
    setCommitStatus: (sha, { context, state, description, targetUrl }) =>
      asking(async (signal) => {
        await rest.repos.createCommitStatus({ ...at, sha, context, state, description: description.slice(0, 140), target_url: targetUrl, request: { signal } })
      }),
    commitTitle: (sha) => asking(async (signal) => (await rest.repos.getCommit({ ...at, ref: sha, per_page: 1, request: { signal } })).data.commit.message.split('\n')[0] ?? ''),
    pullRequestOf: async (sha) => {
      const found = await asking(async (signal) => (await rest.repos.listPullRequestsAssociatedWithCommit({ ...at, commit_sha: sha, request: { signal } })).data)
      if (found.kind !== 'ok') return found
      const merged = found.value.filter((one) => one.merged_at !== null)
      const [only, ...others] = merged.some((one) => one.merge_commit_sha === sha) ? merged.filter((one) => one.merge_commit_sha === sha) : merged
      return only === undefined || others.length > 0 ? { kind: 'absent' } : { kind: 'ok', value: only.number }
    },
    findComment: async (pullRequest, marker) => {
      const found = await asking((signal) => paginate(rest.issues.listComments, { ...at, issue_number: pullRequest, per_page: 100, request: { signal } }))
      if (found.kind !== 'ok') return found
      // Anybody can write the marker; only our own comment is ours.
      const ours = found.value.find((comment) => comment.user?.login === OUR_LOGIN && comment.body?.includes(marker) === true)
      return ours === undefined ? { kind: 'absent' } : { kind: 'ok', value: { id: ours.id, body: ours.body ?? '' } }
    },
    writeComment: (pullRequest, { id, body }) =>
      asking(async (signal) => {
        const text = body.slice(0, MAX_BODY)
        if (id === undefined) await rest.issues.createComment({ ...at, issue_number: pullRequest, body: text, request: { signal } })
        else await rest.issues.updateComment({ ...at, comment_id: id, body: text, request: { signal } })
      }),
  }
}
