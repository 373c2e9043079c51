import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** actions/runner, ProcessInvoker.cs: how long a process has between the signals of the cancel ladder. */
const SIGINT_MILLISECONDS = 7_500
const SIGTERM_MILLISECONDS = 2_500
/** How long the runner waits for a child that still holds the ended process's output. */
const PIPE_MILLISECONDS = 5_000
/** However fast the clock: output that is on its way must arrive. */
const LEAST_PIPE_MILLISECONDS = 500

export type ProcessEnding = 'exited' | 'cancelled' | 'timed-out' | 'crashed' | 'lost' | 'out-of-time'

export interface ProcessOptions {
  readonly command: string
  readonly arguments: readonly string[]
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
  readonly onLine: (line: string) => void
  readonly timeoutMinutes?: number | undefined
  readonly pace: Pace
}

/** How fast the runner's own clocks run in a test; a hosted runner has 1 and 1. */
export interface Pace {
  /** Multiplies the waits of the cancel ladder and the budget of a cancelled job: 0.01 makes 7.5 s 75 ms. */
  readonly graceScale: number
  /** Multiplies `timeout-minutes`. */
  readonly timeoutScale: number
}

export interface ProcessResult {
  readonly ending: ProcessEnding
  /** 128 + signal for a process that a signal ended, as a shell tells it. */
  readonly exitCode: number
}

export interface RunningProcess {
  readonly finished: Promise<ProcessResult>
  /** SIGINT, SIGTERM, SIGKILL, each to this one process and never to its children. */
  cancel(): void
  /** SIGKILL to this one process, now. */
  kill(ending: 'crashed' | 'lost' | 'out-of-time'): void
}

const SIGNAL_NUMBERS: Readonly<Record<string, number>> = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }

export function startProcess(options: ProcessOptions): RunningProcess {
  const child = spawn(options.command, [...options.arguments], {
    cwd: options.directory,
    env: { ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let ending: ProcessEnding = 'exited'
  const timers: NodeJS.Timeout[] = []
  const after = (milliseconds: number, act: () => void) => {
    timers.push(setTimeout(act, milliseconds))
  }
  const climbLadder = (reason: ProcessEnding) => {
    if (ending !== 'exited') return
    ending = reason
    child.kill('SIGINT')
    after(SIGINT_MILLISECONDS * options.pace.graceScale, () => {
      child.kill('SIGTERM')
      after(SIGTERM_MILLISECONDS * options.pace.graceScale, () => child.kill('SIGKILL'))
    })
  }
  if (options.timeoutMinutes !== undefined) {
    after(options.timeoutMinutes * 60_000 * options.pace.timeoutScale, () => climbLadder('timed-out'))
  }
  const lines = [readLines(child.stdout, options.onLine), readLines(child.stderr, options.onLine)]
  return {
    finished: waitForEnd(child, lines, options.pace).then((exitCode) => {
      for (const timer of timers) clearTimeout(timer)
      return { ending, exitCode }
    }),
    cancel: () => climbLadder('cancelled'),
    kill(reason) {
      // What ends it now outranks a ladder that it was already on: a runner can be lost while it cancels.
      if (child.exitCode === null && child.signalCode === null) ending = reason
      child.kill('SIGKILL')
    },
  }
}

async function waitForEnd(child: ChildProcess, lines: readonly Promise<void>[], pace: Pace): Promise<number> {
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? 128 + (SIGNAL_NUMBERS[signal ?? ''] ?? 0)))
  })
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(PIPE_MILLISECONDS * pace.graceScale, LEAST_PIPE_MILLISECONDS))
  })
  await Promise.race([Promise.all(lines), patience])
  clearTimeout(timer)
  child.stdout?.destroy()
  child.stderr?.destroy()
  return exitCode
}

async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })
  lines.on('line', onLine)
  await new Promise<void>((resolve) => {
    lines.once('close', resolve)
    stream.once('error', () => resolve())
  })
}
