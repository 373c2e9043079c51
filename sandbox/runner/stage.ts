import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createCommandFiles, readCommandFiles, type FileCommands } from './file-commands.ts'
import { githubVariables } from './github-context.ts'
import { createCommandReader, type Annotation } from './workflow-commands.ts'
import { startProcess, type Pace, type ProcessEnding, type RunningProcess } from './process.ts'
import type { Json } from './expressions.ts'
import type { Machine } from './machine.ts'
import type { Masks } from './masks.ts'

export type Outcome = 'success' | 'failure' | 'cancelled' | 'skipped'

/** What one process of a step (its main, its post, its script) left behind. */
export interface StageResult extends FileCommands {
  readonly outcome: Outcome
  readonly ending: ProcessEnding
  readonly exitCode: number
  readonly annotations: readonly Annotation[]
  /** As GitHub shows it: masked, commands as `##[…]`, without time stamps. */
  readonly log: readonly string[]
}

/** What all steps of one job share. */
export interface JobGround {
  readonly machine: Machine
  readonly masks: Masks
  readonly pace: Pace
  /** The `github` context of the job. */
  readonly github: Readonly<Record<string, Json>>
  readonly onLine?: ((line: string) => unknown) | undefined
}

export interface StageOptions {
  readonly ground: JobGround
  /** Named in the message of a time-out. */
  readonly title: string
  readonly command: string
  readonly arguments: readonly string[]
  readonly directory: string
  /** Variables of workflow, job and step; the runner's own are added here. */
  readonly env: Readonly<Record<string, string>>
  /** `INPUT_…` and `STATE_…`. */
  readonly actionEnv?: Readonly<Record<string, string>>
  /** Keys of the `github` context that only this step has: `action`, `action_repository`, … */
  readonly github?: Readonly<Record<string, Json>>
  /** Folders that earlier steps put on the PATH, the newest first. */
  readonly path?: readonly string[]
  readonly timeoutMinutes?: number | undefined
  /** A script tells its exit code in an error; an action tells its own story. */
  readonly tellExitCode?: boolean
  readonly warnings?: readonly string[]
}

export interface RunningStage {
  readonly process: RunningProcess
  readonly finished: Promise<StageResult>
}

const NOTHING_LEFT: FileCommands = { outputs: {}, state: {}, env: {}, path: [], summary: '' }

/** Starts one process as a runner does, in an environment made from nothing. */
export function startStage(options: StageOptions): RunningStage {
  const { machine, masks, pace } = options.ground
  const log: string[] = []
  const write = (line: string) => {
    const shown = masks.hide(line)
    log.push(shown)
    options.ground.onLine?.(shown)
  }
  let failed = false
  const fail = () => {
    failed = true
  }
  const commands = createCommandReader({ masks, write, fail })
  for (const warning of options.warnings ?? []) commands.annotate('warning', warning)
  const files = createCommandFiles(machine.temp, randomUUID())
  const running = startProcess({
    command: options.command,
    arguments: options.arguments,
    directory: options.directory,
    environment: stepEnvironment(options, files),
    onLine: (line) => commands.read(line),
    timeoutMinutes: options.timeoutMinutes,
    pace,
  })
  const finish = async (): Promise<StageResult> => {
    const { ending, exitCode } = await running.finished
    if (ending === 'timed-out') {
      const minutes = options.timeoutMinutes ?? 0
      commands.annotate('error', `The action '${options.title}' has timed out after ${minutes} minutes.`)
    }
    if (ending === 'cancelled') commands.annotate('error', 'The operation was canceled.')
    if (options.tellExitCode === true && exitCode !== 0 && (ending === 'exited' || ending === 'crashed')) {
      commands.annotate('error', `Process completed with exit code ${exitCode}.`)
    }
    // What a lost runner had not sent is lost with it.
    const left = ending === 'lost' ? NOTHING_LEFT : readCommandFiles(files, commands, masks, fail)
    const outcome = outcomeOf(ending, exitCode, failed)
    return { ...left, outcome, ending, exitCode, annotations: commands.annotations, log }
  }
  return { process: running, finished: finish() }
}

/** Cancelled counts whatever the exit code (StepsRunner.cs); everything else that is not a clean exit has failed. */
function outcomeOf(ending: ProcessEnding, exitCode: number, failed: boolean): Outcome {
  if (ending === 'cancelled') return 'cancelled'
  return ending === 'exited' && exitCode === 0 && !failed ? 'success' : 'failure'
}

function stepEnvironment(options: StageOptions, files: Readonly<Record<string, string>>) {
  const { machine, github } = options.ground
  const context = { ...github, ...options.github, ...files, workspace: machine.workspace, event_path: eventPath(options) }
  return {
    HOME: machine.home,
    LANG: 'C.UTF-8',
    USER: 'runner',
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    ...options.env,
    PATH: [...(options.path ?? []), options.env['PATH'] ?? machine.searchPath].join(':'),
    ...options.actionEnv,
    ...githubVariables(context),
    ...runnerVariables(machine),
    RUNNER_TRACKING_ID: machine.trackingId,
  }
}

export function runnerContext(machine: Machine): Readonly<Record<string, string>> {
  return {
    name: machine.name,
    os: process.platform === 'darwin' ? 'macOS' : 'Linux',
    arch: process.arch === 'arm64' ? 'ARM64' : 'X64',
    temp: machine.temp,
    tool_cache: machine.toolCache,
    environment: 'github-hosted',
    debug: '',
  }
}

function runnerVariables(machine: Machine): Readonly<Record<string, string>> {
  const entries = Object.entries(runnerContext(machine)).filter(([, value]) => value !== '')
  return Object.fromEntries(entries.map(([key, value]) => [`RUNNER_${key.toUpperCase()}`, value]))
}

function eventPath(options: StageOptions): string {
  const folder = join(options.ground.machine.temp, '_github_workflow')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'event.json')
  writeFileSync(path, JSON.stringify(options.ground.github['event'] ?? {}))
  return path
}
