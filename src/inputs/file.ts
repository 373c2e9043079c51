import { LineCounter, parseDocument, visit, type Document, type YAMLError } from 'yaml'
import { z } from 'zod'
import { describeIssue, invalid, type Source } from './file-problems.ts'
import { quote, type Problem } from './problems.ts'
import { sleepwellSchema, type FileCheck, type SleepwellFile, type SleepwellPart } from './schema.ts'
import { substitute } from './substitute.ts'

export interface ParsedFile {
  /** What is wanted of the common part with the environment's own over it; absent when there were problems. */
  readonly part: SleepwellPart | undefined
  readonly problems: readonly Problem[]
  /** Values that came from `${secret:NAME}`: to be masked before anything is printed. */
  readonly secrets: readonly string[]
}

export interface Wanted {
  readonly environment: string
  /** Only their variables must be set: the gate has none of the checks' secrets. */
  readonly keys: readonly (keyof SleepwellPart)[]
  readonly variables: Readonly<Record<string, string | undefined>>
}

/** Parses sleepwell.yml once; every problem has its line and column, the value seen and what is allowed. */
export function parseFile(path: string, text: string, wanted: Wanted): ParsedFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, merge: true, logLevel: 'error' })
  const at = (offset: number | undefined) => {
    const place = lines.linePos(offset ?? 0)
    return `${path}:${place.line}:${place.col}`
  }
  const broken = [...document.errors, ...document.warnings].map((error) => invalid(at(error.pos[0]), describeSyntax(error, text)))
  const unusable = broken.length > 0 ? broken : aliasProblems(document, at)
  if (unusable.length > 0) return { part: undefined, problems: unusable, secrets: [] }
  const { unresolved, secrets, written } = substitute(document, wanted.variables, (keys) => isWanted(keys, wanted))
  const source: Source = { document, at, written }
  const missing = unresolved
    .filter((one) => one.isUsed)
    .map(({ name, node }) => invalid(at(node.range?.[0]), `the variable ${name} is empty or not set; set it in the step's \`env:\`.`))
  const seen: unknown = valueOf(document)
  const whole = sleepwellSchema.safeParse(seen)
  // A value that waits for its variable cannot be judged yet.
  const openPlaces = new Set(unresolved.map(({ node }) => at(node.range?.[0])))
  const found = (whole.error?.issues ?? []).flatMap((issue) => describeIssue(issue, source))
  const wrong = found.filter(({ place }) => !openPlaces.has(place))
  const problems = [...missing, ...wrong, ...(whole.success ? repeatedNames(whole.data, source) : [])]
  if (problems.length > 0) return { part: undefined, problems, secrets }
  const part = sleepwellSchema.safeParse(onlyWanted(seen, wanted)).data
  // A variable where a map belongs is wrong whatever it holds.
  return part === undefined ? { part, problems: found, secrets } : { part: partFor(part, wanted.environment), problems, secrets }
}

/** An empty file says nothing, which is allowed. */
function valueOf(document: Document): unknown {
  return document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {}
}

const MAX_ALIASES = 100

function describeSyntax(error: YAMLError, text: string): string {
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^[^\s:]+/.exec(text.slice(error.pos[0]))?.[0] ?? ''
    return `the key ${quote(key)} is given twice in one map; keep one.`
  }
  if (error.code === 'MULTIPLE_DOCS') return 'a second document begins; allowed: one.'
  return `is not YAML as it should be: ${error.message.replace(/\.$/, '')}.`
}

/** An alias must have an anchor before it, must not lie within it, and not multiply without end. */
function aliasProblems(document: Document, at: Source['at']): Problem[] {
  const problems: Problem[] = []
  visit(document, {
    Alias(_key, node, ancestors) {
      const target = node.resolve(document)
      const place = at(node.range?.[0])
      if (target === undefined) problems.push(invalid(place, `the alias *${node.source} has no anchor &${node.source} before it.`))
      else if (ancestors.includes(target)) problems.push(invalid(place, `the alias *${node.source} lies within its own anchor.`))
    },
  })
  if (problems.length > 0) return problems
  try {
    valueOf(document)
    return []
  } catch (error) {
    return [invalid(at(0), `its aliases cannot be followed: ${error instanceof Error ? error.message : String(error)}.`)]
  }
}

function isWanted(path: readonly string[], { environment, keys }: Wanted): boolean {
  const [first, second, third] = path
  const wanted: readonly string[] = keys
  if (first === 'environments') return second === environment && third !== undefined && wanted.includes(third)
  return first !== undefined && wanted.includes(first)
}

const looseSchema = z.looseObject({ environments: z.record(z.string(), z.record(z.string(), z.unknown())).optional() })

/** Other environments, and keys that this command does not read, may hold variables that are not set here. */
function onlyWanted(seen: unknown, wanted: Wanted): unknown {
  const loose = looseSchema.safeParse(seen)
  if (!loose.success) return seen
  const { environments, ...common } = loose.data
  const own = Object.entries(environments ?? {}).find(([name]) => name === wanted.environment)?.[1] ?? {}
  const pick = (part: Record<string, unknown>) => Object.fromEntries(wanted.keys.filter((key) => part[key] !== undefined).map((key) => [key, part[key]]))
  return { ...pick(common), environments: { [wanted.environment]: pick(own) } }
}

/** The environment's keys stand over the common ones, each as a whole. */
function partFor({ environments, ...common }: SleepwellFile, environment: string): SleepwellPart {
  return { ...common, ...environments?.[environment] }
}

function repeatedNames(file: SleepwellFile, { document, at }: Source): Problem[] {
  const parts: [(string | number)[], SleepwellPart][] = [[[], file], ...Object.entries(file.environments ?? {}).map(([name, part]): [string[], SleepwellPart] => [['environments', name], part])]
  return parts.flatMap(([path, { ready = [], checks = [] }]) =>
    [...places('ready', ready), ...places('checks', checks)].flatMap(({ name, at: own }, index, all) => {
      if (all.findIndex((other) => other.name === name) === index) return []
      return describeIssue(
        { code: 'custom', path: [...path, ...own, 'name'], message: `is ${quote(name)} like another check's; names must be unique.`, params: { isWhole: true } },
        { document, at, written: new Map() },
      )
    }),
  )
}

function places(key: 'ready' | 'checks', checks: readonly FileCheck[]) {
  return checks.map(({ name }, index) => ({ name, at: [key, index] }))
}
