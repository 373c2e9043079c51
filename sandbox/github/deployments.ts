import { checksOf, latestOfEachSuite } from './checks.ts'
import { addCommit, isAncestor, resolveRef } from './commits.ts'
import { conflict, unprocessable, validationFailed } from './errors.ts'
import { nextId, type Hub } from './hub.ts'
import type { Commit, Deployment, DeploymentState, DeploymentStatus } from './state.ts'
import { descriptionLimit, latestStatuses } from './statuses.ts'
import type { Actor } from './tokens.ts'

export interface NewDeployment {
  readonly ref: string
  readonly task?: string | undefined
  readonly auto_merge?: boolean | undefined
  readonly required_contexts?: readonly string[] | undefined
  readonly payload?: Readonly<Record<string, unknown>> | string | undefined
  readonly environment?: string | undefined
  readonly description?: string | null | undefined
  readonly transient_environment?: boolean | undefined
  readonly production_environment?: boolean | undefined
}

/** `merged`: the default branch went into the ref, and no deployment was made. */
export type Created =
  | { readonly kind: 'deployment'; readonly deployment: Deployment }
  | { readonly kind: 'merged'; readonly message: string }

/** Docs "Create a deployment". */
export function createDeployment(hub: Hub, asked: NewDeployment, by: Actor): Created {
  const commit = resolveRef(hub.repository, asked.ref)
  if (commit === undefined) throw unprocessable(`No ref found for: ${asked.ref}`)
  refuseLongDescription('Deployment', asked.description)
  const merged = asked.auto_merge === false ? undefined : autoMerged(hub, asked.ref, commit)
  if (merged !== undefined) return { kind: 'merged', message: merged }
  refuseUnmetContexts(hub, asked, commit)
  const environment = asked.environment ?? 'production'
  ensureEnvironment(hub, environment)
  const createdAt = hub.world.now()
  const deployment: Deployment = {
    id: nextId(hub),
    sha: commit.sha,
    ref: asked.ref,
    task: asked.task ?? 'deploy',
    payload: asked.payload ?? {},
    originalEnvironment: environment,
    environment,
    description: asked.description ?? null,
    transient: asked.transient_environment ?? false,
    production: asked.production_environment ?? environment === 'production',
    creator: by,
    createdAt,
    updatedAt: createdAt,
    statuses: [],
  }
  hub.repository.deployments.push(deployment)
  return { kind: 'deployment', deployment }
}

/**
 * `auto_merge` is true by default: a branch that lacks commits of the default branch gets them (202), and
 * what cannot be merged into, such as a SHA, conflicts (the text as in simplytestme/website issue 130).
 */
function autoMerged(hub: Hub, ref: string, commit: Commit): string | undefined {
  const { defaultBranch, refs } = hub.repository
  const tip = refs.get(`refs/heads/${defaultBranch}`)
  if (tip === undefined || isAncestor(hub.repository, tip, commit.sha)) return undefined
  const branch = ref.replace(/^(refs\/)?heads\//, '')
  if (!refs.has(`refs/heads/${branch}`)) throw conflict(`Conflict merging ${defaultBranch} into ${ref}.`)
  addCommit(hub, { parents: [commit.sha, tip], message: `Merge ${defaultBranch} into ${branch}`, branch })
  return `Auto-merged ${defaultBranch} into ${ref} on deployment.`
}

interface ContextState {
  readonly context: string
  readonly state: string
}

/** Without `required_contexts`, every status and check of the commit must be a success, one's own running job too. */
function refuseUnmetContexts(hub: Hub, asked: NewDeployment, commit: Commit): void {
  const statuses: readonly ContextState[] = latestStatuses(hub, commit.sha).map(({ context, state }) => ({ context, state }))
  const checks = latestOfEachSuite(checksOf(hub, commit.sha)).map((check) => ({
    context: check.name,
    state: check.status === 'completed' ? String(check.conclusion) : 'pending',
  }))
  const present: readonly ContextState[] = [...statuses, ...checks]
  const wanted = new Set(asked.required_contexts ?? present.map(({ context }) => context))
  const contexts = [...wanted].flatMap((name) => {
    const found = present.filter(({ context }) => context === name)
    return found.length === 0 ? [{ context: name, state: 'pending' }] : found
  })
  if (contexts.every(({ state }) => state === 'success')) return
  const unmet = { contexts, resource: 'Deployment', field: 'required_contexts', code: 'invalid' }
  throw conflict(`Conflict: Commit status checks failed for ${asked.ref}.`, [unmet])
}

function refuseLongDescription(resource: string, description: string | null | undefined): void {
  if (Array.from(description ?? '').length <= descriptionLimit) return
  const message = `description is too long (maximum is ${descriptionLimit} characters)`
  throw validationFailed([{ resource, code: 'custom', field: 'description', message }])
}

export interface NewDeploymentStatus {
  readonly state: DeploymentState
  readonly description?: string | undefined
  readonly environment?: string | undefined
  readonly environment_url?: string | undefined
  readonly log_url?: string | undefined
  readonly target_url?: string | undefined
  readonly auto_inactive?: boolean | undefined
}

/** Docs "Create a deployment status": the newest status is what the deployment is. */
export function addDeploymentStatus(
  hub: Hub,
  deployment: Deployment,
  asked: NewDeploymentStatus,
  by: Actor,
): DeploymentStatus {
  refuseLongDescription('DeploymentStatus', asked.description)
  const { environment_url: environmentUrl = '', log_url: logUrl = asked.target_url ?? '' } = asked
  refuseOtherSchemes({ environment_url: environmentUrl, log_url: logUrl })
  deployment.environment = asked.environment ?? deployment.environment
  ensureEnvironment(hub, deployment.environment)
  const { state, description = '' } = asked
  const status = pushStatus(hub, deployment, { state, description, environmentUrl, logUrl, creator: by })
  if (state === 'success' && asked.auto_inactive !== false) retireOlder(hub, deployment, by)
  return status
}

function refuseOtherSchemes(urls: Readonly<Record<string, string>>): void {
  for (const [field, url] of Object.entries(urls)) {
    if (url === '' || /^https?:\/\//.test(url)) continue
    const message = `${field} must use http(s) scheme`
    throw validationFailed([{ resource: 'DeploymentStatus', code: 'custom', field, message }])
  }
}

/**
 * `auto_inactive`: prior deployments of the same environment that stood at success become inactive,
 * but neither transient nor production ones (the same docs page).
 */
function retireOlder(hub: Hub, deployment: Deployment, by: Actor): void {
  const older = hub.repository.deployments.filter((other) => other.id < deployment.id)
  for (const other of older) {
    if (other.environment !== deployment.environment || other.transient || other.production) continue
    const latest = other.statuses[0]
    if (latest?.state !== 'success') continue
    const { environmentUrl, logUrl } = latest
    pushStatus(hub, other, { state: 'inactive', description: '', environmentUrl, logUrl, creator: by })
  }
}

type StatusFacts = Pick<DeploymentStatus, 'state' | 'description' | 'environmentUrl' | 'logUrl' | 'creator'>

function pushStatus(hub: Hub, deployment: Deployment, facts: StatusFacts): DeploymentStatus {
  const createdAt = hub.world.now()
  const status = { id: nextId(hub), ...facts, environment: deployment.environment, createdAt }
  deployment.statuses.unshift(status)
  deployment.updatedAt = createdAt
  return status
}

/** Docs "Delete a deployment": an active one only when it is the environment's only one. */
export function deleteDeployment(hub: Hub, deployment: Deployment): void {
  const { deployments } = hub.repository
  const neighbours = deployments.filter((other) => other.environment === deployment.environment)
  if (neighbours.length > 1 && deployment.statuses[0]?.state !== 'inactive') {
    throw validationFailed([
      'We cannot delete an active deployment unless it is the only deployment in a given environment.',
    ])
  }
  deployments.splice(deployments.indexOf(deployment), 1)
}

/** Docs "Managing environments for deployment": a name that does not exist is created, without any protection. */
export function ensureEnvironment(hub: Hub, name: string): void {
  const { environments } = hub.repository
  if (environments.has(name.toLowerCase())) return
  environments.set(name.toLowerCase(), { id: nextId(hub), name, waitMinutes: 0, reviewers: [], createdAt: hub.world.now() })
}
