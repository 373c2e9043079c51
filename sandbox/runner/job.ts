import { asText } from './expressions.ts'
import type { InterruptSource } from './interrupts.ts'
import { listenForInterrupts, stepContexts, type JobPlan, type JobServices, type JobState, type StepReport } from './job-state.ts'
import { runJobStep } from './job-step.ts'
import { createMachine, type Machine } from './machine.ts'
import { createMasks } from './masks.ts'
import type { Pace } from './process.ts'
import type { Outcome } from './stage.ts'
import { errorAnnotation } from './stand-in-stage.ts'
import { resolve, resolveText, resolveTexts } from './template.ts'
import type { Annotation } from './workflow-commands.ts'

/** How a job ended: what `needs.<id>` and the run's page show of it. */
export interface JobResult {
  readonly id: string
  readonly name: string
  readonly result: Outcome
  readonly outputs: Readonly<Record<string, string>>
  readonly steps: readonly StepReport[]
  /** Of the steps and of the job itself. */
  readonly annotations: readonly Annotation[]
  /** Of each main and post that wrote one, in order. */
  readonly summaries: readonly string[]
  readonly log: readonly string[]
}

export interface JobOptions {
  readonly plan: JobPlan
  readonly services: JobServices
  readonly interrupts: InterruptSource
  readonly masking: boolean
  readonly pace: Pace
}

/** Runs a job on a runner of its own: its steps, then the posts from last to first, then the clean-up. */
export async function runJob(options: JobOptions): Promise<JobResult> {
  const { plan } = options
  const [, repositoryName = ''] = asText(plan.contexts.github['repository'] ?? '').split('/')
  await using machine = createMachine({ repositoryName })
  const state = createState(options, machine)
  const stopClock = listenForInterrupts(state, options.interrupts)
  try {
    prepareEnvironment(state)
    for (const step of plan.job.steps) if (!state.lost) await runJobStep(state, step)
    while (state.posts.length > 0 && !state.lost) await state.posts.pop()?.()
    const outputs = state.lost ? {} : jobOutputs(state)
    return conclude(state, outputs)
  } finally {
    stopClock()
  }
}

function createState({ plan, services, masking, pace }: JobOptions, machine: Machine): JobState {
  const masks = createMasks(masking)
  for (const secret of Object.values(plan.contexts.secrets)) masks.add(asText(secret))
  masks.add(asText(plan.contexts.github['token'] ?? ''))
  const github = { ...plan.contexts.github, workspace: machine.workspace, job: plan.job.id }
  const onLine = (line: string) => services.onLine(line, plan.id)
  const minutes = resolve(plan.job['timeout-minutes'], plan.contexts)
  return {
    plan,
    services,
    ground: { machine, masks, pace, github, onLine },
    env: {},
    path: [],
    reports: [],
    posts: [],
    annotations: [],
    timeoutMinutes: typeof minutes === 'number' && minutes > 0 ? minutes : 360,
    status: 'success',
    cancelled: false,
    lost: false,
    current: undefined,
  }
}

/** The variables of the workflow, then those of the job, which may use the former. */
function prepareEnvironment(state: JobState): void {
  const { plan } = state
  try {
    Object.assign(state.env, resolveTexts(plan.workflowEnv, stepContexts(state)))
    Object.assign(state.env, resolveTexts(plan.job.env, stepContexts(state)))
  } catch (error) {
    state.status = 'failure'
    state.annotations.push(errorAnnotation(error instanceof Error ? error.message : String(error)))
  }
}

/** Empty outputs and those that hold a secret are left out (actions/runner, JobExtension.cs). */
function jobOutputs(state: JobState): Readonly<Record<string, string>> {
  const { masks } = state.ground
  const outputs: Record<string, string> = {}
  for (const [name, template] of Object.entries(state.plan.job.outputs)) {
    const value = resolveText(template, stepContexts(state))
    if (value === '') continue
    if (masks.finds(value)) {
      const message = `Skip output '${name}' since it may contain secret.`
      state.annotations.push({ level: 'warning', message, properties: {} })
    } else outputs[name] = value
  }
  return outputs
}

function conclude(state: JobState, outputs: Readonly<Record<string, string>>): JobResult {
  const mains = state.reports.flatMap((report) => report.main ?? [])
  const posts = state.reports.toReversed().flatMap((report) => report.post ?? [])
  const stages = [...mains, ...posts]
  if (state.lost && state.status === 'failure') {
    state.annotations.push(errorAnnotation('The hosted runner lost communication with the server.'))
  }
  return {
    id: state.plan.id,
    name: state.plan.name,
    result: state.status,
    outputs,
    steps: state.reports,
    annotations: [...stages.flatMap((stage) => stage.annotations), ...state.annotations],
    summaries: stages.map((stage) => stage.summary).filter((summary) => summary !== ''),
    log: stages.flatMap((stage) => stage.log),
  }
}

