import type { ConcurrencyQueue, GroupTicket } from './concurrency.ts'
import type { Contexts, Json } from './expressions.ts'
import type { InterruptSource } from './interrupts.ts'
import type { JobResult } from './job.ts'
import type { JobServices } from './job-state.ts'
import type { Permissions } from './permissions.ts'
import type { Pace } from './process.ts'
import type { Scope } from './scope.ts'
import type { Outcome } from './stage.ts'
import { resolve, resolveText } from './template.ts'
import type { Concurrency } from './workflow-file.ts'
import type { WorkflowNode } from './workflow-tree.ts'

/** A GitHub environment of the caller's repository. */
export interface EnvironmentDefinition {
  readonly secrets?: Readonly<Record<string, string>>
  readonly vars?: Readonly<Record<string, string>>
  /** Required reviewers: the job waits until somebody answers; false rejects it. */
  readonly approve?: (job: string) => Promise<boolean>
  /** Has a custom protection rule (an app): a job with `deployment: false` fails there. */
  readonly customProtectionRule?: boolean
}

export interface TokenRequest {
  readonly job: string
  readonly permissions: Permissions
  readonly repository: string
}

/** A job that has a runner, as GitHub lists it; a job that waits for its turn is not there yet. */
export interface JobNews {
  /** As the API shows it: `<calling job> / <job>`. */
  readonly name: string
  /** Undefined while it runs. */
  readonly result: Outcome | undefined
}

/** One run, while it runs. */
export interface RunState {
  readonly services: JobServices
  readonly github: Readonly<Record<string, Json>>
  readonly vars: Readonly<Record<string, string>>
  readonly environments: Readonly<Record<string, EnvironmentDefinition>>
  readonly concurrency: ConcurrencyQueue
  readonly masking: boolean
  readonly pace: Pace
  readonly tokenFor: (request: TokenRequest) => string | Promise<string>
  readonly onJob: ((news: JobNews) => unknown) | undefined
  readonly onDeployment: ((deployment: { readonly environment: string; readonly job: string }) => unknown) | undefined
  readonly jobs: Record<string, JobResult>
  /** By job id, for as long as the job's runner exists. */
  readonly interrupts: Map<string, InterruptSource>
  readonly nextCheckRunId: () => number
}

/** A workflow file within a run: the run's own, or one that a job calls. */
export interface WorkflowInstance {
  readonly node: WorkflowNode
  /** `` or `rollout/`, and `` or `rollout / `. */
  readonly idPrefix: string
  readonly namePrefix: string
  readonly inputs: Contexts
  readonly secrets: Readonly<Record<string, string>>
  /** `all`: an environment adds its secrets. `mapped`: it only overrides names that the caller passed. */
  readonly environmentSecrets: 'all' | 'mapped'
  readonly scope: Scope
  /** The concurrency groups that this run holds on the way here. */
  readonly heldGroups: readonly string[]
}

export interface Finished {
  readonly result: Outcome
  readonly outputs: Readonly<Record<string, string>>
}

/** Failure outranks cancellation, unless the whole was cancelled; what was skipped counts when nothing else ran. */
export function combinedResult(results: readonly Outcome[], cancelled: boolean): Outcome {
  if (cancelled && results.includes('cancelled')) return 'cancelled'
  if (results.includes('failure')) return 'failure'
  if (results.includes('cancelled')) return 'cancelled'
  return results.includes('success') || results.length === 0 ? 'success' : 'skipped'
}

export type GroupAnswer =
  | { readonly kind: 'granted'; readonly groups: readonly string[]; release(): void }
  | { readonly kind: 'refused'; readonly reason: string }

export interface GroupWish {
  readonly concurrency: Concurrency | undefined
  readonly contexts: Contexts
  readonly holder: string
  readonly heldGroups: readonly string[]
  readonly scope: Scope
  /** Whether the waiting job would still run if the run were cancelled now. */
  readonly stillWanted: () => boolean
}

/** Waits for a concurrency group. */
export async function holdGroup(run: RunState, wish: GroupWish): Promise<GroupAnswer> {
  const { concurrency, contexts, holder } = wish
  if (concurrency === undefined) return { kind: 'granted', groups: wish.heldGroups, release: () => undefined }
  const group = resolveText(concurrency.group, contexts)
  if (group === '') return { kind: 'refused', reason: 'Concurrency group name cannot be empty' }
  if (group.length > 400) return { kind: 'refused', reason: 'Concurrency group name must be less than 400 characters' }
  // docs: Control workflow concurrency: a called workflow that asks for its caller's group would wait for itself.
  if (wish.heldGroups.some((held) => held.toLowerCase() === group.toLowerCase())) {
    const reason = `Canceling since a deadlock for concurrency group '${group}' was detected between '${holder}' and its caller`
    return { kind: 'refused', reason }
  }
  const ticket: GroupTicket = run.concurrency.request({
    group,
    queue: concurrency.queue,
    cancelInProgress: resolve(concurrency['cancel-in-progress'], contexts) === true,
    holder,
    onPreempted: () => wish.scope.cancel(),
  })
  let held = false
  wish.scope.onCancel(() => {
    if (!held && !wish.stillWanted()) ticket.release()
  })
  const answer = await ticket.granted
  held = true
  const reason = `Canceling since a higher priority waiting request for '${group}' exists`
  return answer === 'cancelled'
    ? { kind: 'refused', reason: wish.scope.cancelled() ? 'The operation was canceled.' : reason }
    : { kind: 'granted', groups: [...wish.heldGroups, group], release: () => ticket.release() }
}
