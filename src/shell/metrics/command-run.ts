import { stripVTControlCharacters } from 'node:util'
import type { Printed } from '../../core/metrics/command-output.ts'
import type { CommandSourceSpec } from '../../core/metrics/command-spec.ts'
import type { CommandSurroundings } from '../checks/asking.ts'
import { runChild, type ChildEnd } from '../child.ts'
import { explainStart, folderInside, passedOn } from '../program-surroundings.ts'

/** Of both streams together: counts of a few metrics take less than a thousandth of it. */
const MOST_OUTPUT = 1_048_576
const TAIL_CHARACTERS = 300

/** What the program printed, if it ended well in time; ends its whole process group at the limit, or when told to stop. */
export async function runForText(
  spec: CommandSourceSpec,
  variables: Readonly<Record<string, string>>,
  around: CommandSurroundings,
  signal: AbortSignal,
): Promise<Printed<string>> {
  const [command, ...args] = spec.run
  const directory = await folderInside(around.workspace, spec.workingDirectory)
  if (command === undefined || directory === undefined) return unknown(`the repository has no folder ${spec.workingDirectory}`)
  const flood = new AbortController()
  const output = beginOutput(() => flood.abort())
  const end = await runChild({
    command,
    args,
    directory,
    variables: { ...passedOn(around.variables), ...spec.env, ...variables },
    onLine: output.take,
    onRead: output.count,
    stop: AbortSignal.any([signal, flood.signal]),
    limitSeconds: spec.timeoutSeconds,
  })
  // First: what floods and then ends well has been cut all the same.
  if (flood.signal.aborted) return unknown(`it printed more than ${MOST_OUTPUT / 1_048_576} MiB, so it was ended`)
  const problem = problemOf(end, command, spec)
  if (problem === undefined) return { kind: 'ok', value: output.text() }
  const said = end.kind === 'not-started' || end.kind === 'stopped' ? '' : output.complaint(around)
  return unknown(said === '' ? problem : `${problem}: ${said}`)
}

function problemOf(end: ChildEnd, command: string, { timeoutSeconds }: CommandSourceSpec): string | undefined {
  switch (end.kind) {
    case 'not-started':
      return explainStart(command, end.message)
    case 'stopped':
      return 'stopped before it had ended'
    case 'timed-out':
      return `it did not end within ${timeoutSeconds} s, so it was ended`
    case 'exited':
      if (end.code === 0) return undefined
      return end.signal === undefined ? `exit code ${end.code}` : `ended by ${end.signal}`
  }
}

function beginOutput(onFlood: () => void) {
  const lines: Record<'stdout' | 'stderr', string[]> = { stdout: [], stderr: [] }
  let allCharacters = 0
  return {
    count: (characters: number) => {
      allCharacters += characters
      if (allCharacters > MOST_OUTPUT) onFlood()
    },
    take: (line: string, stream: 'stdout' | 'stderr') => {
      if (allCharacters <= MOST_OUTPUT) lines[stream].push(line)
    },
    text: () => lines.stdout.join('\n'),
    /** The end of its errors, clean of secrets before it is cut. */
    complaint: ({ redact }: CommandSurroundings) => redact(stripVTControlCharacters(lines.stderr.join('\n'))).trim().slice(-TAIL_CHARACTERS).toWellFormed(),
  }
}

const unknown = (message: string): Printed<never> => ({ kind: 'unknown', message })
