import type { z } from 'zod'
import { rawConfigSchema, type RawConfig, type Section } from './wrangler-config/raw-config.ts'

/** One Worker as wrangler would deploy it from a configuration and an environment. */
export interface Worker {
  /** Name of the deployed script, and its key in `Cloudflare-Workers-Version-Overrides`. */
  readonly scriptName: string
  /** Wrangler's environment; absent for the top level. */
  readonly environment?: string
  readonly accountId?: string
  readonly main?: string
  readonly assetsDirectory?: string
  /** Runs before wrangler bundles; never in the job that holds the token. */
  readonly buildCommand?: string
  /** Of the Durable Object migrations, oldest first. */
  readonly migrationTags: readonly string[]
  /** Durable Object classes declared by `exports`, which replace migrations. */
  readonly exportedClasses: readonly string[]
  readonly hasContainers: boolean
  readonly hasWorkersSite: boolean
  /** Modules that only the older service-worker syntax can bind. */
  readonly hasServiceWorkerModules: boolean
  readonly workflows: readonly string[]
  readonly requiredSecrets: readonly string[]
  /** Name under which the Worker sees its version's id; without it there is no proof of version. */
  readonly versionMetadataBinding?: string
  /** What no version carries, applied after promotion. */
  readonly settings: WorkerSettings
}

export interface WorkerSettings {
  readonly observability?: Readonly<Record<string, unknown>>
  readonly logpush?: boolean
  readonly tail_consumers?: readonly Readonly<Record<string, unknown>>[]
}

/** `path` leads to the value in the file; empty for the file as a whole. */
export interface ConfigProblem {
  readonly path: readonly (string | number)[]
  readonly message: string
}

export type Resolved =
  | { readonly kind: 'ok'; readonly worker: Worker; readonly raw: RawConfig }
  | { readonly kind: 'problems'; readonly problems: readonly ConfigProblem[] }

export interface Selection {
  /** `--env`, else `CLOUDFLARE_ENV`; empty is the top level. */
  readonly environment: string | undefined
  /** The file was named by `.wrangler/deploy/config.json`, so its environment is already chosen. */
  readonly isGenerated: boolean
}

const VALID_NAME = /^[a-z0-9_][a-z0-9-_]*$/

/** Resolves the Worker by the rules of wrangler 4.164.0 (`normalizeAndValidateConfig`), or says all that is wrong. */
export function resolveWorker(seen: unknown, selection: Selection): Resolved {
  const decoded = rawConfigSchema.safeParse(seen)
  if (!decoded.success) return { kind: 'problems', problems: decoded.error.issues.map(problemOf) }
  const raw = decoded.data
  const environment = selection.environment === '' ? undefined : selection.environment
  const problem = selection.isGenerated ? generatedProblem(raw, environment) : environmentProblem(raw, environment)
  if (problem !== undefined) return { kind: 'problems', problems: [problem] }
  const isTopLevel = environment === undefined || selection.isGenerated
  const section: Section = isTopLevel ? raw : (raw.env?.[environment] ?? raw)
  const name = nameOf(raw, section, isTopLevel ? undefined : environment)
  const nameProblem = problemOfName(name, section === raw ? ['name'] : ['env', environment ?? '', 'name'])
  if (name === undefined || nameProblem !== undefined) return { kind: 'problems', problems: nameProblem === undefined ? [] : [nameProblem] }
  return { kind: 'ok', raw, worker: workerOf(raw, section, { name, environment }) }
}

/** An environment's own name stands; an inherited one gets `-<environment>` appended. */
function nameOf(raw: RawConfig, section: Section, environment: string | undefined): string | undefined {
  if (environment === undefined) return raw.name
  if (section !== raw && section.name !== undefined) return section.name
  return raw.name === undefined || raw.name === '' ? undefined : `${raw.name}-${environment}`
}

function problemOfName(name: string | undefined, path: readonly string[]): ConfigProblem | undefined {
  if (name === undefined || name === '') return { path: ['name'], message: 'the Worker has no name: set `name`' }
  if (VALID_NAME.test(name)) return undefined
  return { path, message: `the Worker's name would be ${JSON.stringify(name)}: allowed are a-z, 0-9, - and _, not beginning with -` }
}

function environmentProblem(raw: RawConfig, environment: string | undefined): ConfigProblem | undefined {
  const known = Object.keys(raw.env ?? {})
  if (environment === undefined || known.length === 0 || known.includes(environment)) return undefined
  return { path: ['env'], message: `there is no environment ${JSON.stringify(environment)}: the file has ${known.map((name) => JSON.stringify(name)).join(', ')}` }
}

function generatedProblem(raw: RawConfig, environment: string | undefined): ConfigProblem | undefined {
  if (Object.keys(raw.env ?? {}).length > 0) return { path: ['env'], message: 'a generated configuration cannot have environments' }
  const { targetEnvironment } = raw
  if (environment === undefined || targetEnvironment === undefined || targetEnvironment === environment) return undefined
  return {
    path: ['targetEnvironment'],
    message: `the file was generated for the environment ${JSON.stringify(targetEnvironment)}, but ${JSON.stringify(environment)} is asked for`,
  }
}

function workerOf(raw: RawConfig, section: Section, found: { readonly name: string; readonly environment: string | undefined }): Worker {
  /** Fields that an environment inherits from the top level; all others it must repeat. */
  const inherited = <Field extends keyof Section>(field: Field): Section[Field] => section[field] ?? raw[field]
  const accountId = [section.account_id, raw.account_id].find((id) => id !== undefined && id !== '')
  const exportsHere = Object.entries(inherited('exports') ?? {})
  return {
    scriptName: found.name,
    ...given('environment', found.environment),
    ...given('accountId', accountId),
    ...given('main', inherited('main')),
    ...given('assetsDirectory', inherited('assets')?.directory),
    ...given('buildCommand', inherited('build')?.command),
    migrationTags: (inherited('migrations') ?? []).map((migration) => migration.tag),
    exportedClasses: exportsHere.filter(([, one]) => one.type === 'durable-object').map(([name]) => name),
    hasContainers: (section.containers ?? []).length > 0,
    hasWorkersSite: raw.site?.bucket !== undefined,
    hasServiceWorkerModules: [raw.wasm_modules, raw.text_blobs, raw.data_blobs].some((one) => Object.keys(one ?? {}).length > 0),
    workflows: (section.workflows ?? []).map((workflow) => workflow.name),
    requiredSecrets: section.secrets?.required ?? [],
    ...given('versionMetadataBinding', section.version_metadata?.binding),
    settings: {
      ...given('observability', inherited('observability')),
      ...given('logpush', inherited('logpush')),
      ...given('tail_consumers', section.tail_consumers),
    },
  }
}

function given<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [Key in Name]?: Value }
function given(name: string, value: unknown): Readonly<Record<string, unknown>> {
  return value === undefined ? {} : { [name]: value }
}

function problemOf(issue: z.core.$ZodIssue): ConfigProblem {
  const path = issue.path.filter((part) => typeof part !== 'symbol')
  return { path, message: issue.message }
}
