import { isSha, isVersionId } from './core/ids.ts'
import { PRESET_NAMES } from './core/presets.ts'
import { isSteering, steeringSchema } from './core/steering.ts'
import type { Command, Config } from './inputs/config.ts'
import { readEvent, refuseEvent } from './inputs/event.ts'
import { freezeOf } from './inputs/freeze.ts'
import type { Problem } from './inputs/problems.ts'
import { readInputs, type InputReader } from './inputs/reader.ts'
import { problemOfRollout, rolloutOf } from './inputs/rollout.ts'
import {
  fileAt,
  optional,
  readAccountId,
  readSecretLines,
  readChecks,
  readFileOfWayBack,
  readCloudflare,
  readEnvironment,
  readGate,
  readGitHub,
  readPlace,
  readSha,
  readSinks,
  readSleepwellFile,
  type Draft,
  type Given,
} from './inputs/sections.ts'

export type { Given } from './inputs/sections.ts'

const COMMANDS: readonly [Command, ...Command[]] = ['gate', 'build', 'deploy', 'rollback', 'recover', 'check', 'steer']
const CHECK_KEYS = ['url', 'proof', 'ready', 'checks', 'limits', 'preExisting'] as const
const DEPLOY_KEYS = [...CHECK_KEYS, 'gate', 'rollout', 'freeze', 'drift', 'notify', 'triggers'] as const
const MINUTE_RANGE = { min: 0.05, max: 120 }

export type Parsed =
  | { readonly kind: 'ok'; readonly config: Config; readonly secrets: readonly string[] }
  | { readonly kind: 'bad'; readonly problems: readonly Problem[]; readonly secrets: readonly string[] }

/** The only interpreter of what people configure: strings in, a config out, or every problem at once. */
export function parseInputs(given: Given): Parsed {
  const reader = readInputs(given.inputs)
  const draft: Draft = { given, reader, event: readEvent(fileAt(given, 'GITHUB_EVENT_PATH')), secrets: [] }
  for (const name of ['cloudflare-api-token', 'github-token']) {
    const secret = reader.text(name)
    if (secret !== undefined) draft.secrets.push(secret)
  }
  const command = reader.choice('command', COMMANDS, 'deploy')
  if (reader.text('command') === undefined) reader.fail('command', `is empty; allowed: ${COMMANDS.join(', ')}.`)
  const config = configFor(command, draft)
  const problems = reader.problems.map((problem) => ({ ...problem, message: withoutSecrets(problem.message, draft.secrets) }))
  if (problems.length > 0) return { kind: 'bad', problems, secrets: draft.secrets }
  return { kind: 'ok', config, secrets: draft.secrets }
}

/** Whatever a message quotes, it never shows a secret, masked by the runner or not. */
function withoutSecrets(message: string, secrets: readonly string[]): string {
  return secrets.filter((secret) => secret.length > 3).reduce((text, secret) => text.replaceAll(secret, '***'), message)
}

export type JobStatus = 'success' | 'failure' | 'cancelled'

/** How the job stands; `post` asks, since the runner evaluates an input's default anew for it. */
export function readJobStatus(inputs: Given['inputs']): JobStatus | undefined {
  const seen = inputs['job-status']?.trim()
  return (['success', 'failure', 'cancelled'] as const).find((status) => status === seen)
}

function configFor(command: Command, draft: Draft): Config {
  const { reader } = draft
  if (command !== 'build' && command !== 'check') reader.required('github-token', 'Leave it out, and it is the token of the job.')
  const common = { github: readGitHub(draft), place: readPlace(draft), temporaryDirectory: draft.given.env['RUNNER_TEMP'] ?? '/tmp' }
  switch (command) {
    case 'build':
      return { command, ...common, ...optional('installCommand', reader.text('install-command')), ...optional('buildCommand', reader.text('build-command')), ...optional('wranglerDirectory', reader.text('wrangler-directory')), buildSecrets: readSecretLines(draft, 'BUILD_SECRETS') }
    case 'gate': {
      const file = readSleepwellFile(draft, ['gate'])
      const timeoutMinutes = reader.amount('gate-timeout-minutes', 'minutes', { ...MINUTE_RANGE, fallback: 30 })
      const discoveryTimeoutMinutes = reader.amount('discovery-timeout-minutes', 'minutes', { ...MINUTE_RANGE, fallback: 10 })
      return { command, ...common, environment: readEnvironment(draft), sha: readSha(draft), gate: readGate(draft, file), timeoutMinutes, discoveryTimeoutMinutes }
    }
    case 'check':
      return { command, ...common, checks: readChecks(draft, readSleepwellFile(draft, CHECK_KEYS)), ...readVersionToCheck(reader), ...(reader.text('cloudflare-api-token') === undefined ? {} : { cloudflare: readCloudflare(draft) }) }
    case 'deploy':
      return { command, ...common, ...readDeploy(draft) }
    case 'recover':
      return { command, ...common, dryRun: reader.flag('dry-run'), environment: readEnvironment(draft), sha: readSha(draft), cloudflare: readCloudflare(draft), ...readFileOfWayBack(draft, CHECK_KEYS) }
    case 'rollback':
      return { command, ...common, ...readRollback(draft) }
    case 'steer':
      return { command, ...common, ...readSteer(draft) }
  }
}

function readVersionToCheck(reader: InputReader) {
  const id = reader.matching('version', isVersionId, 'a version id (a UUID)')
  if (id === undefined) return {}
  return { version: { id, worker: reader.required('worker', 'Name the Worker whose version is asked for: the override header needs it.') } }
}

function readDeploy(draft: Draft) {
  const { reader, given, event } = draft
  const eventName = given.env['GITHUB_EVENT_NAME'] ?? ''
  if (given.env['GITHUB_ACTIONS'] !== 'true') {
    const message = 'is not GitHub Actions. Deploys come from CI only, so that each has a gate, a lock and a record.'
    reader.problems.push({ code: 'not-in-actions', place: 'the environment', message })
  }
  const refused = refuseEvent(eventName, event)
  if (refused !== undefined) reader.problems.push(refused)
  const file = readSleepwellFile(draft, DEPLOY_KEYS)
  const directory = reader.text('build-directory')
  const digest = reader.matching('build-digest', (text): text is string => /^[0-9a-f]{64}$/.test(text), '64 hexadecimal digits')
  if (directory !== undefined && digest === undefined) reader.fail('build-digest', 'is empty, but input "build-directory" is given. Pass the digest that the build command gave.')
  const reason = readFullDeployReason(reader, eventName)
  const checks = readChecks(draft, file)
  const preset = reader.text('rollout') === undefined ? undefined : reader.choice('rollout', PRESET_NAMES, 'canary')
  const rollout = rolloutOf({ preset, file: file.part.rollout, proof: file.part.proof, checks: checks.specs })
  const misfit = problemOfRollout(rollout)
  // The file alone was looked at when it was read.
  if (preset !== undefined && misfit !== undefined) reader.fail('rollout', `is "${preset}" over what the file says; ${misfit}.`)
  return {
    dryRun: reader.flag('dry-run'),
    environment: readEnvironment(draft),
    sha: readSha(draft),
    ...optional('expectedWorker', reader.text('worker')),
    ...(directory === undefined || digest === undefined ? {} : { build: { directory, digest } }),
    ...optional('wranglerDirectory', reader.text('wrangler-directory')),
    gate: readGate(draft, file),
    cloudflare: readCloudflare(draft),
    checks,
    sinks: readSinks(draft, file),
    rollout,
    drift: reader.choice('drift', ['warn', 'refuse'], file.part.drift ?? 'warn'),
    triggers: reader.choice('triggers', ['apply', 'skip'], file.part.triggers ?? 'apply'),
    ...optional('fullDeployReason', reason),
    releaseHold: reader.flag('release-hold'),
    freeze: (file.part.freeze ?? []).map(freezeOf),
    ...optional('freezeOverride', readFreezeOverride(reader, eventName)),
    actor: readActor(given),
  }
}

function readFullDeployReason(reader: InputReader, eventName: string): string | undefined {
  const reason = reader.text('full-deploy-reason')
  if (reader.choice('full-deploy', ['refuse', 'allow'], 'refuse') === 'refuse') return undefined
  if (reason === undefined) reader.fail('full-deploy-reason', 'is empty. A full deploy has no way back: say why it is right this time.')
  if (eventName !== 'workflow_dispatch') reader.fail('full-deploy', `is "allow" on the event ${eventName}; only a person may allow it (workflow_dispatch).`)
  return reason ?? ''
}

/** A standing override would be no freeze at all, so only a person may say it, and says why. */
function readFreezeOverride(reader: InputReader, eventName: string): string | undefined {
  const reason = reader.text('freeze-override')
  if (reason !== undefined && eventName !== 'workflow_dispatch') reader.fail('freeze-override', `is given on the event ${eventName}; only a person may override a freeze (workflow_dispatch).`)
  return reason
}

function readRollback(draft: Draft) {
  const { reader, given } = draft
  const holdHours = reader.amount('hold-hours', 'hours', { min: 0, max: 8760, fallback: 72 })
  const versionId = reader.matching('version', isVersionId, 'a version id (a UUID)')
  const sha = reader.matching('commit', isSha, 'a full commit id (40 hexadecimal digits)')
  if (versionId !== undefined && sha !== undefined) reader.fail('commit', 'is given beside input "version"; give one of them.')
  const target =
    versionId !== undefined ? ({ kind: 'version', versionId } as const) : sha === undefined ? ({ kind: 'known-good' } as const) : ({ kind: 'commit', sha } as const)
  return {
    dryRun: reader.flag('dry-run'),
    environment: readEnvironment(draft),
    reason: reader.required('reason', 'Say why production goes back; it goes into the hold and the record.'),
    target,
    release: reader.flag('release'),
    ...(holdHours === 0 ? {} : { holdHours }),
    actor: readActor(given),
    cloudflare: readCloudflare(draft),
    ...readFileOfWayBack(draft, CHECK_KEYS),
  }
}

/** Who pressed the button, which need not be who made the run first. */
function readActor({ env }: Given): string {
  return env['GITHUB_TRIGGERING_ACTOR'] ?? env['GITHUB_ACTOR'] ?? 'unknown'
}

function readSteer(draft: Draft) {
  const { reader, given } = draft
  const allowed = steeringSchema.options.join(', ')
  if (reader.text('steer') === undefined) reader.fail('steer', `is empty; allowed: ${allowed}.`)
  return {
    dryRun: reader.flag('dry-run'),
    environment: readEnvironment(draft),
    steering: reader.matching('steer', isSteering, allowed) ?? 'pause',
    reason: reader.required('reason', 'Say why; it goes into the record.'),
    actor: readActor(given),
    accountId: readAccountId(reader),
  }
}
