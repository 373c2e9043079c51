import type { ArtifactStore } from './artifacts.ts'
import type { Contexts, Json, Status } from './expressions.ts'
import { CANCELLED_JOB_MILLISECONDS, type InterruptSource } from './interrupts.ts'
import type { RunningProcess } from './process.ts'
import { runnerContext, type JobGround, type Outcome, type StageResult } from './stage.ts'
import type { StandIn } from './stand-ins.ts'
import type { Annotation } from './workflow-commands.ts'
import type { Defaults, PlainJob } from './workflow-file.ts'
import type { LocalRepository, Source } from './workflow-tree.ts'
import type { Template } from './template.ts'

/** A job whose turn has come: all that was decided before its runner starts. */
export interface JobPlan {
  /** `rollout/deploy`: the ids of the calling jobs and its own. */
  readonly id: string
  readonly name: string
  readonly job: PlainJob
  /** The file that the job is written in. */
  readonly source: Source
  readonly workflowEnv: Template | undefined
  readonly workflowDefaults: Defaults | undefined
  /** `github` (with the job's token), `inputs`, `vars`, `secrets`, `needs`, `strategy`, `matrix`. */
  readonly contexts: Readonly<Record<'github' | 'secrets', Readonly<Record<string, Json>>>> & Contexts
  readonly checkRunId: number
}

/** What all jobs of a run share. */
export interface JobServices {
  readonly repositories: Readonly<Record<string, LocalRepository>>
  readonly standIns: Readonly<Record<string, StandIn>>
  readonly artifacts: ArtifactStore
  readonly onLine: (line: string, job: string) => unknown
}

export interface StepReport {
  readonly id: string
  readonly title: string
  readonly outcome: Outcome
  /** The outcome after `continue-on-error`. */
  readonly conclusion: Outcome
  readonly outputs: Readonly<Record<string, string>>
  /** Undefined for a step that was skipped. */
  readonly main: StageResult | undefined
  post: StageResult | undefined
}

/** A job while it runs. */
export interface JobState {
  readonly plan: JobPlan
  readonly services: JobServices
  readonly ground: JobGround
  /** Variables of workflow, job and `GITHUB_ENV`. */
  readonly env: Record<string, string>
  /** Folders from `GITHUB_PATH`, the newest first. */
  readonly path: string[]
  readonly reports: StepReport[]
  /** Registered before main starts, run last to first. */
  readonly posts: (() => Promise<void>)[]
  readonly annotations: Annotation[]
  readonly timeoutMinutes: number
  status: Outcome
  cancelled: boolean
  lost: boolean
  /** What runs now, and whether its condition still holds when the job is cancelled. */
  current: { readonly process: RunningProcess; readonly stillWanted: () => boolean } | undefined
}

/** The contexts of a step, at this moment. */
export function stepContexts(state: JobState, stepEnv: Readonly<Record<string, string>> = {}): Contexts {
  const { source, checkRunId, contexts } = state.plan
  return {
    ...contexts,
    github: state.ground.github,
    env: { ...state.env, ...stepEnv },
    job: {
      status: state.status,
      check_run_id: checkRunId,
      workflow_ref: `${source.repository}/${source.path}@${source.ref}`,
      workflow_sha: source.sha,
      workflow_repository: source.repository,
      workflow_file_path: source.path,
    },
    runner: runnerContext(state.ground.machine),
    steps: Object.fromEntries(
      state.reports
        // A step without an id of its own has a generated one that no expression can name.
        .filter((report) => !report.id.startsWith('__'))
        .map(({ id, outputs, outcome, conclusion }) => [id, { outputs, outcome, conclusion }]),
    ),
  }
}

export function jobStatus(state: JobState): Status {
  return {
    success: state.status === 'success',
    failure: state.status === 'failure',
    cancelled: state.status === 'cancelled',
  }
}

/** Lets a run's cancellation, a crash and the loss of the runner reach the job. Answers how to stop the clock. */
export function listenForInterrupts(state: JobState, interrupts: InterruptSource): () => void {
  let budget: NodeJS.Timeout | undefined
  const end = (ending: 'lost' | 'out-of-time') => {
    state.lost = true
    if (ending === 'lost') state.status = 'failure'
    state.current?.process.kill(ending)
    state.ground.machine.killProcesses()
  }
  const cancel = () => {
    if (state.cancelled || state.lost) return
    state.cancelled = true
    state.status = 'cancelled'
    budget = setTimeout(() => end('out-of-time'), CANCELLED_JOB_MILLISECONDS * state.ground.pace.graceScale)
    // StepsRunner.cs: the condition of the running step is evaluated again; one that still holds is left alone.
    if (state.current?.stillWanted() === false) state.current.process.cancel()
  }
  const timeout = setTimeout(cancel, state.timeoutMinutes * 60_000 * state.ground.pace.timeoutScale)
  interrupts.listen((kind) => {
    if (kind === 'cancel') cancel()
    else if (kind === 'crash') state.current?.process.kill('crashed')
    else end('lost')
  })
  return () => {
    clearTimeout(budget)
    clearTimeout(timeout)
  }
}

