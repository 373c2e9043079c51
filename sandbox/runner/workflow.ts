import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createArtifactStore, type Artifact } from './artifacts.ts'
import { dispatchInputs } from './call-interface.ts'
import { createConcurrencyQueue, type ConcurrencyQueue } from './concurrency.ts'
import { asText, type Contexts, type Json } from './expressions.ts'
import { githubContext, type GithubFacts } from './github-context.ts'
import { runGraph } from './graph.ts'
import type { InterruptKind } from './interrupts.ts'
import type { JobResult } from './job.ts'
import { RESTRICTED, type Permissions } from './permissions.ts'
import type { Pace } from './process.ts'
import { combinedResult, holdGroup, type EnvironmentDefinition, type JobNews, type RunState, type TokenRequest } from './run-state.ts'
import { createScope } from './scope.ts'
import type { Outcome } from './stage.ts'
import { STAND_INS, type StandIn } from './stand-ins.ts'
import { requireTrigger } from './trigger.ts'
import { loadWorkflowTree, sourceIn, type LocalRepository, type WorkflowNode } from './workflow-tree.ts'
import type { Annotation } from './workflow-commands.ts'

export interface WorkflowOptions {
  /** `owner/name` to a folder; the run's own repository (`github.repository`) is one of them. */
  readonly repositories: Readonly<Record<string, LocalRepository>>
  /** The workflow's path in the run's own repository. */
  readonly workflow: string
  readonly github?: Omit<GithubFacts, 'token' | 'workflowPath'>
  /** What the form of a dispatched run sends. */
  readonly inputs?: Readonly<Record<string, Json>>
  readonly secrets?: Readonly<Record<string, string>>
  readonly vars?: Readonly<Record<string, string>>
  readonly environments?: Readonly<Record<string, EnvironmentDefinition>>
  /** The repository's setting for tokens of jobs for which no file names permissions. */
  readonly defaultPermissions?: Permissions
  /** Makes the token of each job. */
  readonly tokenFor?: (request: TokenRequest) => string | Promise<string>
  /** Shared by the runs of one repository. */
  readonly concurrency?: ConcurrencyQueue
  /** By `owner/name[/path]`, beside or instead of the ones that exist. */
  readonly standIns?: Readonly<Record<string, StandIn>>
  readonly masking?: boolean
  readonly pace?: Partial<Pace>
  /** `assumed` runs the workflow without asking whether the event starts it. */
  readonly trigger?: 'checked' | 'assumed'
  readonly onLine?: (line: string, job: string) => unknown
  /** Called when a job begins to run, and when it has ended. */
  readonly onJob?: (news: JobNews) => unknown
  /** Called for a job whose environment makes GitHub create a deployment of its own. */
  readonly onDeployment?: (deployment: { readonly environment: string; readonly job: string }) => unknown
}

export interface RunResult {
  readonly conclusion: Outcome | 'startup_failure'
  /** Why the run did not start, or was cancelled before its first job. */
  readonly errors: readonly string[]
  /** By id: `rollout` for a job of the run's own file, `rollout/deploy` for one of a workflow that it calls. */
  readonly jobs: Readonly<Record<string, JobResult>>
  readonly annotations: readonly Annotation[]
  readonly summaries: readonly string[]
  /** `job id, tab, line`, in the order in which the lines came. */
  readonly log: readonly string[]
  readonly artifacts: readonly Pick<Artifact, 'id' | 'name' | 'digest' | 'files'>[]
}

/** A run that has been started. A job is named by its id as in `RunResult.jobs`. */
export interface WorkflowRun {
  readonly finished: Promise<RunResult>
  /** As the button does: jobs whose condition still holds go on, the others get the cancel ladder. */
  cancel(): void
  /** The process that runs in the job now is killed; its post runs. */
  crash(job: string): void
  /** The job's runner is gone: no post, result `failure`. */
  loseRunner(job: string): void
}

/** Runs a workflow and all that it calls, to the end. */
export function runWorkflow(options: WorkflowOptions): Promise<RunResult> {
  return startWorkflow(options).finished
}

export function startWorkflow(options: WorkflowOptions): WorkflowRun {
  const scope = createScope()
  const log: string[] = []
  const interrupts: RunState['interrupts'] = new Map()
  const interrupt = (job: string, kind: InterruptKind) => {
    const source = interrupts.get(job)
    if (source === undefined) throw new Error(`no runner runs the job '${job}' now; there are: ${[...interrupts.keys()].join(', ')}`)
    source[kind]()
  }
  return {
    finished: execute(options, scope, log, interrupts),
    cancel: () => scope.cancel(),
    crash: (job) => interrupt(job, 'crash'),
    loseRunner: (job) => interrupt(job, 'lose'),
  }
}

async function execute(
  options: WorkflowOptions,
  scope: ReturnType<typeof createScope>,
  log: string[],
  interrupts: RunState['interrupts'],
): Promise<RunResult> {
  const context = runContext(options)
  const repository = asText(context['repository'] ?? '')
  const source = sourceIn(options.repositories, repository, options.workflow, asText(context['ref'] ?? ''))
  const defaultPermissions = options.defaultPermissions ?? RESTRICTED
  const { root, errors } = await loadWorkflowTree(source, { repositories: options.repositories, defaultPermissions })
  if (root === undefined || errors.length > 0) return notStarted(errors)
  const name = root.file.name ?? options.workflow
  const github = { ...context, workflow: name, workflow_sha: source.sha }
  if (options.trigger !== 'assumed') requireTrigger(root.file, github)
  const inputs: Contexts = root.file.dispatch === undefined ? {} : dispatchInputs(root.file.dispatch, options.inputs ?? {})
  const folder = mkdtempSync(join(tmpdir(), 'sleepwell-run-'))
  try {
    const run = createRun(options, { github, folder, interrupts, log })
    const failures = await runRoot(run, root, { scope, inputs, secrets: options.secrets ?? {} })
    return collect(run, failures, log, scope.cancelled())
  } catch (error) {
    // Nothing of a run that this runner cannot do may go on behind the back of whoever hears of it.
    scope.cancel()
    for (const each of interrupts.values()) each.lose()
    throw error
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function runContext(options: WorkflowOptions): Readonly<Record<string, Json>> {
  const texts = Object.fromEntries(Object.entries(options.inputs ?? {}).map(([key, value]) => [key, asText(value)]))
  const event = options.inputs === undefined ? {} : { inputs: texts }
  return githubContext({
    ...options.github,
    workflowPath: options.workflow,
    event: { ...event, ...options.github?.event },
  })
}

interface Made {
  readonly github: Readonly<Record<string, Json>>
  readonly folder: string
  readonly interrupts: RunState['interrupts']
  readonly log: string[]
}

function createRun(options: WorkflowOptions, made: Made): RunState {
  let checkRunId = 5000
  return {
    services: {
      repositories: options.repositories,
      standIns: { ...STAND_INS, ...options.standIns },
      artifacts: createArtifactStore(made.folder),
      onLine(line, job) {
        made.log.push(`${job}\t${line}`)
        options.onLine?.(line, job)
      },
    },
    github: made.github,
    vars: options.vars ?? {},
    environments: options.environments ?? {},
    concurrency: options.concurrency ?? createConcurrencyQueue(),
    masking: options.masking ?? true,
    pace: { graceScale: 1, timeoutScale: 1, ...options.pace },
    tokenFor: options.tokenFor ?? (({ job }) => `ghs_sandbox_${job}`),
    onJob: options.onJob,
    onDeployment: options.onDeployment,
    jobs: {},
    interrupts: made.interrupts,
    nextCheckRunId: () => (checkRunId += 1),
  }
}

interface RootOptions {
  readonly scope: ReturnType<typeof createScope>
  readonly inputs: Contexts
  readonly secrets: Readonly<Record<string, string>>
}

/** The group of the workflow first, then its jobs; answers why no job ran, if none did. */
async function runRoot(run: RunState, node: WorkflowNode, options: RootOptions): Promise<readonly string[]> {
  const { scope, inputs, secrets } = options
  const held = await holdGroup(run, {
    concurrency: node.file.concurrency,
    contexts: { github: run.github, inputs, vars: run.vars },
    holder: asText(run.github['workflow'] ?? ''),
    heldGroups: [],
    scope,
    stillWanted: () => false,
  })
  if (held.kind === 'refused') {
    scope.cancel()
    return [held.reason]
  }
  try {
    const heldGroups = held.groups
    await runGraph(run, { node, idPrefix: '', namePrefix: '', inputs, secrets, environmentSecrets: 'all', scope, heldGroups })
    return []
  } finally {
    held.release()
  }
}

function collect(run: RunState, errors: readonly string[], log: readonly string[], cancelled: boolean): RunResult {
  const jobs = Object.values(run.jobs)
  const own = jobs.filter((job) => !job.id.includes('/')).map((job) => job.result)
  return {
    conclusion: errors.length > 0 ? 'cancelled' : combinedResult(own, cancelled),
    errors,
    jobs: run.jobs,
    annotations: jobs.flatMap((job) => job.annotations),
    summaries: jobs.flatMap((job) => job.summaries),
    log,
    artifacts: run.services.artifacts.artifacts.map(({ id, name, digest, files }) => ({ id, name, digest, files })),
  }
}

function notStarted(errors: readonly string[]): RunResult {
  return { conclusion: 'startup_failure', errors, jobs: {}, annotations: [], summaries: [], log: [], artifacts: [] }
}
