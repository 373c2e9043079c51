import { checksOf } from './checks.ts'
import { createComment } from './comments.ts'
import { addCommit, resolveRef, type NewCommit } from './commits.ts'
import { addDeploymentStatus, createDeployment, type NewDeployment, type NewDeploymentStatus } from './deployments.ts'
import { addAttempt, addRun, changeRun, workflowOf, type NewRun, type RunChange } from './runs.ts'
import type { PrimaryLimitOptions, RateLimit, SecondaryLimitOptions } from './rate-limit.ts'
import { nextId, type Hub } from './hub.ts'
import type {
  CheckRun,
  CommitStatus,
  Deployment,
  DeploymentStatus,
  Dispatch,
  IssueComment,
  PayloadForm,
  PullRequest,
  Run,
  Workflow,
} from './state.ts'
import { statusesOf } from './statuses.ts'
import type { Actor } from './tokens.ts'

export interface NewPullRequest {
  readonly number: number
  readonly title?: string
  readonly body?: string | null
  readonly author?: string
  /** Makes it a merged one. */
  readonly mergeCommitSha?: string
  /** SHAs, oldest first; the last one is the head. */
  readonly commits?: readonly string[]
  readonly headRef?: string
  /** `owner/name` of a fork. */
  readonly headRepository?: string
}

/** Arranges a world as its people would, and reads what became of it. No permission or contract applies here. */
export interface GitHubModel {
  /** Returns the SHA. By default on top of the default branch, whose tip it becomes. */
  addCommit(commit?: NewCommit): string
  /** `heads/main`, `tags/v1`. */
  setRef(ref: string, sha: string): void
  addPullRequest(pull: NewPullRequest): PullRequest
  addIssue(number: number): void
  addWorkflow(path: string, name?: string): Workflow
  addWorkflowRun(run: NewRun): Run
  updateRun(runId: number, change: RunChange): void
  /** The next attempt of the same run. */
  rerun(runId: number, change?: RunChange): void
  setEnvironment(name: string, rules?: { readonly waitMinutes?: number; readonly reviewers?: readonly string[] }): void
  /** A ledger entry from anyone; neither contexts nor merging stand in its way. Statuses oldest first. */
  addDeployment(deployment: NewDeployment, by: Actor, statuses?: readonly NewDeploymentStatus[]): Deployment
  addComment(issue: number, body: string, by: Actor): IssueComment
  setPayloadForm(form: PayloadForm): void
  refuseSecondary(options?: SecondaryLimitOptions): void
  exhaustRateLimit(options?: PrimaryLimitOptions): void
  onDispatch(listener: (dispatch: Dispatch) => void): void

  /** Newest first, as the API lists them. */
  deployments(): readonly Deployment[]
  /** Newest first. */
  statusesOf(deployment: Deployment | number): readonly DeploymentStatus[]
  /** Newest first. */
  commitStatuses(sha: string): readonly CommitStatus[]
  checkRuns(sha: string): readonly CheckRun[]
  /** Oldest first. */
  comments(issue: number): readonly IssueComment[]
  runs(): readonly Run[]
  dispatches(): readonly Dispatch[]
  /** The commit that a branch, a tag or a short SHA names. */
  resolve(ref: string): string | undefined
}

export function createModel(hub: Hub, rateLimit: RateLimit): GitHubModel {
  return { ...arranging(hub, rateLimit), ...reading(hub) }
}

type Reading =
  | 'deployments'
  | 'statusesOf'
  | 'commitStatuses'
  | 'checkRuns'
  | 'comments'
  | 'runs'
  | 'dispatches'
  | 'resolve'

function arranging(hub: Hub, rateLimit: RateLimit): Omit<GitHubModel, Reading> {
  const { repository } = hub
  return {
    addCommit: (commit) => addCommit(hub, commit),
    setRef: (ref, sha) => void repository.refs.set(`refs/${ref}`, sha),
    addPullRequest: (pull) => addPullRequest(hub, pull),
    addIssue: (number) => void repository.issues.add(number),
    addWorkflow: (path, name) => workflowOf(hub, path, name),
    addWorkflowRun: (run) => addRun(hub, run),
    updateRun: (runId, change) => changeRun(hub, runById(hub, runId), change),
    rerun: (runId, change = {}) => void addAttempt(hub, runById(hub, runId), change),
    setEnvironment(name, rules = {}) {
      const { waitMinutes = 0, reviewers = [] } = rules
      const environment = { id: nextId(hub), name, waitMinutes, reviewers, createdAt: hub.world.now() }
      repository.environments.set(name.toLowerCase(), environment)
    },
    addDeployment(asked, by, statuses = []) {
      const made = createDeployment(hub, { ...asked, auto_merge: false, required_contexts: [] }, by)
      if (made.kind === 'merged') throw new Error(made.message)
      for (const status of statuses) addDeploymentStatus(hub, made.deployment, status, by)
      return made.deployment
    },
    addComment: (issue, body, by) => createComment(hub, issue, body, by),
    setPayloadForm: (form) => void (hub.payloadForm = form),
    refuseSecondary: (options) => rateLimit.refuseSecondary(options),
    exhaustRateLimit: (options) => rateLimit.exhaust(options),
    onDispatch: (listener) => void hub.dispatchListeners.push(listener),
  }
}

function reading(hub: Hub): Pick<GitHubModel, Reading> {
  const { repository } = hub
  return {
    deployments: () => repository.deployments.toReversed(),
    statusesOf(deployment) {
      const id = typeof deployment === 'number' ? deployment : deployment.id
      return repository.deployments.find((one) => one.id === id)?.statuses ?? []
    },
    commitStatuses: (sha) => statusesOf(hub, sha),
    checkRuns: (sha) => checksOf(hub, sha),
    comments: (issue) => repository.comments.filter((comment) => comment.issue === issue),
    runs: () => repository.runs,
    dispatches: () => repository.dispatches,
    resolve: (ref) => resolveRef(repository, ref)?.sha,
  }
}

function runById(hub: Hub, id: number): Run {
  const found = hub.repository.runs.find((run) => run.id === id)
  if (found === undefined) throw new Error(`no run ${id}`)
  return found
}

function addPullRequest(hub: Hub, asked: NewPullRequest): PullRequest {
  const { repository } = hub
  const commits = asked.commits ?? []
  const headSha = commits.at(-1) ?? asked.mergeCommitSha
  const merge = asked.mergeCommitSha === undefined ? undefined : repository.commits.get(asked.mergeCommitSha)
  const baseSha = merge?.parents[0] ?? repository.refs.get(`refs/heads/${repository.defaultBranch}`)
  if (headSha === undefined || baseSha === undefined) throw new Error('a pull request needs a commit and a base')
  const createdAt = hub.world.now()
  const pull: PullRequest = {
    id: nextId(hub),
    number: asked.number,
    title: asked.title ?? `Pull request ${asked.number}`,
    body: asked.body ?? null,
    author: asked.author ?? 'mona',
    mergedAt: asked.mergeCommitSha === undefined ? null : createdAt,
    mergeCommitSha: asked.mergeCommitSha ?? null,
    commits,
    headRef: asked.headRef ?? `change-${asked.number}`,
    headSha,
    headRepository: asked.headRepository ?? repository.fullName,
    baseRef: repository.defaultBranch,
    baseSha,
    createdAt,
  }
  repository.pullRequests.set(pull.number, pull)
  repository.issues.add(pull.number)
  return pull
}
