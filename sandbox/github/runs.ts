import { nextId, type Hub } from './hub.ts'
import type { Attempt, Job, JobConclusion, Run, RunConclusion, RunStatus, Workflow } from './state.ts'

export interface JobOptions {
  readonly name: string
  /** Default: completed. */
  readonly status?: RunStatus
  /** Default for a completed job: success. */
  readonly conclusion?: JobConclusion | null
  readonly steps?: readonly { readonly name: string; readonly conclusion: JobConclusion | null }[]
  /** How many lists of jobs leave it out first: jobs behind `needs` are created late. */
  readonly appearsAfterRequests?: number
}

export interface NewRun {
  /** Default `.github/workflows/ci.yml`; may end in `@ref`. */
  readonly workflowPath?: string
  readonly workflowName?: string
  readonly headSha: string
  /** Default `push`. */
  readonly event?: string
  readonly headBranch?: string | null
  /** `owner/name`, when the run came from a fork. */
  readonly headRepository?: string
  readonly status?: RunStatus
  readonly conclusion?: RunConclusion | null
  /** Default 1; the attempts before it failed. */
  readonly attempt?: number
  /** Default: one job `test` that ended as the run did. */
  readonly jobs?: readonly JobOptions[]
  readonly actor?: string
  /** How many requests do not see the run yet. */
  readonly appearsAfterRequests?: number
}

export interface RunChange {
  readonly status?: RunStatus
  readonly conclusion?: RunConclusion | null
  /** By name: a job that is there changes, any other is added. */
  readonly jobs?: readonly JobOptions[]
}

export function workflowOf(hub: Hub, path: string, name?: string): Workflow {
  const file = path.replace(/@.*$/, '')
  const known = hub.repository.workflows.find((workflow) => workflow.path === file)
  if (known !== undefined) return known
  const workflow = { id: nextId(hub), path: file, name: name ?? file.replace(/^.*\//, '').replace(/\.ya?ml$/, '') }
  hub.repository.workflows.push(workflow)
  return workflow
}

export function addRun(hub: Hub, asked: NewRun): Run {
  const path = asked.workflowPath ?? '.github/workflows/ci.yml'
  const workflow = workflowOf(hub, path, asked.workflowName)
  const run: Run = {
    id: nextId(hub),
    workflow,
    path,
    number: hub.repository.runs.filter((other) => other.workflow === workflow).length + 1,
    event: asked.event ?? 'push',
    headSha: asked.headSha,
    headBranch: asked.headBranch === undefined ? hub.repository.defaultBranch : asked.headBranch,
    headRepository: asked.headRepository ?? hub.repository.fullName,
    displayTitle: hub.repository.commits.get(asked.headSha)?.message.split('\n')[0] ?? workflow.name,
    actor: asked.actor ?? 'mona',
    createdAt: hub.world.now(),
    suiteId: nextId(hub),
    attempts: [],
    hiddenFor: asked.appearsAfterRequests ?? 0,
  }
  const jobs = asked.jobs?.map(({ name }) => ({ name, conclusion: 'failure' as const }))
  for (let number = 1; number < (asked.attempt ?? 1); number += 1) {
    addAttempt(hub, run, { conclusion: 'failure', ...(jobs === undefined ? {} : { jobs }) })
  }
  addAttempt(hub, run, asked)
  hub.repository.runs.push(run)
  return run
}

/** Docs "Re-running workflows and jobs": the same run id, the next attempt, new jobs. */
export function addAttempt(hub: Hub, run: Run, change: RunChange): Attempt {
  const { status, conclusion } = outcome(change)
  const startedAt = hub.world.now()
  const attempt: Attempt = {
    number: run.attempts.length + 1,
    status,
    conclusion,
    startedAt,
    updatedAt: startedAt,
    triggeringActor: run.actor,
    jobs: (change.jobs ?? [jobLike(status, conclusion)]).map((job) => newJob(hub, job)),
  }
  run.attempts.push(attempt)
  return attempt
}

export function changeRun(hub: Hub, run: Run, change: RunChange): void {
  const attempt = latestAttempt(run)
  if (change.status !== undefined || change.conclusion !== undefined) Object.assign(attempt, outcome(change))
  attempt.updatedAt = hub.world.now()
  for (const wanted of change.jobs ?? []) {
    const known = attempt.jobs.find((job) => job.name === wanted.name)
    if (known === undefined) attempt.jobs.push(newJob(hub, wanted))
    else changeJob(hub, known, wanted)
  }
}

export function latestAttempt(run: Run): Attempt {
  const latest = run.attempts.at(-1)
  if (latest === undefined) throw new Error(`run ${run.id} has no attempt`)
  return latest
}

/** What is completed has a conclusion, and nothing else has one. */
function outcome<C extends string>(asked: { status?: RunStatus; conclusion?: C | null }) {
  const status = asked.status ?? 'completed'
  const conclusion = status === 'completed' ? (asked.conclusion ?? ('success' as const)) : null
  return { status, conclusion }
}

function jobLike(status: RunStatus, conclusion: RunConclusion | null): JobOptions {
  const same = conclusion === 'stale' || conclusion === 'startup_failure' ? 'failure' : conclusion
  return { name: 'test', status, conclusion: same }
}

function newJob(hub: Hub, asked: JobOptions): Job {
  const { status, conclusion } = outcome(asked)
  const createdAt = hub.world.now()
  return {
    id: nextId(hub),
    name: asked.name,
    status,
    conclusion,
    createdAt,
    startedAt: createdAt,
    completedAt: status === 'completed' ? hub.world.now() : null,
    steps: asked.steps ?? [],
    hiddenFor: asked.appearsAfterRequests ?? 0,
  }
}

function changeJob(hub: Hub, job: Job, asked: JobOptions): void {
  Object.assign(job, outcome(asked))
  job.completedAt = job.status === 'completed' ? hub.world.now() : null
}

export interface RunFilter {
  readonly workflow?: Workflow
  readonly headSha: string | null
  readonly event: string | null
  readonly branch: string | null
  readonly actor: string | null
  readonly suiteId: string | null
  /** A status or a conclusion (docs "List workflow runs for a repository"). */
  readonly status: string | null
}

/** Docs "List workflow runs": a filtered search gives 1,000 results at most. */
const filteredLimit = 1000

/** Newest first; a run that has not appeared yet is left out, and has been asked for once more. */
export function listRuns(hub: Hub, filter: RunFilter): readonly Run[] {
  const matching = hub.repository.runs.filter((run) => fits(run, filter) && isVisible(run)).toReversed()
  const filtered = [filter.headSha, filter.event, filter.branch, filter.actor, filter.suiteId, filter.status]
  return filtered.every((value) => value === null) ? matching : matching.slice(0, filteredLimit)
}

const same = (wanted: string | null, value: string | null) => wanted === null || wanted === value

function fits(run: Run, filter: RunFilter): boolean {
  const { status, conclusion } = latestAttempt(run)
  return (
    (filter.workflow === undefined || filter.workflow === run.workflow) &&
    same(filter.headSha, run.headSha) &&
    same(filter.event, run.event) &&
    same(filter.branch, run.headBranch) &&
    same(filter.actor, run.actor) &&
    same(filter.suiteId, String(run.suiteId)) &&
    (filter.status === null || filter.status === status || filter.status === conclusion)
  )
}

/** Asking spends one of the requests that do not see it. */
export function isVisible(thing: { hiddenFor: number }): boolean {
  if (thing.hiddenFor <= 0) return true
  thing.hiddenFor -= 1
  return false
}
