import { afterEach, beforeEach, expect } from 'vitest'
import { startGitHub, type GitHub as Sandbox } from '../../sandbox/github/rest-api.ts'
import { githubActions, type Actor } from '../../sandbox/github/tokens.ts'
import { createWorld, type World } from '../../sandbox/world.ts'
import { isDeploymentId, isSha, isVersionId, type Sha } from '../../src/core/ids.ts'
import type { LedgerKey, Payload } from '../../src/core/ledger.ts'
import type { Clock } from '../../src/shell/clock.ts'
import { connectGitHub, type GitHub, type GitHubOptions } from '../../src/shell/github.ts'
import { PRESETS } from '../../src/core/presets.ts'

// The port against the sandbox's GitHub, which GitHub's OpenAPI judges: new for each test, and a clock that only counts.

export const bot: Actor = { login: 'github-actions[bot]', app: githubActions }
export const stranger: Actor = { login: 'mona', app: null }
/** What the deploy job grants. */
export const granted = { actions: 'read', contents: 'read', deployments: 'write', statuses: 'write', 'pull-requests': 'write' } as const
export const key: LedgerKey = { account: 'acc', worker: 'shop', environment: 'production' }

export let world: World
export let sandbox: Sandbox
/** Every pause that the port made, in seconds. */
export let pauses: number[]
export let token: string
export let github: GitHub

export function withNewGitHub(): void {
  beforeEach(async () => {
    world = createWorld()
    sandbox = await startGitHub(world)
    pauses = []
    token = sandbox.createToken({ permissions: granted })
    github = connect()
  })
  afterEach(async () => {
    await sandbox[Symbol.asyncDispose]()
    expect(world.violations).toEqual([])
  })
}

export function connect(changes: Partial<GitHubOptions> = {}): GitHub {
  const { apiUrl, owner, repo } = sandbox
  return connectGitHub({ token, apiUrl, owner, repo, clock: countingClock(), ...changes })
}

function countingClock(): Clock {
  return {
    now: () => Date.now(),
    async sleep(seconds) {
      pauses.push(seconds)
    },
  }
}

/** The requests since the last look, without the repository: `GET /deployments 200`. */
export function asked(): string[] {
  return world.requests
    .splice(0)
    .map(({ method, path, status }) => `${method} ${path.replace('/repos/harbour/ferry', '')} ${status}`)
}

export function commit(message = 'Sail'): Sha {
  const sha = sandbox.model.addCommit({ message })
  if (!isSha(sha)) throw new Error(`not a commit: ${sha}`)
  return sha
}

const uuid = (digit: number) => `00000000-0000-4000-8000-${String(digit).padStart(12, '0')}`

export function version(number: number) {
  const id = uuid(number)
  if (!isVersionId(id)) throw new Error(`not a version: ${id}`)
  return id
}

export function deployment(number: number) {
  const id = uuid(number)
  if (!isDeploymentId(id)) throw new Error(`not a deployment: ${id}`)
  return id
}

export function deployPayload(sha: Sha, runId = 42): Extract<Payload, { kind: 'deploy' }> {
  const tries = { upload: 1, read: 1, write: 1, check: 1, incident: 0, reassert: 0 }
  const marker = { command: 'deploy', runId, runAttempt: 1 } as const
  const policy = { plan: 'staged', marker, tries, anchor: deployment(1), baseline: version(1), ramp: PRESETS.immediate, applyTriggers: false } as const
  return {
    kind: 'deploy',
    schemaVersion: 1,
    ...key,
    sha,
    runId,
    runAttempt: 1,
    caller: '.github/workflows/deploy.yml',
    policy,
    preflight: [],
  }
}
