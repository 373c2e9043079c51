import type { Masks } from './masks.ts'

export type AnnotationLevel = 'error' | 'warning' | 'notice'

export interface Annotation {
  readonly level: AnnotationLevel
  readonly message: string
  /** `file`, `line`, `endLine`, `col`, `endColumn`, `title`: as the action wrote them. */
  readonly properties: Readonly<Record<string, string>>
}

interface Command {
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly data: string
}

/** What one step's output may change while it is read. */
export interface CommandEffects {
  readonly masks: Masks
  /** Writes one line to the log. */
  write(line: string): void
  /** A command that the runner refuses fails the step (ActionCommandManager.cs, `CommandResult`). */
  fail(): void
}

/** Reads the lines that a step prints and acts on the workflow commands among them. */
export interface CommandReader {
  readonly annotations: readonly Annotation[]
  read(line: string): void
  annotate(level: AnnotationLevel, message: string, properties?: Readonly<Record<string, string>>): void
}

// actions/runner, ExecutionContext.cs: annotations per type and step, and the length of one.
const ANNOTATIONS_PER_LEVEL = 10
const ANNOTATION_LENGTH = 4096
const KNOWN = new Set(
  `error warning notice debug group endgroup add-mask echo stop-commands
   set-output save-state set-env add-path add-matcher remove-matcher`.split(/\s+/),
)

export function createCommandReader(effects: CommandEffects): CommandReader {
  const reader: Reader = { effects, annotations: [], stopToken: undefined }
  return {
    annotations: reader.annotations,
    annotate: (level, message, properties) => annotate(reader, { level, message, properties: properties ?? {} }),
    read(line) {
      const command = parseCommand(line, reader.stopToken)
      if (command === undefined) effects.write(line)
      else if (reader.stopToken === undefined) act(reader, line, command)
      else {
        if (command.name === reader.stopToken) reader.stopToken = undefined
        effects.write(line)
      }
    },
  }
}

interface Reader {
  readonly effects: CommandEffects
  readonly annotations: Annotation[]
  stopToken: string | undefined
}

function act(reader: Reader, line: string, command: Command): void {
  const { effects } = reader
  switch (command.name) {
    case 'error':
    case 'warning':
    case 'notice':
      return annotate(reader, { level: command.name, message: command.data, properties: command.properties })
    case 'group':
      return effects.write(`##[group]${command.data}`)
    case 'endgroup':
      return effects.write('##[endgroup]')
    case 'debug':
      // Shown only with step debug logging, which this runner never has on.
      return undefined
    case 'add-mask':
      return addMask(reader, command.data)
    case 'echo':
      // It shows commands that are otherwise not in the log; this runner accepts none that it would show.
      return undefined
    case 'stop-commands':
      return stopCommands(reader, line, command.data)
    default:
      return refuse(reader, line, `The \`${command.name}\` command is disabled, or not supported by this runner.`)
  }
}

function annotate(reader: Reader, annotation: Annotation): void {
  const message = reader.effects.masks.hide(annotation.message).slice(0, ANNOTATION_LENGTH)
  const same = reader.annotations.filter((each) => each.level === annotation.level)
  if (same.length < ANNOTATIONS_PER_LEVEL) reader.annotations.push({ ...annotation, message })
  for (const [index, line] of message.split('\n').entries()) {
    reader.effects.write(index === 0 ? `##[${annotation.level}]${line}` : line)
  }
}

function addMask(reader: Reader, value: string): void {
  if (value.trim() !== '') reader.effects.masks.add(value)
  else {
    const message = "Can't add secret mask for empty string in ##[add-mask] command."
    annotate(reader, { level: 'warning', message, properties: {} })
  }
}

function stopCommands(reader: Reader, line: string, token: string): void {
  if (token === '' || KNOWN.has(token) || token.toLowerCase() === 'pause-logging') {
    return refuse(reader, line, 'You cannot use a endToken that is an empty string, or another workflow command.')
  }
  reader.stopToken = token
  if (token.length > 6) reader.effects.masks.add(token)
  reader.effects.write(line)
}

/** A command that cannot be obeyed fails the step, as in ActionCommandManager.cs. */
function refuse(reader: Reader, line: string, reason: string): void {
  const message = `Unable to process command '${line}' successfully.`
  annotate(reader, { level: 'error', message, properties: {} })
  annotate(reader, { level: 'error', message: reason, properties: {} })
  reader.effects.fail()
}

/** actions/runner, ActionCommand.cs `TryParseV2`: `::name key=value,key=value::data`, after leading blanks. */
function parseCommand(line: string, stopToken: string | undefined): Command | undefined {
  const match = /^\s*::(.*?)::(.*)$/s.exec(line)
  if (match === null) return undefined
  const head = match[1] ?? ''
  const space = head.indexOf(' ')
  const name = space < 0 ? head : head.slice(0, space)
  if (!KNOWN.has(name) && name !== stopToken) return undefined
  const pairs = space < 0 ? [] : head.slice(space + 1).trim().split(',')
  const properties = pairs.flatMap((pair) => {
    const equals = pair.indexOf('=')
    const value = unescapeProperty(pair.slice(equals + 1))
    return equals > 0 && value !== '' ? [[pair.slice(0, equals), value]] : []
  })
  return { name, properties: Object.fromEntries(properties), data: unescapeData(match[2] ?? '') }
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}

function unescapeProperty(text: string): string {
  const data = text.replaceAll('%0D', '\r').replaceAll('%0A', '\n')
  return data.replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%')
}
