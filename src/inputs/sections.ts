import { isAbsolute, join, relative, resolve } from 'node:path'
import { isSha, type Sha } from '../core/ids.ts'
import { shaSchema } from '../core/schemas.ts'
import type { SinkSpec } from '../core/report/sink.ts'
import { READY_DEADLINE_SECONDS, simpleSpec, specOf } from './check-specs.ts'
import type { ChecksConfig, CloudflareConfig, GateRules, GitHubConfig, WorkerConfigPlace } from './config.ts'
import type { EventPayload } from './event.ts'
import { parseFile } from './file.ts'
import { quote } from './problems.ts'
import { HEALTH_PATH, type InputReader } from './reader.ts'
import { secretsOf, sinkOf } from './sinks.ts'
import type { SleepwellPart } from './schema.ts'

const CLOUDFLARE_API = 'https://api.cloudflare.com/client/v4'
const DEFAULT_FILE = '.github/sleepwell.yml'
/** Stands where a commit id is missing; the problem beside it keeps the config from being used. */
const NO_SHA = shaSchema.parse('0'.repeat(40))

/** Everything that inputs, environment and files may say; nothing else is read. */
export interface Given {
  readonly inputs: Readonly<Record<string, string | undefined>>
  readonly env: Readonly<Record<string, string | undefined>>
  /** Text of a file, or `undefined` when there is none. */
  readFile(path: string): string | undefined
}

/** What has been read so far, and where the rest is read from. */
export interface Draft {
  readonly given: Given
  readonly reader: InputReader
  readonly event: EventPayload
  readonly secrets: string[]
}

export function readEnvironment({ reader }: Draft): string {
  const environment = reader.required('environment', 'Name the GitHub environment, for example production.')
  if (/[\r\n]/.test(environment) || environment.length > 255) reader.fail('environment', `is ${quote(environment)}; allowed: one line of at most 255 characters.`)
  return environment
}

export function readSha({ reader, given, event }: Draft): Sha {
  const found = reader.text('sha') ?? event.workflow_run?.head_sha ?? given.env['GITHUB_SHA'] ?? ''
  if (isSha(found)) return found
  reader.fail('sha', `is ${quote(found)}; allowed: a full commit id (40 lower-case hexadecimal digits), never a branch.`)
  return NO_SHA
}

export function readPlace({ reader, given }: Draft): WorkerConfigPlace {
  const workspace = workspaceOf(given)
  const workingDirectory = resolve(workspace, reader.text('working-directory') ?? '.')
  if (!isInside(workspace, workingDirectory)) reader.fail('working-directory', `is ${quote(reader.text('working-directory') ?? '.')}, which leads out of the repository; allowed: a folder inside it.`)
  const wranglerConfig = reader.text('wrangler-config')
  if (wranglerConfig !== undefined && !isInside(workspace, resolve(workingDirectory, wranglerConfig))) {
    reader.fail('wrangler-config', `is ${quote(wranglerConfig)}, which leads out of the repository; allowed: a file inside it.`)
  }
  return { workspace, workingDirectory, ...optional('wranglerConfig', wranglerConfig), ...optional('wranglerEnvironment', reader.text('wrangler-environment')) }
}

function workspaceOf({ env }: Given): string {
  return env['GITHUB_WORKSPACE'] ?? process.cwd()
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith('../') && !isAbsolute(way)
}

export function readGitHub({ reader, given: { env }, event }: Draft): GitHubConfig {
  const [owner = '', repo = ''] = (env['GITHUB_REPOSITORY'] ?? '').split('/')
  return {
    token: reader.text('github-token') ?? '',
    apiUrl: env['GITHUB_API_URL'] ?? 'https://api.github.com',
    serverUrl: env['GITHUB_SERVER_URL'] ?? 'https://github.com',
    owner,
    repo,
    repositoryId: Number(env['GITHUB_REPOSITORY_ID'] ?? event.repository?.id ?? 0),
    runId: Number(env['GITHUB_RUN_ID'] ?? 0),
    runAttempt: Number(env['GITHUB_RUN_ATTEMPT'] ?? 1),
    callerWorkflow: (env['GITHUB_WORKFLOW_REF'] ?? '').split('@')[0]?.split('/').slice(2).join('/') ?? '',
    eventName: env['GITHUB_EVENT_NAME'] ?? '',
    defaultBranch: event.repository?.default_branch ?? 'main',
  }
}

export function readCloudflare({ reader }: Draft): CloudflareConfig {
  const pitfall = 'In a called workflow an environment\'s secret arrives only when the caller maps it by name: `secrets: CLOUDFLARE_API_TOKEN: ${{ secrets.CLOUDFLARE_API_TOKEN }}`. A mistyped environment is created on the spot, without secrets.'
  const apiToken = reader.required('cloudflare-api-token', pitfall, 'token-missing')
  const accountId = readAccountId(reader)
  const base = reader.url('cloudflare-api-base-url')
  return { apiToken, accountId, apiBaseUrl: base === undefined ? CLOUDFLARE_API : base.href.replace(/\/+$/, '') }
}

export function readAccountId(reader: InputReader): string {
  const accountId = reader.required('cloudflare-account-id', 'Pass it from a variable: ${{ vars.CLOUDFLARE_ACCOUNT_ID }}.')
  // Not shown: people paste the token here.
  if (accountId !== '' && !/^[0-9a-f]{32}$/.test(accountId)) reader.fail('cloudflare-account-id', `has ${accountId.length} characters that are not shown; allowed: 32 lower-case hexadecimal digits.`)
  return accountId
}

const NO_LIMITS = { concurrency: 10, deadlineSeconds: 240 }

/**
 * A way back waits for no check: a file that is broken, or a variable that is not set, must not stand between a
 * person and the version from before. What is wrong is told, and the checks come to *unknown*.
 */
export function readFileOfWayBack(draft: Draft, keys: readonly (keyof SleepwellPart)[]): { readonly checks: ChecksConfig; readonly sinks: readonly SinkSpec[] } {
  const { problems } = draft.reader
  const before = problems.length
  const checks = readChecks(draft, readSleepwellFile(draft, keys))
  const found = problems.splice(before)
  // Read on its own: a chat's token that is not set costs the message, not the checks.
  const sinks = readSinks(draft, readSleepwellFile(draft, ['notify']))
  const more = problems.splice(before).filter((one) => !found.some(({ place, message }) => place === one.place && message === one.message))
  const told = { problems: [...found, ...more] }
  return { sinks, checks: found.length === 0 ? { ...checks, ...told } : { ...checks, ready: [], specs: [], ...told } }
}

/** Whom to tell; their tokens are masked, even those that were written down plainly. */
export function readSinks({ secrets }: Draft, { part }: FileReading): readonly SinkSpec[] {
  const sinks = (part.notify ?? []).map(sinkOf)
  secrets.push(...sinks.flatMap(secretsOf))
  return sinks
}

export function readChecks({ reader }: Draft, { part, isBroken }: FileReading): ChecksConfig {
  const hasUrl = reader.text('url') !== undefined
  const url = reader.url('url') ?? (part.url === undefined ? undefined : new URL(part.url))
  const path = reader.text('health-path')
  if (path !== undefined && !HEALTH_PATH.test(path)) reader.fail('health-path', `is ${quote(path)}; allowed: a path that begins with one slash and holds no blanks, such as /healthz.`)
  const specs = path === undefined ? (part.checks ?? []).map((check) => specOf(check, { proof: part.proof })) : [simpleSpec(path)]
  const ready = (part.ready ?? []).map((check) => specOf(check, { proof: part.proof, deadlineSeconds: READY_DEADLINE_SECONDS }))
  if (url === undefined && !hasUrl && !isBroken) reader.fail('url', 'is empty, and the file gives no `url`. Say where the Worker answers in production.')
  if (specs.length === 0 && !isBroken) reader.fail('health-path', 'is empty, and the file declares no `checks`. A deploy that nothing checks is not safe: declare at least one.')
  return { baseUrl: url ?? new URL('https://invalid.example'), ready, specs, ...(part.limits ?? NO_LIMITS), preExisting: part.preExisting ?? 'warn', problems: [] }
}

export function readGate({ reader }: Draft, { part, isBroken }: FileReading): GateRules {
  const jobs = reader.lines('required-jobs')
  if (reader.choice('gate', ['workflows', 'needs'], 'workflows') === 'needs') {
    if (jobs.length === 0) reader.fail('required-jobs', 'is empty, but the gate is "needs". Name the test jobs of this workflow, one a line.')
    return { kind: 'needs', jobs }
  }
  const given = reader.lines('test-workflows')
  for (const path of given) {
    if (!/^\.github\/workflows\/[\w.-]+\.ya?ml$/.test(path)) reader.fail('test-workflows', `is ${quote(path)}; allowed: paths such as .github/workflows/test.yml, one a line.`)
  }
  const fromFile = (part.gate?.workflows ?? []).map(({ path, events, jobs: requiredJobs }) => ({ path, events, requiredJobs }))
  const workflows = given.length === 0 ? fromFile : given.map((path) => ({ path, events: ['push', 'merge_group'], requiredJobs: jobs }))
  if (workflows.length === 0 && !isBroken) reader.fail('test-workflows', 'is empty, and the file names no `gate.workflows`. Name the workflow whose success lets a commit deploy.')
  return { kind: 'workflows', workflows }
}

/** What sleepwell.yml says; a broken one says nothing, and has its problems noted already. */
export interface FileReading {
  readonly part: SleepwellPart
  readonly isBroken: boolean
}

/** Only a file that was named must be there; without the default one, the inputs have to say it all. */
export function readSleepwellFile(draft: Draft, keys: readonly (keyof SleepwellPart)[]): FileReading {
  const { reader, given, secrets } = draft
  const path = reader.text('config') ?? DEFAULT_FILE
  const workspace = workspaceOf(given)
  if (!isInside(workspace, resolve(workspace, path))) {
    reader.fail('config', `is ${quote(path)}, which leads out of the repository; allowed: a file inside it.`)
    return { part: {}, isBroken: true }
  }
  const text = given.readFile(join(workspace, path))
  if (text === undefined) {
    const isNamed = path !== DEFAULT_FILE
    if (isNamed) reader.fail('config', `names ${quote(path)}, which is not there; give a path from the repository's root.`)
    return { part: {}, isBroken: isNamed }
  }
  const parsed = parseFile(path, text, { environment: reader.text('environment') ?? '', keys, variables: { ...given.env, ...readSecretLines(draft, 'CHECK_SECRETS') } })
  reader.problems.push(...parsed.problems)
  secrets.push(...parsed.secrets)
  return { part: parsed.part ?? {}, isBroken: parsed.problems.length > 0 }
}

/** A secret that holds one `NAME=value` a line; each value is masked on its own. */
export function readSecretLines({ reader, given, secrets }: Draft, variable: 'BUILD_SECRETS' | 'CHECK_SECRETS'): Readonly<Record<string, string>> {
  const lines = (given.env[variable] ?? '').split('\n').filter((line) => line.trim() !== '')
  const pairs = lines.map((line, index): [string, string] => {
    const [name = '', ...rest] = line.split('=')
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || rest.length === 0) {
      reader.problems.push({ code: 'config-invalid', place: `${variable}, line ${index + 1}`, message: 'is not NAME=value; allowed: one such pair a line, the name of letters, digits and underscores.' })
    }
    return [name, rest.join('=')]
  })
  secrets.push(...pairs.map(([, value]) => value).filter((value) => value !== ''))
  return Object.fromEntries(pairs)
}

export function fileAt(given: Given, variable: string): string | undefined {
  const path = given.env[variable]
  return path === undefined || path === '' ? undefined : given.readFile(path)
}

/** A key that is absent rather than undefined, as exactOptionalPropertyTypes wants it. */
export function optional<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [name in Key]?: Value } {
  const record: { [name in Key]?: Value } = {}
  if (value !== undefined) record[key] = value
  return record
}
