import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { dirname, resolve as resolvePath } from 'node:path'
import { digestOf, type Artifact, type ArtifactStore } from './artifacts.ts'
import type { Machine } from './machine.ts'
import { unsupported } from './unsupported.ts'
import type { LocalRepository } from './workflow-tree.ts'

export interface StandInCall {
  /** `with:` as given, names in lower case. */
  readonly inputs: Readonly<Record<string, string>>
  readonly machine: Machine
  readonly artifacts: ArtifactStore
  readonly repositories: Readonly<Record<string, LocalRepository>>
  readonly repository: string
  readonly sha: string
  readonly log: (line: string) => void
}

export interface StandInResult {
  readonly outputs?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly path?: readonly string[]
}

/** Does what a third-party action does, on this disk. It throws to fail the step, with the message to show. */
export type StandIn = (call: StandInCall) => Promise<StandInResult>

/** The well-known actions that every workflow uses; a test may add its own by `owner/name[/path]`. */
export const STAND_INS: Readonly<Record<string, StandIn>> = {
  'actions/checkout': checkout,
  'actions/setup-node': setUpNode,
  'actions/upload-artifact': uploadArtifact,
  'actions/download-artifact': downloadArtifact,
}

async function checkout({ inputs, machine, repositories, repository, sha, log }: StandInCall): Promise<StandInResult> {
  const known = ['repository', 'ref', 'path', 'token', 'persist-credentials', 'fetch-depth', 'fetch-tags', 'clean']
  requireKnown(inputs, known, 'actions/checkout')
  const wanted = inputs['repository'] || repository
  const local = repositories[wanted]
  if (local === undefined) throw new Error(`Not Found: no local folder was given for the repository ${wanted}`)
  const ref = inputs['ref'] || (wanted === repository ? sha : 'HEAD')
  const target = resolvePath(machine.workspace, inputs['path'] ?? '.')
  rmSync(target, { recursive: true, force: true })
  mkdirSync(dirname(target), { recursive: true })
  git(['clone', '--quiet', '--no-checkout', '--no-hardlinks', local.directory, target])
  git(['-C', target, 'checkout', '--quiet', '--detach', ref.replace(/^refs\/heads\//, 'origin/')])
  git(['-C', target, 'remote', 'set-url', 'origin', `https://github.com/${wanted}`])
  const commit = git(['-C', target, 'rev-parse', 'HEAD']).trim()
  log(`HEAD is now at ${commit}`)
  return { outputs: { ref, commit } }
}

function git(parameters: readonly string[]): string {
  return execFileSync('git', ['-c', 'safe.directory=*', ...parameters], { encoding: 'utf8', stdio: 'pipe' })
}

async function setUpNode({ inputs, machine, log }: StandInCall): Promise<StandInResult> {
  const known = ['node-version', 'node-version-file', 'check-latest', 'cache', 'cache-dependency-path', 'package-manager-cache']
  requireKnown(inputs, known, 'actions/setup-node')
  const version = process.version.replace('v', '')
  log(`Found in cache @ ${machine.toolCache}: node ${version}`)
  return { outputs: { 'node-version': `v${version}`, 'cache-hit': 'false' }, path: [machine.toolCache] }
}

async function uploadArtifact({ inputs, machine, artifacts, log }: StandInCall): Promise<StandInResult> {
  const options = ['if-no-files-found', 'retention-days', 'compression-level', 'overwrite', 'include-hidden-files']
  requireKnown(inputs, ['name', 'path', ...options], 'actions/upload-artifact')
  const lines = (inputs['path'] ?? '').split('\n').map((line) => line.trim())
  const paths = lines.filter((line) => line !== '').map((line) => literalPath(machine.workspace, line))
  const name = inputs['name'] ?? 'artifact'
  const hidden = inputs['include-hidden-files'] === 'true'
  const saved = artifacts.save(name, paths, { hidden, overwrite: inputs['overwrite'] === 'true' })
  if (saved === undefined) {
    const message = `No files were found with the provided path: ${lines.join(' ')}. No artifacts will be uploaded.`
    if (inputs['if-no-files-found'] === 'error') throw new Error(message)
    if (inputs['if-no-files-found'] !== 'ignore') log(`##[warning]${message}`)
    return {}
  }
  log(`Artifact ${name} has been successfully uploaded: ${saved.files.length} files, SHA256 ${saved.digest}`)
  return { outputs: { 'artifact-id': saved.id, 'artifact-digest': saved.digest } }
}

/** A pattern would need the action's own glob library: named instead of guessed. */
function literalPath(workspace: string, path: string): string {
  if (/[*?[\]]|^!/.test(path)) throw unsupported(`actions/upload-artifact with a pattern: ${path}`)
  return resolvePath(workspace, path)
}

async function downloadArtifact({ inputs, machine, artifacts, log }: StandInCall): Promise<StandInResult> {
  requireKnown(inputs, ['name', 'artifact-ids', 'path', 'merge-multiple', 'digest-mismatch'], 'actions/download-artifact')
  const target = resolvePath(machine.workspace, inputs['path'] ?? '.')
  for (const artifact of wantedArtifacts(inputs, artifacts)) {
    const intact = digestOf(artifact.directory, artifact.files) === artifact.digest
    const message = `The digest of the downloaded artifact ${artifact.name} does not match the expected value`
    if (!intact && inputs['digest-mismatch'] !== 'warn') throw new Error(message)
    if (!intact) log(`##[warning]${message}`)
    if (existsSync(target) && !statSync(target).isDirectory()) throw new Error(`${target} is not a folder`)
    cpSync(artifact.directory, target, { recursive: true, force: true })
    log(`Artifact ${artifact.name} downloaded to ${target}`)
  }
  return { outputs: { 'download-path': target } }
}

function wantedArtifacts(inputs: Readonly<Record<string, string>>, artifacts: ArtifactStore): readonly Artifact[] {
  const name = inputs['name']
  const ids = (inputs['artifact-ids'] ?? '').split(',').map((id) => id.trim()).filter((id) => id !== '')
  if ((name === undefined) === (ids.length === 0)) {
    throw unsupported('actions/download-artifact with neither or both of name and artifact-ids')
  }
  if (ids.length > 1) throw unsupported('actions/download-artifact with several artifact ids')
  const found = name === undefined ? ids.map((id) => artifacts.byId(id)) : [artifacts.find(name)]
  return found.map((artifact) => {
    if (artifact !== undefined) return artifact
    throw new Error(`Unable to download artifact(s): Artifact not found for name or id: ${name ?? ids.join(', ')}`)
  })
}

function requireKnown(inputs: Readonly<Record<string, string>>, known: readonly string[], action: string): void {
  const strange = Object.keys(inputs).filter((name) => !known.includes(name))
  if (strange.length > 0) throw unsupported(`${action} with the input ${strange.join(', ')}`)
}
