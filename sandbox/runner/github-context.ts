import type { Json } from './expressions.ts'
import { eventPayload, type Payload } from './event.ts'

/** What a run knows of itself; everything has a default, so that a test names only what it is about. */
export interface GithubFacts {
  /** `owner/name` of the repository that the run belongs to. */
  readonly repository?: string
  readonly sha?: string
  /** Full ref, e.g. `refs/heads/main`. */
  readonly ref?: string
  readonly eventName?: string
  /** Merged into GitHub's published example of the event. */
  readonly event?: Payload
  readonly workflow?: string
  /** Path of the caller's file, e.g. `.github/workflows/deploy.yml`. */
  readonly workflowPath?: string
  readonly workflowSha?: string
  readonly runId?: number
  readonly runNumber?: number
  readonly runAttempt?: number
  readonly actor?: string
  readonly token?: string
  readonly serverUrl?: string
  readonly apiUrl?: string
  readonly graphqlUrl?: string
  readonly repositoryId?: number
  readonly ownerId?: number
}

export const EXAMPLE_SHA = '0123456789abcdef0123456789abcdef01234567'

/** The `github` context of a run, without what belongs to one job or one step. */
export function githubContext(facts: GithubFacts): Readonly<Record<string, Json>> {
  const repository = facts.repository ?? 'acme/shop'
  const [owner = '', name = ''] = repository.split('/')
  const sha = facts.sha ?? EXAMPLE_SHA
  const ref = facts.ref ?? 'refs/heads/main'
  const eventName = facts.eventName ?? 'push'
  const workflowPath = facts.workflowPath ?? '.github/workflows/deploy.yml'
  const serverUrl = facts.serverUrl ?? 'https://github.com'
  const apiUrl = facts.apiUrl ?? 'https://api.github.com'
  const repositoryId = facts.repositoryId ?? 4242
  const ownerId = facts.ownerId ?? 42
  const actor = facts.actor ?? 'octocat'
  const event = eventPayload(eventName, {
    repository: { id: repositoryId, name, full_name: repository, owner: { id: ownerId, login: owner } },
    ...facts.event,
  })
  return {
    token: facts.token ?? '',
    repository,
    repository_id: String(repositoryId),
    repository_owner: owner,
    repository_owner_id: String(ownerId),
    repositoryUrl: `git://github.com/${repository}.git`,
    sha,
    ref,
    ref_name: ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: false,
    head_ref: '',
    base_ref: '',
    event_name: eventName,
    event,
    workflow: facts.workflow ?? workflowPath,
    workflow_ref: `${repository}/${workflowPath}@${ref}`,
    workflow_sha: facts.workflowSha ?? sha,
    run_id: String(facts.runId ?? 1_000_001),
    run_number: String(facts.runNumber ?? 1),
    run_attempt: String(facts.runAttempt ?? 1),
    retention_days: '90',
    actor,
    actor_id: '1',
    triggering_actor: actor,
    secret_source: 'Actions',
    server_url: serverUrl,
    api_url: apiUrl,
    graphql_url: facts.graphqlUrl ?? `${apiUrl}/graphql`,
  }
}

/** actions/runner, GitHubContext.cs: the keys of the context that become `GITHUB_…` variables. */
const IN_ENVIRONMENT: ReadonlySet<string> = new Set(
  `action action_path action_ref action_repository actor actor_id api_url base_ref env event_name event_path
   graphql_url head_ref job output path ref ref_name ref_protected ref_type repository repository_id
   repository_owner repository_owner_id retention_days run_attempt run_id run_number server_url sha state
   step_summary triggering_actor workflow workflow_ref workflow_sha workspace`.split(/\s+/),
)

/** `github.run_id` as `GITHUB_RUN_ID`, and so on. The token is not among them. */
export function githubVariables(context: Readonly<Record<string, Json>>): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {}
  for (const [key, value] of Object.entries(context)) {
    if (!IN_ENVIRONMENT.has(key)) continue
    if (typeof value === 'string' || typeof value === 'boolean') variables[`GITHUB_${key.toUpperCase()}`] = String(value)
  }
  return variables
}
