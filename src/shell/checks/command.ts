import { realpath } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { judgeCommand, versionSaidIn, type CommandCheckSpec, type CommandFacts } from '../../core/checks/command.ts'
import type { Attempt } from '../../core/checks/result.ts'
import type { Redact } from '../../core/redact.ts'
import { runChild } from '../child.ts'
import { doorHeaders, type Asking, type CommandSurroundings } from './asking.ts'

const KEPT_CHARACTERS = 65_536
const TAIL_CHARACTERS = 2048
const MOST_OUTPUT = 33_554_432
const MOST_VERSIONS = 10

/** What a program needs to find others, the network and its language; of the runner's own it gets nothing. */
const PASSED_ON = [
  'PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR', 'LANG', 'LANGUAGE', 'LC_ALL', 'LC_CTYPE', 'TZ',
  'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR',
] as const

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
      return { kind: 'not-started', message: explain(command, end.message) }
    case 'stopped':
      return asking.signal.aborted ? { kind: 'stopped' } : { kind: 'too-much-output', limitBytes: MOST_OUTPUT, ...output.said() }
    case 'timed-out':
      return { kind: 'timed-out', limitMs: asking.limitMs, ...output.said() }
    case 'exited':
      return { ...end, ...output.said() }
  }
}

/** A link that leads out of the repository is as good as no folder. */
async function folderInside(workspace: string, name: string): Promise<string | undefined> {
  try {
    const root = await realpath(workspace)
    const folder = await realpath(resolve(root, name))
    const way = relative(root, folder)
    return way === '..' || way.startsWith('../') ? undefined : folder
  } catch {
    return undefined
  }
}

function variablesFor(spec: CommandCheckSpec, { baseUrl, subject }: Asking, { variables }: CommandSurroundings): Readonly<Record<string, string>> {
  const passed = PASSED_ON.flatMap((name): [string, string][] => (variables[name] === undefined ? [] : [[name, variables[name]]]))
  const [door] = Object.entries(doorHeaders(subject))
  return {
    ...Object.fromEntries(passed),
    CI: 'true',
    NO_COLOR: '1',
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

function explain(command: string, message: string): string {
  if (message.includes('ENOENT')) return `there is no program ${command} here`
  return message.includes('EACCES') ? `${command} may not be run: is it executable?` : message
}
