import { evaluate, isTruthy, type Contexts, type Status } from './expressions.ts'
import type { JobResult } from './job.ts'
import { expandMatrix, type Combination } from './matrix.ts'
import { combinedResult, type Finished, type RunState, type WorkflowInstance } from './run-state.ts'
import { createScope, type Scope } from './scope.ts'
import { errorAnnotation } from './stand-in-stage.ts'
import { runTurn, type Turn } from './turn.ts'
import { isUnsupported } from './unsupported.ts'
import type { JobNode } from './workflow-tree.ts'

interface Settled extends Finished {
  /** Of the job and of all that it depends on, however far. */
  readonly chain: ReadonlyMap<string, Finished['result']>
}

/** Runs the jobs of one workflow file, each as soon as all that it needs has ended. */
export async function runGraph(run: RunState, instance: WorkflowInstance): Promise<Readonly<Record<string, Finished>>> {
  const settled = new Map<string, Promise<Settled>>()
  const settle = (node: JobNode): Promise<Settled> => {
    const known = settled.get(node.job.id)
    if (known !== undefined) return known
    const started = startWhenNeedsAreMet(node)
    settled.set(node.job.id, started)
    return started
  }
  const startWhenNeedsAreMet = async (node: JobNode): Promise<Settled> => {
    const needed = instance.node.jobs.filter((each) => node.job.needs.includes(each.job.id))
    const ended = new Map(await Promise.all(needed.map(async (each) => [each.job.id, await settle(each)] as const)))
    const chain = new Map([...ended.values()].flatMap((each) => [...each.chain]))
    const finished = await runNode(run, instance, node, ended, [...chain.values()])
    return { ...finished, chain: new Map([...chain, [node.job.id, finished.result]]) }
  }
  const results = await Promise.all(instance.node.jobs.map(async (node) => [node.job.id, await settle(node)] as const))
  return Object.fromEntries(results.map(([id, { result, outputs }]) => [id, { result, outputs }]))
}

async function runNode(
  run: RunState,
  instance: WorkflowInstance,
  node: JobNode,
  needs: ReadonlyMap<string, Finished>,
  ancestors: readonly Finished['result'][],
): Promise<Finished> {
  const id = `${instance.idPrefix}${node.job.id}`
  const contexts: Contexts = {
    github: run.github,
    inputs: instance.inputs,
    vars: run.vars,
    needs: Object.fromEntries([...needs].map(([name, { result, outputs }]) => [name, { result, outputs }])),
  }
  const holds = () => isTruthy(evaluate(node.job.condition, contexts, statusAfter(ancestors, instance.scope)))
  try {
    if (!holds()) return record(run, id, { result: 'skipped', outputs: {} })
    const combinations = combinationsOf(node, contexts)
    return await runCombinations(run, { instance, node, id, contexts, holds }, combinations)
  } catch (error) {
    if (isUnsupported(error)) throw error
    return record(run, id, { result: 'failure', outputs: {} }, error instanceof Error ? error.message : String(error))
  }
}

/**
 * docs: Workflow syntax, `needs`: a failure or a skip applies to all jobs of the chain from there on, so `success()`
 * asks all ancestors and not only those named in `needs`.
 */
function statusAfter(ancestors: readonly Finished['result'][], scope: Scope): Status {
  const cancelled = scope.cancelled()
  return {
    success: !cancelled && ancestors.every((result) => result === 'success'),
    failure: ancestors.includes('failure'),
    cancelled,
  }
}

function combinationsOf(node: JobNode, contexts: Contexts): readonly Combination[] {
  const { strategy } = node.job
  return strategy === undefined ? [{ matrix: {}, suffix: '' }] : expandMatrix(strategy.matrix, contexts)
}

type NodeTurn = Omit<Turn, 'matrix' | 'strategy' | 'suffix' | 'scope' | 'runGraph'>

async function runCombinations(run: RunState, base: NodeTurn, combinations: readonly Combination[]): Promise<Finished> {
  const { strategy } = base.node.job
  const scope = createScope(base.instance.scope)
  const limit = strategy?.['max-parallel'] ?? combinations.length
  const waiting = combinations.map((combination, index) => ({ combination, index }))
  const ended: Finished[] = []
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { combination, index } = next
      const position = { 'job-index': index, 'job-total': combinations.length, 'max-parallel': limit }
      const failFast = strategy?.['fail-fast'] ?? true
      const turn = { ...base, ...combination, scope, runGraph, strategy: { ...position, 'fail-fast': failFast } }
      const finished = await runTurn(run, turn)
      ended.push(finished)
      if (finished.result === 'failure' && failFast && combinations.length > 1) scope.cancel()
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, combinations.length) }, worker))
  const result = combinedResult(ended.map((each) => each.result), base.instance.scope.cancelled())
  // docs: Reusing workflow configurations: of a matrix, the output of the last job that set one.
  const outputs = Object.assign({}, ...ended.map((each) => each.outputs))
  const finished: Finished = { result, outputs }
  if (strategy !== undefined) record(run, base.id, finished)
  return finished
}

function record(run: RunState, id: string, finished: Finished, error?: string): Finished {
  const result: JobResult = {
    ...finished,
    id,
    name: id.replaceAll('/', ' / '),
    steps: [],
    annotations: error === undefined ? [] : [errorAnnotation(error)],
    summaries: [],
    log: error === undefined ? [] : [`##[error]${error}`],
  }
  run.jobs[id] = result
  return finished
}
