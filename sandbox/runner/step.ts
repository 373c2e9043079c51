import { readAction, type Action } from './action-manifest.ts'
import { startActionStage } from './action-stage.ts'
import { evaluate, isTruthy, type Contexts, type Status } from './expressions.ts'
import { githubContext, type GithubFacts } from './github-context.ts'
import { CANCELLED_JOB_MILLISECONDS, type InterruptSource } from './interrupts.ts'
import { createMachine, type Machine } from './machine.ts'
import { createMasks } from './masks.ts'
import type { Pace, RunningProcess } from './process.ts'
import { runnerContext, type JobGround, type Outcome, type StageResult } from './stage.ts'

export interface StepOptions {
  /** The folder with action.yml. */
  readonly actionDirectory: string
  /** The step's `with:`. */
  readonly inputs?: Readonly<Record<string, string>>
  /** The step's `env:`. */
  readonly env?: Readonly<Record<string, string>>
  readonly github?: GithubFacts
  /** Values that the runner knows to be secret from the start, as it does the token. */
  readonly secrets?: readonly string[]
  readonly masking?: boolean
  /** Where it runs; without it on a machine of its own that is gone afterwards. */
  readonly machine?: Machine
  readonly interrupts?: InterruptSource
  readonly timeoutMinutes?: number
  readonly pace?: Partial<Pace>
  readonly actionRepository?: string
  readonly actionRef?: string
  /** `GITHUB_JOB`. */
  readonly job?: string
  readonly onLine?: (line: string) => unknown
}

export interface StepResult extends StageResult {
  /** The same as `outcome` unless the step has `continue-on-error`. */
  readonly conclusion: Outcome
  /** Undefined when the action has no post, its `post-if` was false, or the runner was lost. */
  readonly post: StageResult | undefined
  readonly masks: readonly string[]
  /** How many processes were still alive when the job ended. */
  readonly orphansKilled: number
}

/** Runs one JavaScript action as a job with this one step: main, post, and the clean-up at the end of the job. */
export async function runStep(options: StepOptions): Promise<StepResult> {
  const action = readAction(options.actionDirectory)
  if (options.machine !== undefined) return runOn(options.machine, action, options)
  await using machine = createMachine()
  return await runOn(machine, action, options)
}

async function runOn(machine: Machine, action: Action, options: StepOptions): Promise<StepResult> {
  const masks = createMasks(options.masking ?? true)
  for (const secret of [options.github?.token ?? '', ...(options.secrets ?? [])]) masks.add(secret)
  const github = { ...githubContext(options.github ?? {}), workspace: machine.workspace, job: options.job ?? 'deploy' }
  const pace = { graceScale: 1, timeoutScale: 1, ...options.pace }
  const ground: JobGround = { machine, masks, pace, github, onLine: options.onLine }
  const watch = watchInterrupts(options.interrupts, ground)
  const main = await runStage('main', action, options, ground, watch, 'success')
  const outcome = watch.cancelled() ? 'cancelled' : main.outcome
  const post = watch.lost() ? undefined : await runPost(action, options, ground, watch, outcome, main.state)
  watch.stop()
  const orphansKilled = machine.killProcesses()
  return { ...main, outcome, conclusion: outcome, post, masks: masks.values, orphansKilled }
}

async function runPost(
  action: Action,
  options: StepOptions,
  ground: JobGround,
  watch: Watch,
  jobStatus: Outcome,
  state: Readonly<Record<string, string>>,
): Promise<StageResult | undefined> {
  if (action.manifest.runs.post === undefined) return undefined
  const condition = action.manifest.runs['post-if'] ?? 'always()'
  const contexts = stepContexts(ground, options, jobStatus)
  if (!isTruthy(evaluate(condition, contexts, statusOf(jobStatus)))) return undefined
  return await runStage('post', action, options, ground, watch, jobStatus, state)
}

function runStage(
  stage: 'main' | 'post',
  action: Action,
  options: StepOptions,
  ground: JobGround,
  watch: Watch,
  jobStatus: Outcome,
  state: Readonly<Record<string, string>> = {},
): Promise<StageResult> {
  const running = startActionStage({
    ground,
    action,
    stage,
    title: action.manifest.name,
    inputs: options.inputs ?? {},
    contexts: stepContexts(ground, options, jobStatus),
    env: options.env ?? {},
    state,
    // A post step has no time limit of its own, only the job's.
    timeoutMinutes: stage === 'main' ? options.timeoutMinutes : undefined,
    github: {
      action: '__self',
      action_repository: options.actionRepository ?? null,
      action_ref: options.actionRef ?? null,
    },
  })
  watch.attach(running.process, stage)
  return running.finished
}

function stepContexts(ground: JobGround, options: StepOptions, jobStatus: Outcome): Contexts {
  return {
    github: ground.github,
    env: options.env ?? {},
    job: { status: jobStatus },
    runner: runnerContext(ground.machine),
    strategy: {},
    matrix: {},
    inputs: {},
  }
}

export function statusOf(jobStatus: Outcome): Status {
  return { success: jobStatus === 'success', failure: jobStatus === 'failure', cancelled: jobStatus === 'cancelled' }
}

interface Watch {
  attach(process: RunningProcess, stage: 'main' | 'post'): void
  cancelled(): boolean
  lost(): boolean
  stop(): void
}

/** Passes interrupts on to the process that runs now, and ends a cancelled job when its budget is spent. */
function watchInterrupts(interrupts: InterruptSource | undefined, ground: JobGround): Watch {
  let current: { process: RunningProcess; stage: 'main' | 'post' } | undefined
  let budget: NodeJS.Timeout | undefined
  let cancelled = false
  let lost = false
  const end = (ending: 'lost' | 'out-of-time') => {
    lost = true
    current?.process.kill(ending)
    ground.machine.killProcesses()
  }
  const cancel = () => {
    if (cancelled) return
    cancelled = true
    budget = setTimeout(() => end('out-of-time'), CANCELLED_JOB_MILLISECONDS * ground.pace.graceScale)
    // The default condition of a post step is always(): a cancelled run does not interrupt it (StepsRunner.cs).
    if (current?.stage === 'main') current.process.cancel()
  }
  interrupts?.listen((kind) => {
    if (kind === 'cancel') cancel()
    else if (kind === 'crash') current?.process.kill('crashed')
    else end('lost')
  })
  return {
    attach(process, stage) {
      current = { process, stage }
      if (lost) process.kill('lost')
      else if (cancelled && stage === 'main') process.cancel()
    },
    cancelled: () => cancelled,
    lost: () => lost,
    stop: () => clearTimeout(budget),
  }
}
