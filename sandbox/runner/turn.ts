import { callInputs } from './call-interface.ts'
import { asText, type Contexts, type Json } from './expressions.ts'
import { createInterrupts } from './interrupts.ts'
import { runJob, type JobResult } from './job.ts'
import { enterEnvironment } from './environment.ts'
import { combinedResult, holdGroup, type Finished, type RunState, type WorkflowInstance } from './run-state.ts'
import { createScope, type Scope } from './scope.ts'
import type { Outcome } from './stage.ts'
import { errorAnnotation } from './stand-in-stage.ts'
import { resolve, resolveText, resolveTexts } from './template.ts'
import type { CallingJob } from './workflow-file.ts'
import type { JobNode } from './workflow-tree.ts'

/** One job (or one of a matrix) whose needs have ended and whose condition holds. */
export interface Turn {
  readonly instance: WorkflowInstance
  readonly node: JobNode
  readonly id: string
  readonly contexts: Contexts
  /** Evaluates the job's condition again, e.g. after a cancellation. */
  readonly holds: () => boolean
  readonly matrix: Readonly<Record<string, Json>>
  readonly strategy: Readonly<Record<string, Json>>
  readonly suffix: string
  readonly scope: Scope
  /** Runs the jobs of a called workflow: given, since the graph runs turns and a turn may run a graph. */
  readonly runGraph: (run: RunState, instance: WorkflowInstance) => Promise<Readonly<Record<string, Finished>>>
}

export async function runTurn(run: RunState, turn: Turn): Promise<Finished> {
  const { node, instance } = turn
  const id = `${turn.id}${turn.suffix}`
  const contexts: Contexts = { ...turn.contexts, matrix: turn.matrix, strategy: turn.strategy }
  const name = `${instance.namePrefix}${node.job.name === undefined ? node.job.id : resolveText(node.job.name, contexts)}${turn.suffix}`
  const scope = createScope(turn.scope)
  // A preempted job is cancelled though its run is not: its own condition cannot know.
  const stillWanted = () => turn.holds() && scope.cancelled() === turn.instance.scope.cancelled()
  const held = await holdGroup(run, {
    concurrency: node.job.concurrency,
    contexts,
    holder: name,
    heldGroups: instance.heldGroups,
    scope,
    stillWanted,
  })
  if (held.kind === 'refused') return keep(run, ended(id, name, 'cancelled', held.reason))
  try {
    const placed: PlacedTurn = { ...turn, id, name, contexts, scope, heldGroups: held.groups, stillWanted }
    return node.kind === 'plain' ? await runPlain(run, placed, node) : await runCall(run, placed, node)
  } finally {
    held.release()
  }
}

interface PlacedTurn extends Turn {
  readonly name: string
  readonly heldGroups: readonly string[]
  readonly stillWanted: () => boolean
}

async function runPlain(run: RunState, turn: PlacedTurn, node: JobNode & { kind: 'plain' }): Promise<Finished> {
  const { instance, id, name, contexts } = turn
  const cancelled = Promise.withResolvers<void>()
  turn.scope.onCancel(() => {
    if (!turn.stillWanted()) cancelled.resolve()
  })
  const entered = await enterEnvironment(run, instance, node.job.environment, { id, contexts, cancelled: cancelled.promise })
  if (entered.kind === 'refused') return keep(run, ended(id, name, entered.result, entered.reason))
  const repository = asText(run.github['repository'] ?? '')
  const token = await run.tokenFor({ job: id, permissions: node.permissions, repository })
  const { file, source } = instance.node
  const interrupts = createInterrupts()
  run.interrupts.set(id, interrupts)
  run.onJob?.({ name, result: undefined })
  turn.scope.onCancel(() => {
    if (!turn.stillWanted()) interrupts.cancel()
  })
  const result = await runJob({
    plan: {
      id,
      name,
      job: node.job,
      source,
      workflowEnv: file.env,
      workflowDefaults: file.defaults,
      contexts: {
        ...contexts,
        github: { ...run.github, token },
        vars: entered.vars,
        secrets: { ...entered.secrets, GITHUB_TOKEN: token },
      },
      checkRunId: run.nextCheckRunId(),
    },
    services: run.services,
    interrupts,
    masking: run.masking,
    pace: run.pace,
  })
  run.interrupts.delete(id)
  run.onJob?.({ name, result: result.result })
  return keep(run, result)
}

async function runCall(run: RunState, turn: PlacedTurn, node: JobNode & { kind: 'calling' }): Promise<Finished> {
  const { instance, id, name, contexts } = turn
  const call = node.called.file.call ?? { inputs: {}, outputs: {}, secrets: {} }
  const outside = { github: run.github, vars: run.vars }
  const given = Object.fromEntries(Object.entries(node.job.with).map(([key, value]) => [key, resolve(value, contexts)]))
  const inputs = callInputs(call, given, { ...outside, inputs: {} })
  const held = await holdGroup(run, {
    concurrency: node.called.file.concurrency,
    contexts: { ...outside, inputs },
    holder: name,
    heldGroups: turn.heldGroups,
    scope: turn.scope,
    stillWanted: turn.stillWanted,
  })
  if (held.kind === 'refused') return keep(run, ended(id, name, 'cancelled', held.reason))
  try {
    const jobs = await turn.runGraph(run, {
      node: node.called,
      idPrefix: `${id}/`,
      namePrefix: `${name} / `,
      inputs,
      ...passedSecrets(instance, node.job, contexts),
      scope: turn.scope,
      heldGroups: held.groups,
    })
    const inside: Contexts = { ...outside, inputs, jobs: Object.fromEntries(Object.entries(jobs).map(([key, job]) => [key, { ...job }])) }
    const outputs = resolveTexts(Object.fromEntries(Object.entries(call.outputs).map(([key, { value }]) => [key, value])), inside)
    const result = combinedResult(Object.values(jobs).map((job) => job.result), turn.scope.cancelled())
    return keep(run, { ...ended(id, name, result), outputs })
  } finally {
    held.release()
  }
}

/** Only what is mapped reaches a called workflow, under the names of the mapping; `inherit` passes everything on. */
function passedSecrets(
  instance: WorkflowInstance,
  job: CallingJob,
  contexts: Contexts,
): Pick<WorkflowInstance, 'secrets' | 'environmentSecrets'> {
  if (job.secrets === 'inherit') return { secrets: instance.secrets, environmentSecrets: instance.environmentSecrets }
  const secrets = resolveTexts(job.secrets, { ...contexts, secrets: instance.secrets })
  return { secrets, environmentSecrets: 'mapped' }
}

function ended(id: string, name: string, result: Outcome, reason?: string): JobResult {
  const annotations = reason === undefined ? [] : [errorAnnotation(reason)]
  const log = reason === undefined ? [] : [`##[error]${reason}`]
  return { id, name, result, outputs: {}, steps: [], annotations, summaries: [], log }
}

function keep(run: RunState, result: JobResult): Finished {
  run.jobs[result.id] = result
  return result
}
