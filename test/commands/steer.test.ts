import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FaultRule } from '../../sandbox/faults.ts'
import { numberFor } from '../../sandbox/github/view/identity.ts'
import type { NewRun } from '../../sandbox/github/runs.ts'
import { answerCommand, readCommands } from '../../src/commands/read-commands.ts'
import type { LedgerSession } from '../../src/commands/session.ts'
import { steer } from '../../src/commands/steer.ts'
import type { Sha } from '../../src/core/ids.ts'
import { formatProgress, taskOf, type Payload } from '../../src/core/ledger.ts'
import type { Marker } from '../../src/core/marker.ts'
import type { Steering } from '../../src/core/steering.ts'
import type { GitHubConfig } from '../../src/inputs/config.ts'
import { bot, commit, connect, deployPayload, github, key, sandbox, stranger, version, withNewGitHub, world } from '../shell/github-samples.ts'

// Both sides of a command, in process: the steer workflow's step, and the rollout that reads and answers.

const DEPLOY = '.github/workflows/deploy.yml'
const STEER = '.github/workflows/steer.yml'
const logUrl = 'https://github.example/run'
/** What steer.yml grants, and nothing else. */
const granted = { actions: 'read', contents: 'read', deployments: 'write' } as const

withNewGitHub()

let folder: string
let sha: Sha
let deployRun: number
let rollout: number
let lines: string[]
let outputs: Map<string, string>
let summary: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sleepwell-steer-'))
  writeFileSync(join(folder, 'wrangler.json'), JSON.stringify({ name: key.worker, main: 'index.js', compatibility_date: '2026-01-01' }))
  sha = commit()
  deployRun = startRun({ workflowPath: DEPLOY, event: 'workflow_run' })
  rollout = await openRollout()
  lines = []
  outputs = new Map()
  summary = ''
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function startRun(run: Omit<NewRun, 'headSha'>): number {
  return sandbox.model.addWorkflowRun({ headSha: sha, status: 'in_progress', conclusion: null, jobs: [], ...run }).id
}

const startSteerRun = (run: Partial<NewRun> = {}) => startRun({ workflowPath: STEER, event: 'workflow_dispatch', actor: 'ada', ...run })

async function openRollout(): Promise<number> {
  const opened = await github.createEntry({ sha, task: taskOf('deploy', key.worker), environment: key.environment, payload: deployPayload(sha, deployRun), description: 'a rollout' })
  if (opened.kind !== 'ok') throw new Error(opened.kind)
  await github.addStatus(opened.value.id, { state: 'in_progress', description: formatProgress({ candidate: version(2), percent: 10 }), logUrl })
  return opened.value.id
}

function end(description = `promoted ${version(2)}: all is well`) {
  return github.addStatus(rollout, { state: 'success', description, logUrl })
}

function githubConfig(runId: number, callerWorkflow: string): GitHubConfig {
  const { owner, repo, apiUrl } = sandbox
  const token = sandbox.createToken({ permissions: granted })
  const serverUrl = 'https://github.example'
  return { token, apiUrl, serverUrl, owner, repo, repositoryId: numberFor(`${owner}/${repo}`), runId, runAttempt: 1, callerWorkflow, eventName: 'workflow_dispatch', defaultBranch: 'main' }
}

interface Asked {
  readonly steering?: Steering
  readonly run?: number
  readonly dryRun?: boolean
  readonly reason?: string
  readonly stop?: AbortSignal
  /** What the world does while the step waits for its next look. */
  readonly meanwhile?: () => Promise<unknown>
}

/** One run of the steer workflow's step; its run ends with it. */
async function say({ steering = 'pause', run = startSteerRun(), dryRun = false, reason = 'the graphs look odd', stop, meanwhile }: Asked = {}): Promise<0 | 1> {
  let now = 0
  const config = { command: 'steer', dryRun, environment: key.environment, steering, reason, actor: 'ada', accountId: key.account, github: githubConfig(run, STEER), place: { workspace: folder, workingDirectory: folder }, temporaryDirectory: folder } as const
  const exitCode = await steer(config, {
    ...quiet(),
    clock: {
      now: () => now,
      async sleep(seconds) {
        now += seconds * 1000
        await meanwhile?.()
      },
    },
    stop: stop ?? new AbortController().signal,
  })
  sandbox.model.updateRun(run, { status: 'completed', conclusion: exitCode === 0 ? 'success' : 'failure' })
  return exitCode
}

function quiet() {
  return {
    runner: {
      log: (line: string) => void lines.push(line),
      warn: (line: string) => void lines.push(`warning: ${line}`),
      annotate: ({ message }: { readonly message: string }) => void lines.push(`annotation: ${message}`),
      saveState: () => undefined,
      readState: () => '',
      setOutputs: (all: Readonly<Record<string, string>>) => Object.entries(all).forEach(([name, value]) => outputs.set(name, value)),
      writeSummary: (markdown: string) => void (summary += markdown),
    },
    redact: (text: string) => text.replaceAll('hunter22', '***'),
    variables: {},
  }
}

/** The rollout's side, with what it has at hand. */
function rolloutSession(): LedgerSession {
  const clock = { now: () => 0, sleep: () => Promise.resolve() }
  return { ...quiet(), clock, stop: new AbortController().signal, config: { github: githubConfig(deployRun, DEPLOY) }, key, github, runUrl: logUrl }
}

const aimedHere = (): Marker => ({ command: 'deploy', runId: deployRun, runAttempt: 1 })
const look = (alreadyTaken: readonly number[] = []) => readCommands(rolloutSession(), aimedHere(), alreadyTaken)

async function heard() {
  const read = await look()
  return read.kind === 'ok' ? read.commands.map(({ command }) => command) : read.kind
}

const commands = () => sandbox.model.deployments().filter(({ task }) => task === taskOf('command', key.worker))

describe('a command to the rollout under way', () => {
  it.each(['pause', 'resume', 'promote', 'abort', 'approve'] as const)('is read, taken up, and answered to whoever said it (%s)', async (steering) => {
    const answered = await say({
      steering,
      async meanwhile() {
        const read = await look()
        if (read.kind !== 'ok' || read.commands.length !== 1) throw new Error(JSON.stringify(read))
        for (const { id, ...said } of read.commands) {
          expect(said).toEqual({ command: steering, actor: 'ada', reason: 'the graphs look odd', atPercent: 10 })
          await answerCommand(rolloutSession(), id, { taken: true, text: `${steering} at 10 %` })
        }
      },
    })
    expect([answered, outputs.get('answer'), outputs.has('ending')]).toEqual([0, 'taken-up', false])
    expect(lines).toContain(`The rollout has taken it up: ${steering} at 10 %.`)
    expect(summary).toContain(`## Taken up: \`${steering}\` on \`shop\``)
    expect(await heard()).toEqual([])
  })

  it('is on the Deployments page what it is: no production, nothing that stays, and never a success', async () => {
    await say({ meanwhile: async () => answerCommand(rolloutSession(), commands()[0]?.id ?? 0, { taken: true, text: 'paused' }) })
    expect(commands()).toMatchObject([{ sha, environment: 'production', production: false, transient: true }])
    expect(sandbox.model.statusesOf(commands()[0]?.id ?? 0)).toMatchObject([{ state: 'inactive', description: 'taken-up: paused' }])
  })

  it('says how long it waits and where the rollout is', async () => {
    let looks = 0
    await say({ meanwhile: async () => (++looks === 2 ? answerCommand(rolloutSession(), commands()[0]?.id ?? 0, { taken: true, text: 'paused' }) : undefined) })
    expect(lines.filter((line) => line.startsWith('Waiting'))).toEqual([
      'Waiting for the answer (0 s of at most 600 s); the candidate is at 10 %.',
      'Waiting for the answer (10 s of at most 600 s); the candidate is at 10 %.',
    ])
  })

  it('is turned down with the rollout\'s own words', async () => {
    const answered = await say({ steering: 'resume', meanwhile: async () => answerCommand(rolloutSession(), commands()[0]?.id ?? 0, { taken: false, text: 'it is not paused' }) })
    expect([answered, outputs.get('answer'), outputs.get('ending')]).toEqual([1, 'turned-down', 'refused'])
    expect(lines.join('\n')).toContain('did not take it up. Seen: it is not paused.')
  })

  it('came too late when the rollout ends first, and is taken back', async () => {
    expect([await say({ meanwhile: end }), outputs.get('answer')]).toEqual([1, 'came-too-late'])
    expect(lines.join('\n')).toContain('Seen: the rollout ended promoted.')
    expect(sandbox.model.statusesOf(commands()[0]?.id ?? 0)[0]?.description).toBe('withdrawn: came-too-late, the rollout ended promoted')
  })

  it('is not called late when the rollout answered, and then ended', async () => {
    const answered = await say({
      steering: 'promote',
      async meanwhile() {
        await answerCommand(rolloutSession(), commands()[0]?.id ?? 0, { taken: true, text: 'promoted' })
        await end()
      },
    })
    expect([answered, outputs.get('answer')]).toEqual([0, 'taken-up'])
  })

  it('is taken back when nobody answers in ten minutes, and is not heard afterwards', async () => {
    expect([await say(), outputs.get('answer')]).toEqual([1, 'not-taken-up'])
    expect(lines.filter((line) => line.startsWith('Waiting'))).toHaveLength(60)
    expect(await heard()).toEqual([])
  })

  it('is taken back when its run is cancelled', async () => {
    const stopping = new AbortController()
    expect([await say({ stop: stopping.signal, meanwhile: async () => stopping.abort() }), outputs.get('answer')]).toEqual([1, 'withdrawn'])
    expect(await heard()).toEqual([])
  })

  it('was taken up if the rollout answered while it was being taken back', async () => {
    const stopping = new AbortController()
    world.faults.push({ service: 'github', method: 'POST', path: /\/statuses$/, fault: { kind: 'observe', before: () => answerCommand(rolloutSession(), commands()[0]?.id ?? 0, { taken: true, text: 'paused' }) } })
    expect([await say({ stop: stopping.signal, meanwhile: async () => stopping.abort() }), outputs.get('answer')]).toEqual([0, 'taken-up'])
  })

  it('is one entry when the reply to its creation is lost', async () => {
    world.faults.push({ service: 'github', method: 'POST', path: /\/deployments$/, fault: { kind: 'reply-lost' } })
    const answered = await say({ meanwhile: async () => answerCommand(rolloutSession(), commands()[0]?.id ?? 0, { taken: true, text: 'paused' }) })
    expect([answered, commands().length]).toEqual([0, 1])
  })

  it('keeps waiting while GitHub does not answer a look', async () => {
    const down: FaultRule = { service: 'github', method: 'GET', path: /\/statuses/, times: 4, fault: { kind: 'answer', status: 502 } }
    const answered = await say({
      async meanwhile() {
        if (world.faults.includes(down)) return
        world.faults.push(down)
        await answerCommand(rolloutSession(), commands()[0]?.id ?? 0, { taken: true, text: 'paused' })
      },
    })
    expect([answered, down.times]).toEqual([0, 0])
  })

  it('shows no secret in what it records', async () => {
    await say({ reason: 'the password is hunter22', meanwhile: end })
    expect(JSON.stringify(commands()[0]?.payload)).toContain('the password is ***')
  })
})

describe('nothing is said', () => {
  it.each<readonly [string, () => unknown]>([
    ['has ended', () => end()],
    ['has a dead run, which recover must finish', () => sandbox.model.updateRun(deployRun, { status: 'completed', conclusion: 'failure' })],
    ['is of an attempt that is over', () => sandbox.model.rerun(deployRun, { status: 'in_progress', conclusion: null })],
  ])('when the only rollout %s', async (_, arrange) => {
    await arrange()
    expect([await say(), outputs.get('answer'), outputs.get('ending'), outputs.get('reason')]).toEqual([1, 'nothing-to-steer', 'refused', 'nothing-to-steer'])
    expect(commands()).toEqual([])
  })

  it('to a rollout that somebody else claims to have begun', async () => {
    await end()
    const payload = { ...deployPayload(sha, deployRun) }
    sandbox.model.addDeployment({ ref: sha, task: taskOf('deploy', key.worker), environment: key.environment, payload }, stranger)
    const branch = startRun({ workflowPath: DEPLOY, event: 'push', headBranch: 'feature' })
    sandbox.model.addDeployment({ ref: sha, task: taskOf('deploy', key.worker), environment: key.environment, payload: { ...payload, runId: branch } }, bot)
    expect([await say(), outputs.get('answer')]).toEqual([1, 'nothing-to-steer'])
    expect(lines.join('\n')).toContain(`its run ${branch} does not live`)
  })

  it.each<readonly [string, Partial<NewRun>]>([
    ['a branch', { headBranch: 'feature' }],
    ['an event that no person made', { event: 'schedule' }],
    ['another workflow than it claims', { workflowPath: '.github/workflows/ci.yml' }],
  ])('from a run of %s, which no rollout would believe', async (_, change) => {
    expect([await say({ run: startSteerRun(change) }), outputs.get('answer')]).toEqual([1, 'untrusted-run'])
    expect(commands()).toEqual([])
  })

  it('by a dry run, which names the rollout', async () => {
    expect([await say({ dryRun: true, steering: 'abort' }), outputs.get('answer')]).toEqual([0, 'dry-run'])
    expect(lines.join('\n')).toContain(`ada says abort to the rollout of ${sha.slice(0, 7)} on shop in production (run ${deployRun}). Reason: the graphs look odd`)
    expect(commands()).toEqual([])
  })

  it.each([
    ['github-unavailable', 502],
    ['permission-missing', 403],
  ] as const)('when GitHub does not take it (%s)', async (answer, status) => {
    world.faults.push({ service: 'github', method: 'POST', path: /\/deployments$/, times: 4, fault: { kind: 'answer', status, body: { message: 'no' } } })
    expect([await say(), outputs.get('answer')]).toEqual([1, answer])
  })
})

/** A command as steer.yml would write it, with one thing changed. */
async function forge(change: { readonly run?: Partial<NewRun>; readonly by?: typeof bot; readonly payload?: Partial<Extract<Payload, { kind: 'command' }>>; readonly task?: string } = {}): Promise<number> {
  const { policy: _, preflight: __, ...base } = deployPayload(sha, startSteerRun(change.run))
  const payload = { ...base, caller: STEER, kind: 'command', command: 'abort', aimedAt: { runId: deployRun, runAttempt: 1 }, actor: 'the director', reason: 'because', ...change.payload }
  return sandbox.model.addDeployment({ ref: sha, task: change.task ?? taskOf('command', key.worker), environment: key.environment, payload }, change.by ?? bot).id
}

describe('a rollout that looks for commands', () => {
  it('believes a genuine one, and names the person whom GitHub names', async () => {
    const id = await forge()
    expect(await look()).toEqual({ kind: 'ok', commands: [{ id, command: 'abort', actor: 'ada', reason: 'because' }], settled: [] })
  })

  it.each<readonly [string, Parameters<typeof forge>[0]]>([
    ['a person wrote, with whatever token', { by: stranger }],
    ['comes from a run on a branch', { run: { headBranch: 'feature' } }],
    ['comes from a fork', { run: { headRepository: 'eve/ferry' } }],
    ['comes from a run that has ended', { run: { status: 'completed', conclusion: 'success' } }],
    ['comes from a run that nobody started by hand', { run: { event: 'push' } }],
    ['names another workflow than its run is of', { payload: { caller: '.github/workflows/other.yml' } }],
    ['names a run that does not exist', { payload: { runId: 999_999 } }],
    ['was for another run', { payload: { aimedAt: { runId: 1, runAttempt: 1 } } }],
    ['was for another attempt', { payload: { aimedAt: { runId: 1, runAttempt: 2 } } }],
    ['is for another Worker', { payload: { worker: 'mail' } }],
    ['is for another environment', { payload: { environment: 'staging' } }],
    ['stands under another task', { task: taskOf('hold', 'shop') }],
  ])('ignores one that %s', async (_, change) => {
    await forge(change)
    expect(await heard()).toEqual([])
  })

  it('hears them in the order in which they were said', async () => {
    for (const command of ['pause', 'resume', 'abort'] as const) await forge({ payload: { command } })
    expect(await heard()).toEqual(['pause', 'resume', 'abort'])
  })

  it('hears none twice, answered or not', async () => {
    const [first, second] = [await forge(), await forge({ payload: { command: 'pause' } })]
    await answerCommand(rolloutSession(), second, { taken: false, text: 'an abort outranks it' })
    expect(await look([first])).toEqual({ kind: 'ok', commands: [], settled: [second] })
  })

  it('asks one thing while nobody says anything, whatever was said before', async () => {
    const settled = [await forge({ run: { event: 'push' } })]
    world.requests.splice(0)
    expect(await look(settled)).toEqual({ kind: 'ok', commands: [], settled: [] })
    expect(world.requests.map(({ path }) => path)).toEqual(['/repos/harbour/ferry/deployments'])
  })

  it.each([
    ['the list', /\/deployments$/],
    ['the answers', /\/statuses/],
    ['the run', /\/actions\/runs\/\d+$/],
  ])('says so when it cannot read %s, and takes nothing', async (_, path) => {
    await forge()
    world.faults.push({ service: 'github', method: 'GET', path, times: 4, fault: { kind: 'answer', status: 502 } })
    expect(await look()).toEqual({ kind: 'unreadable' })
    expect(await heard()).toEqual(['abort'])
  })

  it('goes on when its answer cannot be delivered', async () => {
    world.faults.push({ service: 'github', method: 'POST', path: /\/statuses$/, times: 4, fault: { kind: 'answer', status: 502 } })
    await answerCommand(rolloutSession(), await forge(), { taken: true, text: 'aborted' })
    expect(lines.join('\n')).toMatch(/^warning: The answer to command \d+ could not be delivered/)
    const elsewhere = { ...rolloutSession(), github: connect({ token: 'ghs_revoked' }) }
    await answerCommand(elsewhere, 1, { taken: true, text: 'aborted' })
    expect(lines).toHaveLength(2)
  })
})
