import type { PreExistingPolicy } from '../core/checks/judge.ts'
import type { FreezeWindow } from '../core/freeze.ts'
import type { CheckSpec } from '../core/checks/spec.ts'
import type { SinkSpec } from '../core/report/sink.ts'
import type { Steering } from '../core/steering.ts'
import type { Sha, VersionId } from '../core/ids.ts'
import type { Problem } from './problems.ts'
import type { RolloutConfig } from './rollout.ts'

/** The run that this process belongs to, and how to reach GitHub. */
export interface GitHubConfig {
  readonly token: string
  readonly apiUrl: string
  readonly serverUrl: string
  readonly owner: string
  readonly repo: string
  readonly repositoryId: number
  readonly runId: number
  readonly runAttempt: number
  /** Path of the workflow file that the run was started from, without its ref. */
  readonly callerWorkflow: string
  readonly eventName: string
  readonly defaultBranch: string
}

/** Where the Worker's configuration lies; absolute paths but for the configuration's own. */
export interface WorkerConfigPlace {
  readonly workspace: string
  readonly workingDirectory: string
  /** As given, from the working directory. */
  readonly wranglerConfig?: string
  readonly wranglerEnvironment?: string
}

export interface CloudflareConfig {
  readonly apiBaseUrl: string
  readonly accountId: string
  readonly apiToken: string
}

export interface ChecksConfig {
  readonly baseUrl: URL
  /** Must pass before the others begin. */
  readonly ready: readonly CheckSpec[]
  readonly specs: readonly CheckSpec[]
  readonly concurrency: number
  /** Of one round, everything together. */
  readonly deadlineSeconds: number
  readonly preExisting: PreExistingPolicy
  /** On a way back, what is wrong with the checks is told and stops nothing. */
  readonly problems: readonly Problem[]
}

export interface GateWorkflow {
  readonly path: string
  readonly events: readonly string[]
  readonly requiredJobs: readonly string[]
}

/** Where the tests' verdict is read. */
export type GateRules =
  | { readonly kind: 'workflows'; readonly workflows: readonly GateWorkflow[] }
  /** The named jobs of this very run. */
  | { readonly kind: 'needs'; readonly jobs: readonly string[] }

interface Common {
  readonly github: GitHubConfig
  readonly place: WorkerConfigPlace
  readonly temporaryDirectory: string
}

/** Whom to tell how it ended. */
interface Telling {
  readonly sinks: readonly SinkSpec[]
}

export interface GateConfig extends Common {
  readonly command: 'gate'
  readonly environment: string
  readonly sha: Sha
  readonly gate: GateRules
  readonly timeoutMinutes: number
  readonly discoveryTimeoutMinutes: number
}

export interface BuildConfig extends Common {
  readonly command: 'build'
  readonly installCommand?: string
  readonly buildCommand?: string
  /** Folder of an installed wrangler package, where the caller has none and no registry can be asked. */
  readonly wranglerDirectory?: string
  /** `NAME=value` pairs for the caller's own commands only. */
  readonly buildSecrets: Readonly<Record<string, string>>
}

export interface DeployConfig extends Common, Telling {
  readonly command: 'deploy'
  readonly dryRun: boolean
  readonly environment: string
  readonly sha: Sha
  /** Name that the gate resolved; another one here is refused. */
  readonly expectedWorker?: string
  readonly build?: { readonly directory: string; readonly digest: string }
  readonly wranglerDirectory?: string
  readonly gate: GateRules
  readonly cloudflare: CloudflareConfig
  readonly checks: ChecksConfig
  readonly rollout: RolloutConfig
  readonly drift: 'warn' | 'refuse'
  readonly triggers: 'apply' | 'skip'
  /** Present when a full deploy is allowed. */
  readonly fullDeployReason?: string
  readonly releaseHold: boolean
  /** Times in which nothing goes forward. */
  readonly freeze: readonly FreezeWindow[]
  /** Why this deploy goes forward all the same. */
  readonly freezeOverride?: string
  readonly actor: string
}

export interface RecoverConfig extends Common, Telling {
  readonly command: 'recover'
  /** Only proves that the token can read deployments. */
  readonly dryRun: boolean
  readonly environment: string
  readonly sha: Sha
  readonly cloudflare: CloudflareConfig
  readonly checks: ChecksConfig
}

/** The checks alone, on a schedule or from a laptop. */
export interface CheckConfig extends Common {
  readonly command: 'check'
  readonly checks: ChecksConfig
  /** For checks of storage; absent unless both inputs are given. */
  readonly cloudflare?: CloudflareConfig
  /** Asked for by the override header; absent: whichever version answers. */
  readonly version?: { readonly id: VersionId; readonly worker: string }
}

export type RollbackTarget =
  | { readonly kind: 'known-good' }
  | { readonly kind: 'version'; readonly versionId: VersionId }
  | { readonly kind: 'commit'; readonly sha: Sha }

export interface RollbackConfig extends Common, Telling {
  readonly command: 'rollback'
  readonly dryRun: boolean
  readonly environment: string
  readonly reason: string
  readonly target: RollbackTarget
  /** Lifts the hold instead of rolling back. */
  readonly release: boolean
  /** How long deploys are held afterwards; absent: until the hold is released. */
  readonly holdHours?: number
  readonly actor: string
  readonly cloudflare: CloudflareConfig
  readonly checks: ChecksConfig
}

/** A person's word to the rollout under way; it reaches GitHub only. */
export interface SteerConfig extends Common {
  readonly command: 'steer'
  readonly dryRun: boolean
  readonly environment: string
  readonly steering: Steering
  readonly reason: string
  readonly actor: string
  /** Whose Worker it is; with no token beside it. */
  readonly accountId: string
}

export type Config = GateConfig | BuildConfig | CheckConfig | DeployConfig | RecoverConfig | RollbackConfig | SteerConfig
export type Command = Config['command']
