import type { World } from '../world.ts'
import type {
  CheckRun,
  Commit,
  CommitStatus,
  Deployment,
  Dispatch,
  Environment,
  IssueComment,
  PayloadForm,
  PullRequest,
  Run,
  Workflow,
} from './state.ts'
import type { Visibility } from './tokens.ts'

export interface Repository {
  readonly owner: string
  readonly name: string
  readonly fullName: string
  readonly defaultBranch: string
  readonly visibility: Visibility
  readonly createdAt: Date
  readonly commits: Map<string, Commit>
  /** Full ref (`refs/heads/main`) to commit. */
  readonly refs: Map<string, string>
  readonly pullRequests: Map<number, PullRequest>
  readonly issues: Set<number>
  readonly workflows: Workflow[]
  readonly runs: Run[]
  readonly checkRuns: CheckRun[]
  readonly statuses: CommitStatus[]
  readonly deployments: Deployment[]
  readonly comments: IssueComment[]
  readonly environments: Map<string, Environment>
  readonly dispatches: Dispatch[]
}

/** One GitHub: the repository, the shared world, and where its API and its pages are. */
export interface Hub {
  readonly world: World
  readonly repository: Repository
  readonly dispatchListeners: ((dispatch: Dispatch) => void)[]
  apiUrl: string
  serverUrl: string
  payloadForm: PayloadForm
  lastId: number
}

export interface HubOptions {
  readonly owner?: string
  readonly repo?: string
  readonly defaultBranch?: string
  /** Default private: there a token reads only what it was granted. */
  readonly visibility?: Visibility
}

export function newHub(world: World, options: HubOptions): Hub {
  const owner = options.owner ?? 'harbour'
  const name = options.repo ?? 'ferry'
  const repository: Repository = {
    owner,
    name,
    fullName: `${owner}/${name}`,
    defaultBranch: options.defaultBranch ?? 'main',
    visibility: options.visibility ?? 'private',
    createdAt: world.now(),
    commits: new Map(),
    refs: new Map(),
    pullRequests: new Map(),
    issues: new Set(),
    workflows: [],
    runs: [],
    checkRuns: [],
    statuses: [],
    deployments: [],
    comments: [],
    environments: new Map(),
    dispatches: [],
  }
  const urls = { apiUrl: '', serverUrl: 'https://github.example' }
  return { world, repository, dispatchListeners: [], ...urls, payloadForm: 'as-sent', lastId: 1_000_000_000 }
}

/** One sequence for everything, so that no two things share an id. */
export function nextId(hub: Hub): number {
  hub.lastId += 1
  return hub.lastId
}
