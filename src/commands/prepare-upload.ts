import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { formatMarker } from '../core/marker.ts'
import type { Observation } from '../core/rollout/state.ts'
import type { DeployConfig } from '../inputs/config.ts'
import { openBuild } from '../shell/build-directory.ts'
import { openWrangler, type Wrangler, type WranglerTarget } from '../shell/wrangler.ts'
import { provideWrangler } from '../shell/wrangler/provide.ts'
import { writeDeployableConfig } from '../shell/wrangler-config.ts'
import type { ForwardMeans } from './carry-out.ts'
import type { Session } from './session.ts'

export type PreparedUpload =
  | { readonly kind: 'ok'; readonly forward: ForwardMeans & AsyncDisposable }
  | { readonly kind: 'refused'; readonly code: 'build-refused' | 'wrangler-too-old' | 'wrangler-not-installed'; readonly message: string }

/** Gets wrangler and the build ready, so that whatever is missing is known before anything changes. */
export async function prepareUpload(session: Session<DeployConfig>): Promise<PreparedUpload> {
  const { config, runner, stop, variables } = session
  await mkdir(config.temporaryDirectory, { recursive: true })
  const directory = await mkdtemp(join(config.temporaryDirectory, 'sleepwell-upload-'))
  const target = await findTarget(session, directory)
  if (target.kind === 'refused') return target
  const provided = await provideWrangler({
    workingDirectory: config.place.workingDirectory,
    root: config.place.workspace,
    directory,
    variables,
    log: (line) => runner.log(line),
    stop,
    ...(config.wranglerDirectory === undefined ? {} : { packageDirectory: config.wranglerDirectory }),
  })
  if (provided.kind === 'failed') return { kind: 'refused', code: provided.code, message: provided.message }
  const wrangler = await openWrangler({
    executable: provided.executable,
    accountId: config.cloudflare.accountId,
    token: config.cloudflare.apiToken,
    apiBaseUrl: config.cloudflare.apiBaseUrl,
    variables,
    log: (line) => runner.log(line),
    mask: session.redact,
    stop,
  })
  return { kind: 'ok', forward: forwardMeans(session, wrangler, { target: target.target, directory }) }
}

type Target = { readonly kind: 'ok'; readonly target: WranglerTarget } | Extract<PreparedUpload, { kind: 'refused' }>

/** What the build job handed over, or, without one, the workspace as it is. */
async function findTarget({ config, worker }: Session<DeployConfig>, directory: string): Promise<Target> {
  const environment = worker.worker.environment === undefined ? {} : { environment: worker.worker.environment }
  if (config.build === undefined) return { kind: 'ok', target: { configPath: worker.path, ...environment } }
  const { directory: build, digest } = config.build
  const opened = await openBuild(build, digest)
  if (opened.kind === 'refused') return { kind: 'refused', code: 'build-refused', message: opened.message }
  const { entry, hasAssets } = opened.manifest
  const parts = { entry: join(build, 'bundle', entry), ...(hasAssets ? { assetsDirectory: join(build, 'assets') } : {}) }
  return { kind: 'ok', target: { configPath: await writeDeployableConfig(worker, parts, directory), ...environment } }
}

function forwardMeans(session: Session<DeployConfig>, wrangler: Wrangler, at: { target: WranglerTarget; directory: string }): ForwardMeans & AsyncDisposable {
  const { config, marker, worker, runner, cloudflare, script } = session
  const labels = { tag: config.sha, message: `${formatMarker(marker)} ${config.sha}` }
  return {
    async upload(): Promise<Observation> {
      const uploaded = await wrangler.uploadVersion(at.target, labels)
      if (uploaded.kind === 'uploaded') return { kind: 'uploaded', candidate: uploaded.versionId }
      if (uploaded.kind === 'failed') runner.warn(`The upload failed (${uploaded.code}): ${uploaded.message}`)
      return { kind: 'upload-failed', retriable: uploaded.kind === 'failed' && uploaded.retriable }
    },
    async deployFully(): Promise<Observation> {
      const deployed = await wrangler.deployFully(at.target, labels)
      if (deployed.kind === 'deployed') return { kind: 'deployed-fully', candidate: deployed.versionId }
      if (deployed.kind === 'failed') runner.warn(`wrangler deploy failed (${deployed.code}): ${deployed.message}`)
      return { kind: 'full-deploy-failed' }
    },
    async applyTriggers(): Promise<boolean> {
      const applied = await wrangler.applyTriggers(at.target)
      if (applied.kind === 'failed') runner.warn(`The triggers were not applied (${applied.code}): ${applied.message}`)
      const { settings } = worker.worker
      if (applied.kind !== 'applied' || Object.keys(settings).length === 0) return applied.kind === 'applied'
      const set = await cloudflare.applyScriptSettings(script, settings)
      if (set.kind !== 'accepted') runner.warn(`The Worker's settings were not applied: ${set.message}`)
      return set.kind === 'accepted'
    },
    async [Symbol.asyncDispose]() {
      await wrangler[Symbol.asyncDispose]()
      await rm(at.directory, { recursive: true, force: true })
    },
  }
}
