import type { LedgerKey } from '../core/ledger.ts'
import type { Marker } from '../core/marker.ts'
import type { Redact } from '../core/redact.ts'
import type { Config, DeployConfig, RecoverConfig, RollbackConfig } from '../inputs/config.ts'
import { connectCloudflare, type Cloudflare } from '../shell/cloudflare.ts'
import type { Clock } from '../shell/clock.ts'
import { connectGitHub, type GitHub } from '../shell/github.ts'
import type { Runner } from '../shell/runner.ts'
import { readWorkerConfig, type WorkerConfig } from '../shell/wrangler-config.ts'
import { openProbe } from '../shell/checks/probe.ts'
import type { CheckPlan } from './check-production.ts'
import type { CommandSurroundings } from '../shell/checks/asking.ts'
import type { CheckPorts } from '../shell/checks/round.ts'

export const USER_AGENT = 'sleepwell/0.1.0'

/** A way back does not wait for GitHub: what it could not record is said in the report. Nor does a look at a step that soaks. */
const LIMITS_IN_A_HURRY = { tries: 2, timeoutMs: 4_000, longestWaitSeconds: 5 }

/** What every process of the action has at hand. */
export interface Surroundings {
  readonly runner: Runner
  readonly clock: Clock
  /** Aborts when the runner tells the process to stop. */
  readonly stop: AbortSignal
  readonly redact: Redact
  readonly variables: Readonly<Record<string, string | undefined>>
}

/** The commands that touch production. */
export type ProductionConfig = DeployConfig | RecoverConfig | RollbackConfig

export function isOnProduction(config: Config): config is ProductionConfig {
  return config.command === 'deploy' || config.command === 'recover' || config.command === 'rollback'
}

/** What reading and writing the record takes: neither Cloudflare nor checks. */
export interface LedgerSession extends Surroundings {
  readonly config: Pick<Config, 'github'>
  readonly key: LedgerKey
  readonly github: GitHub
  readonly runUrl: string
}

/** One Worker in one environment, with the systems around it. */
export interface Session<Held extends ProductionConfig = ProductionConfig> extends LedgerSession {
  readonly config: Held
  readonly worker: WorkerConfig
  readonly script: string
  readonly marker: Marker
  readonly cloudflare: Cloudflare
  readonly checkPlan: CheckPlan
  readonly checkPorts: CheckPorts & { readonly commands: CommandSurroundings }
}

export type OpenedSession<Held extends ProductionConfig> =
  | { readonly kind: 'ok'; readonly session: Session<Held> }
  | { readonly kind: 'problems'; readonly problems: readonly string[] }

/** Resolves the Worker by wrangler's own rules and connects to what surrounds it; asks nobody yet. */
export async function openSession<Held extends ProductionConfig>(config: Held, around: Surroundings): Promise<OpenedSession<Held>> {
  const read = await readWorker(config)
  if (read.kind === 'problems') return read
  const { clock, stop } = around
  const { github, cloudflare } = config
  const script = read.config.worker.scriptName
  const connected = connectCloudflare({ ...cloudflare, token: cloudflare.apiToken, clock })
  const session: Session<Held> = {
    ...around,
    config,
    worker: read.config,
    script,
    key: { account: cloudflare.accountId, worker: script, environment: config.environment },
    marker: { command: config.command === 'rollback' ? 'rollback' : 'deploy', runId: github.runId, runAttempt: github.runAttempt },
    cloudflare: connected,
    github: connectGitHub({ ...github, clock, stop, ...(config.command === 'deploy' ? {} : { limits: LIMITS_IN_A_HURRY }) }),
    checkPlan: { script, checks: config.checks, redact: around.redact },
    checkPorts: { probe: openProbe(USER_AGENT), clock, signal: stop, storage: connected, commands: { workspace: config.place.workspace, variables: around.variables, redact: around.redact } },
    runUrl: runUrlOf(config),
  }
  return { kind: 'ok', session }
}

/** The same with a GitHub that is waited for a few seconds only. */
export function inHurry(session: Session): Session {
  const { config, clock, stop } = session
  return { ...session, github: connectGitHub({ ...config.github, clock, stop, limits: LIMITS_IN_A_HURRY }) }
}

/** The Worker's configuration in the checkout of the commit. */
export function readWorker({ place }: Config): ReturnType<typeof readWorkerConfig> {
  return readWorkerConfig({
    workingDirectory: place.workingDirectory,
    root: place.workspace,
    ...(place.wranglerConfig === undefined ? {} : { file: place.wranglerConfig }),
    ...(place.wranglerEnvironment === undefined ? {} : { environment: place.wranglerEnvironment }),
  })
}

export function runUrlOf({ github }: Pick<Config, 'github'>): string {
  return `${github.serverUrl}/${github.owner}/${github.repo}/actions/runs/${github.runId}/attempts/${github.runAttempt}`
}
