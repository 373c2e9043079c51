import type { Sha } from './ids.ts'

/** A workflow run as GitHub tells it. */
export interface WorkflowRun {
  readonly id: number
  readonly runNumber: number
  readonly attempt: number
  /** Of the workflow file; GitHub may append `@<ref>`. */
  readonly path: string
  readonly headSha: string
  readonly headBranch: string | null
  readonly event: string
  /** Absent when the fork that it came from is gone. */
  readonly headRepositoryId: number | undefined
  readonly status: string
  readonly conclusion: string | null
  readonly url: string
  /** Login of whoever pressed the button for this attempt. */
  readonly startedBy?: string | undefined
}

export interface WorkflowJob {
  readonly name: string
  readonly status: string
  readonly conclusion: string | null
}

/** Which verdict is asked for. */
export interface GateQuery {
  readonly sha: Sha
  readonly repositoryId: number
  readonly ownRunId: number
  readonly path: string
  readonly events: readonly string[]
  /** Where a `push` must have been to: the same commit pushed to another branch first may have had fewer jobs. */
  readonly branch?: string
  readonly requiredJobs: readonly string[]
}

export type GateVerdict =
  | { readonly kind: 'passed'; readonly run: WorkflowRun }
  /** Not decided yet; `isFound` tells whether a run exists at all. */
  | { readonly kind: 'waiting'; readonly why: string; readonly isFound: boolean }
  | { readonly kind: 'failed'; readonly why: string }

/** The path of a run's workflow file without the ref that GitHub may append. */
export function fileOf(run: Pick<WorkflowRun, 'path'>): string {
  return run.path.split('@')[0] ?? run.path
}

/** The newest attempt of the newest run of this workflow for exactly this commit; nothing else counts. */
export function newestRun(query: GateQuery, runs: readonly WorkflowRun[]): WorkflowRun | undefined {
  const isOnBranch = (run: WorkflowRun) => query.branch === undefined || run.event !== 'push' || run.headBranch === query.branch
  const fitting = runs.filter(
    (run) =>
      run.id !== query.ownRunId &&
      fileOf(run) === query.path &&
      run.headSha === query.sha &&
      query.events.includes(run.event) &&
      run.headRepositoryId === query.repositoryId &&
      isOnBranch(run),
  )
  // A re-run keeps its id and number: an attempt in flight takes the place of an old green one.
  return fitting.toSorted((one, other) => other.runNumber - one.runNumber || other.attempt - one.attempt)[0]
}

/**
 * The tests' verdict by file, full commit, event and repository (a check's name can be forged, a run cannot).
 * Only `success` passes, and a skipped job is not a test that has run: GitHub reports it as success to required checks.
 */
export function judgeGate(query: GateQuery, run: WorkflowRun | undefined, jobs: readonly WorkflowJob[]): GateVerdict {
  if (run === undefined) {
    return { kind: 'waiting', isFound: false, why: `no run of ${query.path} for ${query.sha} on ${query.events.join(' or ')} was found` }
  }
  if (run.status !== 'completed') return { kind: 'waiting', isFound: true, why: `${query.path} is ${run.status}: ${run.url}` }
  if (run.conclusion !== 'success') return { kind: 'failed', why: `${query.path} ended ${run.conclusion ?? 'without a conclusion'}: ${run.url}` }
  const running = jobs.find((job) => job.status !== 'completed')
  // The list of jobs may lag behind the run that it is of.
  if (jobs.length === 0 || running !== undefined) return { kind: 'waiting', isFound: true, why: `the jobs of ${query.path} are not all listed as ended: ${run.url}` }
  const unmet = unmetJobs(query.requiredJobs, jobs)
  if (unmet.length > 0) return { kind: 'failed', why: `${query.path} succeeded, but ${unmet.join(' and ')}: ${run.url}` }
  return { kind: 'passed', run }
}

/**
 * The form without a run to look for: the named jobs of this very run. It names at least one, since the run's own
 * other jobs (the gate is one) prove nothing; a list that does not show them ended yet is waited for.
 */
export function judgeNeeds(required: readonly string[], jobs: readonly WorkflowJob[]): GateVerdict | { readonly kind: 'passed' } {
  if (required.length === 0) return { kind: 'failed', why: 'no job of this run is named that must have succeeded' }
  const running = required.flatMap((name) => jobsNamed(name, jobs)).find((job) => job.status !== 'completed')
  if (running !== undefined) return { kind: 'waiting', isFound: true, why: `the job "${running.name}" of this run is ${running.status}` }
  const missing = required.find((name) => jobsNamed(name, jobs).length === 0)
  if (missing !== undefined) return { kind: 'waiting', isFound: false, why: `this run has no job "${missing}"` }
  const unmet = unmetJobs(required, jobs)
  return unmet.length === 0 ? { kind: 'passed' } : { kind: 'failed', why: `in this run ${unmet.join(' and ')}` }
}

/** What is wrong with the jobs, in words; with no name required, at least one must have succeeded. */
function unmetJobs(required: readonly string[], jobs: readonly WorkflowJob[]): string[] {
  if (required.length === 0) {
    return jobs.some((job) => job.conclusion === 'success') ? [] : ['none of its jobs succeeded']
  }
  return required.flatMap((name) => {
    const named = jobsNamed(name, jobs)
    if (named.length === 0) return [`the job "${name}" is not there`]
    const bad = named.find((job) => job.conclusion !== 'success')
    return bad === undefined ? [] : [`the job "${bad.name}" ended ${bad.conclusion ?? bad.status}`]
  })
}

/** A matrix appends ` (v1, v2)` to the name of each of its jobs; all of them are meant. */
function jobsNamed(name: string, jobs: readonly WorkflowJob[]): readonly WorkflowJob[] {
  return jobs.filter((job) => job.name === name || job.name.startsWith(`${name} (`))
}

export interface GateClock {
  readonly elapsedSeconds: number
  readonly timeoutSeconds: number
  /** How long a run may take to appear at all. */
  readonly discoverySeconds: number
}

export type Patience =
  | { readonly kind: 'poll-again'; readonly afterSeconds: number }
  | { readonly kind: 'give-up'; readonly code: 'gate-absent' | 'gate-timeout' }

/** How long to wait for a verdict: 5 s at first, 30 s at most. Nothing found is a failure in the end, never a pass. */
export function waitForGate(verdict: Extract<GateVerdict, { kind: 'waiting' }>, clock: GateClock): Patience {
  if (!verdict.isFound && clock.elapsedSeconds >= Math.min(clock.discoverySeconds, clock.timeoutSeconds)) return { kind: 'give-up', code: 'gate-absent' }
  if (clock.elapsedSeconds >= clock.timeoutSeconds) return { kind: 'give-up', code: 'gate-timeout' }
  return { kind: 'poll-again', afterSeconds: Math.min(30, 5 + clock.elapsedSeconds / 10) }
}
