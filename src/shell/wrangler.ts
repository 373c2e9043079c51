import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { VersionId } from '../core/ids.ts'
import { CLOUDFLARE_API } from './cloudflare.ts'
import { runChild, type ChildEnd } from './child.ts'
import { readEntries, type Entry, type EntryOf } from './wrangler/entries.ts'
import { bareVariables, wranglerVariables, type Variables } from './wrangler/variables.ts'

/** Which configuration a command is for. */
export interface WranglerTarget {
  /** Absolute. What `writeDeployableConfig` wrote, since wrangler would run the caller's own `build.command`. */
  readonly configPath: string
  /** Wrangler's environment; absent for the top level. */
  readonly environment?: string
}

export interface VersionLabels {
  /** At most 100 bytes. */
  readonly tag: string
  /** Begins with the marker. */
  readonly message: string
}

export type WranglerFailure =
  | {
      readonly kind: 'failed'
      /** The API's error code, or `wrangler-failed`, `timed-out`, `not-started`. */
      readonly code: string
      /** Masked; with the end of stderr. */
      readonly message: string
      /** Nothing says that the same would happen again. */
      readonly retriable: boolean
    }
  /** Told to stop; what it was doing may have been done. */
  | { readonly kind: 'stopped' }

export interface Uploaded {
  readonly kind: 'uploaded'
  readonly versionId: VersionId
  readonly workerName: string
  readonly previewUrl?: string
}
export interface DeployedFully {
  readonly kind: 'deployed'
  readonly versionId: VersionId
  readonly workerName: string
}

/** Wrangler, run as a program. Closing it ends what still runs and removes its private folder. */
export interface Wrangler extends AsyncDisposable {
  /** `wrangler versions upload`: users see nothing of it. */
  uploadVersion(target: WranglerTarget, labels: VersionLabels): Promise<Uploaded | WranglerFailure>
  /** `wrangler deploy`: everybody gets it at once. */
  deployFully(target: WranglerTarget, labels: VersionLabels): Promise<DeployedFully | WranglerFailure>
  /** `wrangler triggers deploy`: routes, domains, crons, queue consumers; running it twice does no harm. */
  applyTriggers(target: WranglerTarget): Promise<{ readonly kind: 'applied' } | WranglerFailure>
}

export interface WranglerOptions {
  /** Wrangler's `bin/wrangler.js`, from `provideWrangler`. */
  readonly executable: string
  readonly accountId: string
  readonly token: string
  readonly apiBaseUrl: string
  /** Our own environment, of which wrangler gets next to nothing. */
  readonly variables: Variables
  /** Gets each line of output, masked and without workflow commands. */
  log(line: string): void
  /** Hides secrets other than the token. */
  mask(text: string): string
  readonly stop: AbortSignal
  /** Of one command; 600 by default. */
  readonly limitSeconds?: number
}

/** Opens a private folder in which wrangler runs: it reads no `.env` and no other file of the repository. */
export async function openWrangler(options: WranglerOptions): Promise<Wrangler> {
  const directory = await mkdtemp(join(tmpdir(), 'sleepwell-wrangler-'))
  const closing = new AbortController()
  const running = new Set<Promise<Finished>>()
  let runs = 0
  const run = async (command: readonly string[], target: WranglerTarget, labels?: VersionLabels): Promise<Finished> => {
    runs += 1
    const args = [...command, '--config', target.configPath, `--env=${target.environment ?? ''}`]
    const tagged = labels === undefined ? args : [...args, `--tag=${labels.tag}`, `--message=${labels.message}`]
    const stop = AbortSignal.any([options.stop, closing.signal])
    const finished = runWrangler({ ...options, stop }, tagged, join(directory, String(runs)))
    running.add(finished)
    return finished.finally(() => running.delete(finished))
  }
  return {
    async uploadVersion(target, labels) {
      const finished = await run(['versions', 'upload'], target, labels)
      const entry = entryOf(finished, 'version-upload')
      if (!succeeded(finished) || entry === undefined) return failureOf(finished, options)
      const url = entry.preview_url ?? undefined
      return { kind: 'uploaded', versionId: entry.version_id, workerName: entry.worker_name, ...(url === undefined ? {} : { previewUrl: url }) }
    },
    async deployFully(target, labels) {
      const finished = await run(['deploy'], target, labels)
      const entry = entryOf(finished, 'deploy')
      const versionId = entry?.version_id ?? undefined
      if (!succeeded(finished) || entry === undefined || versionId === undefined) return failureOf(finished, options)
      return { kind: 'deployed', versionId, workerName: entry.worker_name }
    },
    async applyTriggers(target) {
      const finished = await run(['triggers', 'deploy'], target)
      return succeeded(finished) ? { kind: 'applied' } : failureOf(finished, options)
    },
    async [Symbol.asyncDispose]() {
      closing.abort()
      await Promise.allSettled(running)
      await rm(directory, { recursive: true, force: true })
    },
  }
}

interface Finished {
  readonly end: ChildEnd
  readonly entries: readonly Entry[]
  readonly lastLines: readonly string[]
}

const KEPT_LINES = 20

async function runWrangler(options: WranglerOptions, args: readonly string[], directory: string): Promise<Finished> {
  const output = join(directory, 'output.ndjson')
  await mkdir(directory, { recursive: true })
  const lastLines: string[] = []
  const end = await runChild({
    command: process.execPath,
    args: [options.executable, ...args],
    directory,
    variables: {
      ...bareVariables(options.variables, directory),
      ...wranglerVariables(directory, output),
      CLOUDFLARE_API_TOKEN: options.token,
      CLOUDFLARE_ACCOUNT_ID: options.accountId,
      ...(options.apiBaseUrl === CLOUDFLARE_API ? {} : { CLOUDFLARE_API_BASE_URL: options.apiBaseUrl }),
    },
    onLine(line, stream) {
      // Colours go first: one in the middle of a secret would hide it from the mask.
      const shown = hide(stripVTControlCharacters(line), options)
      // Where its log lies is of no use: the folder is gone when somebody reads this.
      if (stream === 'stderr' && shown.trim() !== '' && !shown.includes(directory)) lastLines.push(shown)
      if (lastLines.length > KEPT_LINES) lastLines.shift()
      options.log(withoutCommands(shown))
    },
    stop: options.stop,
    limitSeconds: options.limitSeconds ?? 600,
  })
  const written = await readFile(output, 'utf8').catch(() => '')
  return { end, entries: readEntries(written), lastLines }
}

function hide(text: string, options: WranglerOptions): string {
  return options.mask(options.token === '' ? text : text.replaceAll(options.token, '***'))
}

/** The runner takes `::name::` at the start of a line, and `##[name]` anywhere in it, for a command to itself. */
function withoutCommands(line: string): string {
  return line.replace(/^(\s*):(?=:)/, '$1: ').replaceAll('##[', '## [')
}

function succeeded({ end, entries }: Finished): boolean {
  return end.kind === 'exited' && end.code === 0 && !entries.some((entry) => entry.type === 'command-failed')
}

function entryOf<Type extends Entry['type']>({ entries }: Finished, type: Type): EntryOf<Type> | undefined {
  return entries.findLast((entry): entry is EntryOf<Type> => entry.type === type)
}

/**
 * Codes after which the same upload fails again: bad code, a missing binding or class, no such Worker, a pending
 * migration, exports that do not fit. Any other may come with a 5xx, which the entry does not tell.
 */
const LASTING: ReadonlySet<number> = new Set([
  10_007, 10_021, 10_027, 10_034, 10_037, 10_053, 10_056, 10_057, 10_061, 10_063, 10_064, 10_068, 10_074, 10_090, 10_211, 100_402, 100_405, 100_406,
])

function failureOf(finished: Finished, options: WranglerOptions): WranglerFailure {
  const { end, lastLines } = finished
  if (end.kind === 'stopped') return { kind: 'stopped' }
  if (end.kind === 'not-started') return { kind: 'failed', code: 'not-started', message: hide(end.message, options), retriable: false }
  const said = entryOf(finished, 'command-failed')
  const reason = hide(said?.message ?? '', options)
  const [firstLine = ''] = reason.split('\n')
  const shownAlready = reason === '' || lastLines.some((line) => line.includes(firstLine))
  const message = (shownAlready ? lastLines : [reason, ...lastLines]).join('\n')
  if (end.kind === 'timed-out') return { kind: 'failed', code: 'timed-out', message, retriable: true }
  const code = said?.code ?? undefined
  const explained = message === '' ? `wrangler ended with ${end.code} and gave no reason` : message
  if (code === undefined) return { kind: 'failed', code: 'wrangler-failed', message: explained, retriable: true }
  return { kind: 'failed', code: String(code), message: explained, retriable: !LASTING.has(code) }
}
