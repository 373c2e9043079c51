import { deploy } from '../../src/commands/deploy.ts'
import { deliver } from '../../src/commands/deliver.ts'
import { goOn } from '../../src/commands/finish.ts'
import type { Finished } from '../../src/commands/finished.ts'
import type { PreparedUpload } from '../../src/commands/prepare-upload.ts'
import { recover } from '../../src/commands/recover.ts'
import { rollback } from '../../src/commands/rollback.ts'
import { openSession, type ProductionConfig, type Session } from '../../src/commands/session.ts'
import { StoppedError } from '../../src/commands/stopped.ts'
import type { Ending } from '../../src/core/ending.ts'
import { isVersionId, type Sha } from '../../src/core/ids.ts'
import { readJournal } from '../../src/core/journal.ts'
import { redactorFor } from '../../src/core/redact.ts'
import type { DeployConfig, RecoverConfig, RollbackConfig } from '../../src/inputs/config.ts'
import { rolloutOf, rolloutSchema } from '../../src/inputs/rollout.ts'
import type { Clock } from '../../src/shell/clock.ts'
import type { Runner } from '../../src/shell/runner.ts'
import { DEPLOY_WORKFLOW, ENVIRONMENT, TEST_WORKFLOW, TOKEN, uploadVersion, type Stage } from './stage.ts'

// The three processes that a run may have (main, post, recover), with their time and their death in the test's hands.

export interface Run {
  readonly sha: Sha
  readonly id: number
  /** The deploy names the hold that a rollback left. */
  readonly releaseHold?: boolean
  readonly freeze?: DeployConfig['freeze']
  readonly freezeOverride?: string
  /** For getting to everybody, instead of the usual half an hour. */
  readonly deadlineSeconds?: number
}

export interface Life {
  /** From now on the process does nothing more; requests that were sent are not called back. */
  die(): void
  readonly isDead: () => boolean
  /** Resolves when the dead process would have gone on. */
  readonly buried: Promise<void>
  readonly clock: Clock
  readonly runner: Runner
  readonly stop: AbortController
  readonly log: string[]
  /** What the runner keeps for post. */
  readonly state: Map<string, string>
  readonly outputs: Map<string, string>
}

/** One user in a hundred, a tenth, then everybody, each watched by probes for a few looks of dreamt time. */
const ROLLOUT = rolloutOf({
  preset: undefined,
  file: rolloutSchema.parse({
    steps: [{ percent: 1, soakSeconds: 15, leastRequests: 10 }, { percent: 10, soakSeconds: 30, leastRequests: 10 }, { percent: 100, soakSeconds: 15 }],
    metrics: [{ kind: 'probes', paths: ['/page'], perPoll: 10, slow: false, baselineRequests: 20 }],
  }),
  proof: undefined,
  checks: [],
})

const NEVER = new Promise<never>(() => undefined)

export function beginLife(state: ReadonlyMap<string, string> = new Map()): Life {
  let aheadMs = 0
  let isDead = false
  const { promise: buried, resolve: bury } = Promise.withResolvers<void>()
  const log: string[] = []
  const kept = new Map(state)
  const outputs = new Map<string, string>()
  const alive = (act: () => void) => {
    if (!isDead) act()
  }
  return {
    die: () => void (isDead = true),
    isDead: () => isDead,
    buried,
    stop: new AbortController(),
    log,
    state: kept,
    outputs,
    clock: {
      now: () => Date.now() + aheadMs,
      async sleep(seconds) {
        if (isDead) {
          bury()
          return NEVER
        }
        aheadMs += seconds * 1000
        return undefined
      },
    },
    runner: {
      log: (line) => alive(() => log.push(line)),
      warn: (line) => alive(() => log.push(`warning: ${line}`)),
      annotate: ({ message }) => alive(() => log.push(`annotation: ${message}`)),
      saveState: (name, value) => alive(() => kept.set(name, value)),
      readState: (name) => kept.get(name) ?? '',
      setOutputs: (all) => alive(() => Object.entries(all).forEach(([name, value]) => outputs.set(name, value))),
      writeSummary: (markdown) => alive(() => log.push(markdown)),
    },
  }
}

/** Main of a deploy: as run.ts does it, up to its report. `undefined`: it was told to stop, and post goes on. */
export async function mainDeploys(stage: Stage, run: Run, life: Life): Promise<Ending | undefined> {
  const session = await open<DeployConfig>(life, deployConfig(stage, run))
  const startedAtMs = life.clock.now()
  try {
    const finished = await deploy(session, async (opened) => forwardOf(stage, opened))
    await deliver(session, finished, { command: 'deploy', startedAtMs })
    life.runner.saveState('finished', 'true')
    return finished.ending
  } catch (error) {
    if (error instanceof StoppedError) return undefined
    throw error
  } finally {
    await session.checkPorts.probe[Symbol.asyncDispose]()
  }
}

/** Post: goes on from the journal, if main left one and has not ended. */
export async function postGoesOn(stage: Stage, run: Run, life: Life, cause: 'cancelled' | 'run-died'): Promise<void> {
  const journal = readJournal(life.runner.readState('journal'))
  if (journal === undefined || life.state.get('finished') === 'true') return
  const session = await open<DeployConfig>(life, deployConfig(stage, run))
  await goOn(session, journal, cause)
  await session.checkPorts.probe[Symbol.asyncDispose]()
}

/** The recover job: knows nothing but the ledger. */
export async function recoverGoesOn(stage: Stage, run: Run, life: Life): Promise<Finished | undefined> {
  const { github, place, temporaryDirectory, environment, sha, cloudflare, checks, sinks } = deployConfig(stage, run)
  const config = { command: 'recover', dryRun: false, github, place, temporaryDirectory, environment, sha, cloudflare, checks, sinks } as const
  const session = await open<RecoverConfig>(life, config)
  const startedAtMs = life.clock.now()
  const finished = await recover(session)
  if (finished !== undefined) await deliver(session, finished, { command: 'recover', startedAtMs })
  await session.checkPorts.probe[Symbol.asyncDispose]()
  return finished
}

/** A person's rollback to this version, which also stops further deploys. */
export async function personRollsBack(stage: Stage, run: Run, versionId: string, life = beginLife()): Promise<Ending> {
  if (!isVersionId(versionId)) throw new Error(`not a version: ${versionId}`)
  const { github, place, temporaryDirectory, environment, cloudflare, checks, sinks } = deployConfig(stage, run)
  const asked = { dryRun: false, reason: 'the outage is over', target: { kind: 'version', versionId }, release: false, holdHours: 72, actor: 'ada' } as const
  const session = await open<RollbackConfig>(life, { command: 'rollback', ...asked, github, place, temporaryDirectory, environment, cloudflare, checks, sinks })
  const startedAtMs = life.clock.now()
  const finished = await rollback(session)
  await deliver(session, finished, { command: 'rollback', startedAtMs })
  await session.checkPorts.probe[Symbol.asyncDispose]()
  return finished.ending
}

async function open<Held extends ProductionConfig>(life: Life, config: Held): Promise<Session<Held>> {
  const redact = redactorFor([TOKEN], (text) => Buffer.from(text).toString('base64'))
  const opened = await openSession(config, { runner: life.runner, clock: life.clock, stop: life.stop.signal, redact, variables: {} })
  if (opened.kind === 'problems') throw new Error(opened.problems.join(' '))
  return opened.session
}

function deployConfig({ cloudflare, github, repositoryId, folder, edgeUrl }: Stage, run: Run): DeployConfig {
  const token = github.createToken({ permissions: { actions: 'read', contents: 'read', deployments: 'write', statuses: 'write', 'pull-requests': 'write' } })
  return {
    command: 'deploy',
    dryRun: false,
    environment: ENVIRONMENT,
    sha: run.sha,
    gate: { kind: 'workflows', workflows: [{ path: TEST_WORKFLOW, events: ['push'], requiredJobs: [] }] },
    cloudflare: { apiBaseUrl: cloudflare.apiBaseUrl, accountId: cloudflare.accountId, apiToken: TOKEN },
    checks: {
      baseUrl: edgeUrl,
      concurrency: 10,
      deadlineSeconds: 240,
      preExisting: 'warn',
      problems: [],
      ready: [],
      specs: [
        {
          kind: 'http',
          name: 'health',
          method: 'GET',
          path: '/healthz',
          headers: {},
          expect: { status: [200], headers: {}, json: [{ path: 'status', equals: 'pass' }] },
          proof: { kind: 'header', name: 'x-version-id' },
          timeoutSeconds: 10,
          deadlineSeconds: 60,
        },
      ],
    },
    rollout: run.deadlineSeconds === undefined ? ROLLOUT : { ...ROLLOUT, ramp: { ...ROLLOUT.ramp, deadlineSeconds: run.deadlineSeconds } },
    sinks: [],
    drift: 'warn',
    triggers: 'apply',
    releaseHold: run.releaseHold ?? false,
    freeze: run.freeze ?? [],
    ...(run.freezeOverride === undefined ? {} : { freezeOverride: run.freezeOverride }),
    actor: 'mona',
    github: {
      token,
      apiUrl: github.apiUrl,
      serverUrl: github.serverUrl,
      owner: github.owner,
      repo: github.repo,
      repositoryId,
      runId: run.id,
      runAttempt: 1,
      callerWorkflow: DEPLOY_WORKFLOW,
      eventName: 'workflow_run',
      defaultBranch: 'main',
    },
    place: { workspace: folder, workingDirectory: folder },
    temporaryDirectory: folder,
  }
}

/** In wrangler's place: one request for the upload, one for the settings. */
function forwardOf(stage: Stage, { cloudflare, config, script, worker }: Session<DeployConfig>): Extract<PreparedUpload, { kind: 'ok' }> {
  return {
    kind: 'ok',
    forward: {
      async upload() {
        try {
          const { status, id } = await uploadVersion(stage, config.sha)
          if (id !== undefined && isVersionId(id)) return { kind: 'uploaded', candidate: id }
          return { kind: 'upload-failed', retriable: status === 429 || status >= 500 }
        } catch {
          return { kind: 'upload-failed', retriable: true }
        }
      },
      deployFully: () => Promise.reject(new Error('nothing here is deployed fully')),
      applyTriggers: async () => (await cloudflare.applyScriptSettings(script, worker.worker.settings)).kind === 'accepted',
      async [Symbol.asyncDispose]() {},
    },
  }
}
