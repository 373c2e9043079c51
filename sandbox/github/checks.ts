import { notAccessible, notFound, validationFailed } from './errors.ts'
import { githubActions, type Actor } from './tokens.ts'
import { nextId, type Hub } from './hub.ts'
import type { CheckRun, Job, Run } from './state.ts'

export interface CheckRunChange {
  readonly name?: string | undefined
  readonly status?: CheckRun['status'] | undefined
  readonly conclusion?: CheckRun['conclusion'] | undefined
  readonly external_id?: string | undefined
  readonly details_url?: string | undefined
  readonly started_at?: string | undefined
  readonly completed_at?: string | undefined
  readonly output?: CheckOutput | undefined
}

export interface CheckOutput {
  readonly title?: string | undefined
  readonly summary: string
  readonly text?: string | undefined
  readonly annotations?: readonly unknown[] | undefined
}

export interface NewCheckRun extends CheckRunChange {
  readonly name: string
  readonly head_sha: string
}

/** Docs "Create a check run": only a GitHub App may. */
export function createCheckRun(hub: Hub, asked: NewCheckRun, by: Actor): CheckRun {
  if (by.app === null) throw notAccessible('personal access token', 'checks=write')
  const commit = hub.repository.commits.get(asked.head_sha)
  if (commit === undefined) throw validationFailed(`No commit found for SHA: ${asked.head_sha}`)
  const check: CheckRun = {
    id: nextId(hub),
    headSha: commit.sha,
    suiteId: suiteFor(hub, commit.sha, by),
    creator: by,
    name: asked.name,
    status: 'queued',
    conclusion: null,
    externalId: null,
    detailsUrl: null,
    startedAt: hub.world.now(),
    completedAt: null,
    output: { title: null, summary: null, text: null },
    annotations: 0,
  }
  hub.repository.checkRuns.push(check)
  changeCheckRun(hub, check, asked)
  return check
}

/**
 * The app's first suite of that commit, whichever workflow it belongs to: the API lets nobody choose,
 * so a check may show under an unrelated workflow (EnricoMi/publish-unit-test-result-action issue 12).
 */
function suiteFor(hub: Hub, sha: string, by: Actor): number {
  const own = hub.repository.checkRuns.find((check) => check.headSha === sha && check.creator.app?.id === by.app?.id)
  const run = by.app?.id === githubActions.id ? hub.repository.runs.find((one) => one.headSha === sha) : undefined
  return run?.suiteId ?? own?.suiteId ?? nextId(hub)
}

/** Docs "Update a check run": a conclusion completes it, and completing it needs a conclusion. */
export function changeCheckRun(hub: Hub, check: CheckRun, change: CheckRunChange): void {
  const status = change.conclusion === undefined ? (change.status ?? check.status) : 'completed'
  const conclusion = status === 'completed' ? (change.conclusion ?? check.conclusion) : null
  if (status === 'completed' && conclusion === null) {
    throw validationFailed('conclusion is required when the status is completed')
  }
  check.status = status
  check.conclusion = conclusion
  check.name = change.name ?? check.name
  check.externalId = change.external_id ?? check.externalId
  check.detailsUrl = change.details_url ?? check.detailsUrl
  if (change.started_at !== undefined) check.startedAt = new Date(change.started_at)
  check.completedAt = status === 'completed' ? dateOr(change.completed_at, check.completedAt ?? hub.world.now()) : null
  if (change.output === undefined) return
  const { title = null, summary, text = null, annotations = [] } = change.output
  check.output = { title, summary, text }
  check.annotations += annotations.length
}

const dateOr = (text: string | undefined, otherwise: Date) => (text === undefined ? otherwise : new Date(text))

/** Every check of a commit: those that apps made, and one for each job of its workflow runs. */
export function checksOf(hub: Hub, sha: string): readonly CheckRun[] {
  const jobs = hub.repository.runs
    .filter((run) => run.headSha === sha && run.hiddenFor === 0)
    .flatMap((run) => run.attempts.flatMap((attempt) => jobChecks(run, attempt.jobs)))
  return [...jobs, ...hub.repository.checkRuns.filter((check) => check.headSha === sha)].toSorted((a, b) => b.id - a.id)
}

export function findCheck(hub: Hub, id: number): CheckRun {
  const own = hub.repository.checkRuns.find((check) => check.id === id)
  const found = own ?? hub.repository.runs.flatMap((run) => checksOf(hub, run.headSha)).find((check) => check.id === id)
  if (found === undefined) throw notFound()
  return found
}

const jobChecks = (run: Run, jobs: readonly Job[]): readonly CheckRun[] =>
  jobs.filter(({ hiddenFor }) => hiddenFor === 0).map((job) => checkOfJob(run, job))

/** A job's check run has the job's own id, as the ids in GitHub's job URLs show. */
function checkOfJob(run: Run, job: Job): CheckRun {
  return {
    id: job.id,
    headSha: run.headSha,
    suiteId: run.suiteId,
    creator: { login: 'github-actions[bot]', app: githubActions },
    name: job.name,
    status: job.status,
    conclusion: job.conclusion,
    externalId: null,
    detailsUrl: null,
    startedAt: job.startedAt,
    completedAt: job.completedAt,
    output: { title: null, summary: null, text: null },
    annotations: 0,
  }
}

/** Docs "List check runs for a Git reference", `filter=latest`: the newest of each name, but only within one suite. */
export function latestOfEachSuite(checks: readonly CheckRun[]): readonly CheckRun[] {
  const seen = new Set<string>()
  return checks.filter((check) => {
    const key = `${check.suiteId} ${check.name}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
