import type { Actor } from './tokens.ts'

// What the sandbox keeps of one repository. Plain data: the rules are in the files beside this one.

export interface Commit {
  readonly sha: string
  readonly parents: readonly string[]
  readonly message: string
  readonly author: Author
  readonly at: Date
}

export interface Author {
  readonly name: string
  readonly email: string
  /** The GitHub account of that address; null when there is none. */
  readonly login: string | null
}

export interface PullRequest {
  readonly id: number
  readonly number: number
  readonly title: string
  readonly body: string | null
  readonly author: string
  readonly mergedAt: Date | null
  readonly mergeCommitSha: string | null
  readonly commits: readonly string[]
  readonly headRef: string
  readonly headSha: string
  /** `owner/name`; a fork's is another. */
  readonly headRepository: string
  readonly baseRef: string
  readonly baseSha: string
  readonly createdAt: Date
}

export interface Workflow {
  readonly id: number
  readonly path: string
  readonly name: string
}

/** Docs "REST API endpoints for workflow jobs": status and conclusion of a job or run. */
export type RunStatus = 'queued' | 'in_progress' | 'completed' | 'waiting' | 'requested' | 'pending'
export type JobConclusion = 'success' | 'failure' | 'neutral' | 'cancelled' | 'skipped' | 'timed_out' | 'action_required'
export type RunConclusion = JobConclusion | 'stale' | 'startup_failure'

export interface Job {
  readonly id: number
  readonly name: string
  status: RunStatus
  conclusion: JobConclusion | null
  readonly createdAt: Date
  startedAt: Date
  completedAt: Date | null
  readonly steps: readonly { readonly name: string; readonly conclusion: JobConclusion | null }[]
  /** How many more lists leave it out. */
  hiddenFor: number
}

export interface Attempt {
  readonly number: number
  status: RunStatus
  conclusion: RunConclusion | null
  readonly startedAt: Date
  updatedAt: Date
  readonly triggeringActor: string
  readonly jobs: Job[]
}

export interface Run {
  readonly id: number
  readonly workflow: Workflow
  /** As the API gives it: the workflow's path, with `@ref` for one of another repository. */
  readonly path: string
  readonly number: number
  readonly event: string
  readonly headSha: string
  readonly headBranch: string | null
  readonly headRepository: string
  readonly displayTitle: string
  readonly actor: string
  readonly createdAt: Date
  readonly suiteId: number
  /** Oldest first; never empty. */
  readonly attempts: Attempt[]
  /** How many more requests do not see it: GitHub promises no read after write. */
  hiddenFor: number
}

export interface CheckRun {
  readonly id: number
  readonly headSha: string
  readonly suiteId: number
  readonly creator: Actor
  name: string
  status: RunStatus
  conclusion: JobConclusion | 'stale' | null
  externalId: string | null
  detailsUrl: string | null
  startedAt: Date | null
  completedAt: Date | null
  output: { readonly title: string | null; readonly summary: string | null; readonly text: string | null }
  annotations: number
}

export interface CommitStatus {
  readonly id: number
  readonly sha: string
  readonly state: 'error' | 'failure' | 'pending' | 'success'
  readonly context: string
  readonly description: string | null
  readonly targetUrl: string | null
  readonly creator: Actor
  readonly createdAt: Date
}

export type DeploymentState = 'error' | 'failure' | 'inactive' | 'in_progress' | 'queued' | 'pending' | 'success'

export interface DeploymentStatus {
  readonly id: number
  readonly state: DeploymentState
  readonly description: string
  readonly environment: string
  readonly environmentUrl: string
  readonly logUrl: string
  readonly creator: Actor
  readonly createdAt: Date
}

export interface Deployment {
  readonly id: number
  readonly sha: string
  readonly ref: string
  readonly task: string
  readonly payload: Readonly<Record<string, unknown>> | string
  readonly originalEnvironment: string
  environment: string
  readonly description: string | null
  readonly transient: boolean
  readonly production: boolean
  readonly creator: Actor
  readonly createdAt: Date
  updatedAt: Date
  /** Newest first: the first one is what the deployment is. */
  readonly statuses: DeploymentStatus[]
}

export interface IssueComment {
  readonly id: number
  readonly issue: number
  body: string
  readonly creator: Actor
  readonly createdAt: Date
  updatedAt: Date
}

export interface Environment {
  readonly id: number
  readonly name: string
  readonly waitMinutes: number
  /** Logins whose approval a job waits for. */
  readonly reviewers: readonly string[]
  readonly createdAt: Date
}

export interface Dispatch {
  readonly workflow: Workflow
  readonly ref: string
  readonly sha: string
  readonly inputs: Readonly<Record<string, unknown>>
  readonly actor: Actor
  readonly runId: number
}

/** How a payload comes back: as it was sent, or as text, once or twice encoded (both were seen in the wild). */
export type PayloadForm = 'as-sent' | 'string' | 'double-encoded'
