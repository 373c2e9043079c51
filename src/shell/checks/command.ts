import { stripVTControlCharacters } from 'node:util'
import { judgeCommand, versionSaidIn, type CommandCheckSpec, type CommandFacts } from '../../core/checks/command.ts'
import type { Attempt } from '../../core/checks/result.ts'
import type { Redact } from '../../core/redact.ts'
import { runChild } from '../child.ts'
import { explainStart, folderInside, passedOn } from '../program-surroundings.ts'
import { doorHeaders, type Asking, type CommandSurroundings } from './asking.ts'

const KEPT_CHARACTERS = 65_536
const TAIL_CHARACTERS = 2048
const MOST_OUTPUT = 33_554_432
const MOST_VERSIONS = 10

/** Runs the program once; ends its whole process group at the limit, or when the rollout stops. */
export async function attemptCommand(spec: CommandCheckSpec, asking: Asking, around: CommandSurroundings | undefined): Promise<Attempt> {
  return judgeCommand(spec, await run(spec, asking, around), asking.subject.versionId)
}

async function run(spec: CommandCheckSpec, asking: Asking, around: CommandSurroundings | undefined): Promise<CommandFacts> {
  const [command, ...args] = spec.run
  if (command === undefined || around === undefined) return { kind: 'not-started', message: 'there is nothing to run, or nowhere to run it' }
  const directory = await folderInside(around.workspace, spec.workingDirectory)
  if (directory === undefined) return { kind: 'not-started', message: `the repository has no folder ${spec.workingDirectory}` }
  const flood = new AbortController()
  const output = beginOutput(around.redact, () => flood.abort())
  const end = await runChild({
    command,
    args,
    directory,
    variables: variablesFor(spec, asking, around),
    onLine: output.take,
    onRead: output.count,
    stop: AbortSignal.any([asking.signal, flood.signal]),
    limitSeconds: asking.limitMs / 1000,
  })
  switch (end.kind) {
    case 'not-started':
      return { kind: 'not-started', message: explainStart(command, end.message) }
    case 'stopped':
      return asking.signal.aborted ? { kind: 'stopped' } : { kind: 'too-much-output', limitBytes: MOST_OUTPUT, ...output.said() }
    case 'timed-out':
      return { kind: 'timed-out', limitMs: asking.limitMs, ...output.said() }
    case 'exited':
      return { ...end, ...output.said() }
  }
}

function variablesFor(spec: CommandCheckSpec, { baseUrl, subject }: Asking, { variables }: CommandSurroundings): Readonly<Record<string, string>> {
  const [door] = Object.entries(doorHeaders(subject))
  return {
    ...passedOn(variables),
    ...spec.env,
    SLEEPWELL_URL: baseUrl.href,
    SLEEPWELL_OVERRIDE_HEADER: door === undefined ? '' : door.join(': '),
    SLEEPWELL_VERSION_ID: subject.versionId ?? '',
  }
}

/** Keeps the end of the output and the versions that were named, however much there is. */
function beginOutput(redact: Redact, onFlood: () => void) {
  const versions = new Set<string>()
  let kept = ''
  let allCharacters = 0
  return {
    count: (characters: number) => {
      allCharacters += characters
      if (allCharacters > MOST_OUTPUT) onFlood()
    },
    take: (line: string, stream: 'stdout' | 'stderr') => {
      const version = stream === 'stdout' ? versionSaidIn(line) : undefined
      if (version !== undefined && versions.size < MOST_VERSIONS) versions.add(version)
      kept += `${line}\n`
      if (kept.length > 4 * KEPT_CHARACTERS) kept = kept.slice(-KEPT_CHARACTERS)
    },
    said() {
      // Colours go first: one in the middle of a secret would hide it from the mask.
      const text = redact(stripVTControlCharacters(kept)).trim()
      return { tail: text.slice(-TAIL_CHARACTERS).toWellFormed(), versions: [...versions] }
    },
  }
}

