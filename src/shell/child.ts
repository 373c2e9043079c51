import { spawn, type ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'

export interface ChildCommand {
  readonly command: string
  readonly args: readonly string[]
  readonly directory: string
  readonly variables: Readonly<Record<string, string>>
  /** Each line of both streams, as soon as it is whole. */
  onLine(line: string, stream: 'stdout' | 'stderr'): void
  /** How much either stream gave, before it is known where its lines end. */
  onRead?(characters: number): void
  readonly stop: AbortSignal
  readonly limitSeconds: number
}

export type ChildEnd =
  /** `code` is -1 when a signal ended it. */
  | { readonly kind: 'exited'; readonly code: number; readonly signal?: string }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'not-started'; readonly message: string }

const GRACE_MS = 2_000
const LONGEST_LINE = 1_048_576

/**
 * Runs a command in a process group of its own, without a shell. When told to stop it ends the whole group,
 * politely first; it resolves only once the command is gone.
 */
export async function runChild(asked: ChildCommand): Promise<ChildEnd> {
  if (asked.stop.aborted) return { kind: 'stopped' }
  const started = start(asked)
  if (started.kind === 'not-started') return started
  const { child, ending } = started
  let isTimedOut = false
  let killing: NodeJS.Timeout | undefined
  const end = () => {
    signalGroup(child, 'SIGTERM')
    killing ??= setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS)
  }
  const limit = setTimeout(() => {
    isTimedOut = true
    end()
  }, asked.limitSeconds * 1000)
  asked.stop.addEventListener('abort', end, { once: true })
  try {
    const onRead = (characters: number) => asked.onRead?.(characters)
    const lines = Promise.all([
      readLines(child.stdout, { onRead, onLine: (line) => asked.onLine(line, 'stdout') }),
      readLines(child.stderr, { onRead, onLine: (line) => asked.onLine(line, 'stderr') }),
    ])
    const ended = await ending
    await drain(child, lines)
    if (asked.stop.aborted) return { kind: 'stopped' }
    return isTimedOut ? { kind: 'timed-out' } : ended
  } finally {
    asked.stop.removeEventListener('abort', end)
    clearTimeout(limit)
    clearTimeout(killing)
  }
}

/** Most reasons why a program cannot be started come as an event, and some (arguments too long) are thrown. */
function start({ command, args, directory, variables }: ChildCommand) {
  try {
    const child = spawn(command, args, { cwd: directory, env: { ...variables }, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    return { kind: 'started', child, ending: endOf(child) } as const
  } catch (error) {
    return { kind: 'not-started', message: error instanceof Error ? error.message : String(error) } as const
  }
}

/** What the command left behind does not outlive it, nor hold us up by keeping its output open. */
async function drain(child: ChildProcess, lines: Promise<unknown>): Promise<void> {
  signalGroup(child, 'SIGKILL')
  const closing = setTimeout(() => {
    child.stdout?.destroy()
    child.stderr?.destroy()
  }, GRACE_MS)
  await lines
  clearTimeout(closing)
}

function endOf(child: ChildProcess): Promise<ChildEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ kind: 'not-started', message: error.message }))
    child.once('exit', (code, signal) => resolve({ kind: 'exited', code: code ?? -1, ...(signal === null ? {} : { signal }) }))
  })
}

/** A group that is gone already is what was wanted. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // ESRCH: nobody is left.
  }
}

interface Reading {
  readonly onLine: (line: string) => void
  readonly onRead: (characters: number) => void
}

/** Lines are put together from chunks first, so that a secret split over two of them is still seen whole. */
async function readLines(stream: Readable, { onLine, onRead }: Reading): Promise<void> {
  let pending = ''
  const emit = (line: string) => onLine(line.length > LONGEST_LINE ? '(a line of more than 1 MiB)' : line)
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    onRead(chunk.length)
    const lines = (pending + chunk).split(/\r?\n/)
    // An endless line is not kept: one character too many is enough to know it by.
    pending = (lines.pop() ?? '').slice(0, LONGEST_LINE + 1)
    lines.forEach(emit)
  })
  await new Promise<void>((resolve) => stream.once('close', resolve).once('error', () => resolve()))
  if (pending !== '') emit(pending)
}
