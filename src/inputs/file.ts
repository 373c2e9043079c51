import { LineCounter, parseDocument, type Document } from 'yaml'
import { describeIssue, invalid, nodeAt, type Source } from './file-problems.ts'
import { quote, type Problem } from './problems.ts'
import { sleepwellSchema, type SleepwellFile, type SleepwellPart } from './schema.ts'
import { substitute, type Substituted, type Variables } from './variables.ts'

export interface ParsedFile {
  /** The common part with the environment's own over it; absent when there were problems. */
  readonly part: SleepwellPart | undefined
  readonly problems: readonly Problem[]
  /** Values that came from `${secret:NAME}`: to be masked before anything is printed. */
  readonly secrets: readonly string[]
}

export interface FileQuery {
  /** Whose part of `environments` is wanted. */
  readonly environment: string
  readonly variables: Variables
}

/** Parses sleepwell.yml once; every problem has its line and column, the value seen and what is allowed. */
export function parseFile(path: string, text: string, query: FileQuery): ParsedFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, merge: true, logLevel: 'silent' })
  const at = (offset: number | undefined) => {
    const place = lines.linePos(offset ?? 0)
    return `${path}:${place.line}:${place.col}`
  }
  // A warning is a tag or a directive that nobody understands: whoever wrote it meant something.
  const broken = [...document.errors, ...document.warnings].map((error) => invalid(at(error.pos[0]), `${sentence(error.message)}.`))
  if (broken.length > 0) return { part: undefined, problems: broken, secrets: [] }
  const substituted = substitute(document, query.environment, query.variables)
  const { secrets } = substituted
  const seen = expand(document)
  if (seen.kind === 'refused') return { part: undefined, problems: [invalid(at(0), seen.message)], secrets }
  const source: Source = { document, at, written: substituted.written }
  const unfilled = substituted.unfilled.filter(({ isIdle }) => !isIdle)
  const missing = unfilled.map(({ node, message }) => invalid(at(node.range?.[0]), `${message}.`))
  const decoded = sleepwellSchema.safeParse(seen.value ?? {})
  const wrong = decoded.success
    ? repeatedNames(decoded.data, source)
    : decoded.error.issues.filter((issue) => !isAboutUnfilled(issue.path, substituted, document)).flatMap((issue) => describeIssue(issue, source))
  const problems = [...missing, ...wrong]
  return { part: problems.length === 0 && decoded.success ? partFor(decoded.data, query.environment) : undefined, problems, secrets }
}

/** Few files need more than a handful of aliases; ten that multiply each other would fill the memory. */
const MOST_ALIASES = 100

function expand(document: Document): { kind: 'ok'; value: unknown } | { kind: 'refused'; message: string } {
  try {
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES })
    return { kind: 'ok', value }
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    return { kind: 'refused', message: `${sentence(error.message)}.` }
  }
}

/** What could not be filled in has been told already, or concerns another environment. */
function isAboutUnfilled(path: readonly PropertyKey[], { unfilled }: Substituted, document: Document): boolean {
  const node = nodeAt(document, path.filter((key) => typeof key !== 'symbol'))
  return unfilled.some((one) => one.node === node)
}

/** The environment's keys stand over the common ones, each as a whole. */
function partFor({ environments, ...common }: SleepwellFile, environment: string): SleepwellPart {
  const own = environments !== undefined && Object.hasOwn(environments, environment) ? environments[environment] : undefined
  return { ...common, ...own }
}

/** Results are compared by a check's name. */
function repeatedNames(file: SleepwellFile, { document, at }: Source): Problem[] {
  const parts = [
    { path: [], part: file },
    ...Object.entries(file.environments ?? {}).map(([name, part]) => ({ path: ['environments', name], part })),
  ]
  return parts.flatMap(({ path, part }) => {
    const names = (part.checks ?? []).map((check) => check.name)
    return names.flatMap((name, index) => {
      if (names.indexOf(name) === index) return []
      const node = nodeAt(document, [...path, 'checks', index, 'name'])
      return [invalid(at(node?.range?.[0]), `a check before this one is named ${quote(name)} too; names must be unique.`)]
    })
  })
}

function sentence(message: string): string {
  return message.replace(/\.$/, '').replace(/; please use YAML\.parseAllDocuments\(\)$/, ', but one is allowed')
}
