import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CommandReader } from './workflow-commands.ts'
import type { Masks } from './masks.ts'

/** The files through which a step talks to the runner; the keys are the names in the `github` context. */
export type CommandFiles = Readonly<Record<'output' | 'state' | 'env' | 'path' | 'step_summary', string>>

export interface FileCommands {
  readonly outputs: Readonly<Record<string, string>>
  readonly state: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
  readonly path: readonly string[]
  readonly summary: string
}

const SUMMARY_LIMIT_BYTES = 1024 * 1024

export function createCommandFiles(temp: string, id: string): CommandFiles {
  const directory = join(temp, '_runner_file_commands')
  mkdirSync(directory, { recursive: true })
  const file = (prefix: string) => {
    const path = join(directory, `${prefix}_${id}`)
    writeFileSync(path, '')
    return path
  }
  return {
    output: file('set_output'),
    state: file('save_state'),
    env: file('set_env'),
    path: file('add_path'),
    step_summary: file('step_summary'),
  }
}

/**
 * Reads the files after the process has ended, however it ended. A malformed file fails the step and what stood
 * before the fault counts (actions/runner, FileCommandManager.cs).
 */
export function readCommandFiles(files: CommandFiles, commands: CommandReader, masks: Masks, fail: () => void) {
  const pairs = (name: 'output' | 'state' | 'env') => {
    const values: Record<string, string> = {}
    try {
      for (const [key, value] of readPairs(readText(files[name]))) values[key] = value
    } catch (error) {
      commands.annotate('error', `Unable to process file command '${name}' successfully.`)
      commands.annotate('error', error instanceof Error ? error.message : String(error))
      fail()
    }
    return values
  }
  const env = pairs('env')
  for (const name of Object.keys(env).filter((each) => each.toUpperCase() === 'NODE_OPTIONS')) {
    commands.annotate('error', "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.")
    delete env[name]
  }
  const path = readText(files.path).split(/\r?\n/).filter((line) => line !== '')
  const result: FileCommands = {
    outputs: pairs('output'),
    state: pairs('state'),
    env,
    path,
    summary: readSummary(files.step_summary, commands, masks),
  }
  return result
}

function readText(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

function readSummary(path: string, commands: CommandReader, masks: Masks): string {
  const bytes = existsSync(path) ? statSync(path).size : 0
  if (bytes <= SUMMARY_LIMIT_BYTES) return readText(path).split('\n').map((line) => masks.hide(line)).join('\n')
  const kibibytes = Math.floor(bytes / 1024)
  const limit = SUMMARY_LIMIT_BYTES / 1024
  const sizes = `supports content up to a size of ${limit}k, got ${kibibytes}k.`
  commands.annotate('error', `$GITHUB_STEP_SUMMARY upload aborted, ${sizes}`)
  return ''
}

/** `name=value` lines and `name<<delimiter` blocks, in order. */
export function* readPairs(text: string): Generator<readonly [string, string]> {
  const lines = text.split(/(?<=\n)/)
  for (let index = 0; index < lines.length; index += 1) {
    const line = withoutNewline(lines[index] ?? '')
    if (line === '') continue
    const equals = line.indexOf('=')
    const heredoc = line.indexOf('<<')
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) yield [line.slice(0, equals), line.slice(equals + 1)]
    else if (heredoc >= 0) {
      const block = readHeredoc(lines, index, line)
      index = block.end
      yield [line.slice(0, heredoc), block.value]
    } else throw new Error(`Invalid format '${line}'`)
  }
}

function readHeredoc(lines: readonly string[], start: number, line: string): { end: number; value: string } {
  const [name, ...rest] = line.split('<<')
  const delimiter = rest.join('<<')
  if (name === '' || delimiter === '') {
    throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`)
  }
  const end = lines.findIndex((each, index) => index > start && withoutNewline(each) === delimiter)
  if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`)
  return { end, value: withoutNewline(lines.slice(start + 1, end).join('')) }
}

function withoutNewline(text: string): string {
  return text.replace(/\r?\n$/, '')
}
