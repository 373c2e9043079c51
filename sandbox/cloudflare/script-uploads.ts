import type { AssetSessions } from './assets.ts'
import { resolveBindings } from './bindings.ts'
import { deploy } from './deployments.ts'
import { migratedClasses, provisionExports } from './durable-objects.ts'
import * as errors from './errors.ts'
import type { Metadata } from './metadata.ts'
import { checkStartUp } from './start-up.ts'
import { newScript, scriptNamed, type Author, type DurableObjectClass, type Plane, type ScriptState } from './state.ts'
import type { Binding, CodeUpdateStrategy, Version } from './types.ts'
import type { Upload } from './uploads.ts'
import { addVersion, type VersionDraft } from './versions.ts'

export interface ScriptUpload {
  readonly plane: Plane
  readonly assets: AssetSessions
  readonly name: string
  readonly upload: Upload
  readonly author: Author
  readonly strictInherit: boolean
}

/** What an upload comes to, before anything is changed. */
interface Plan {
  readonly script: ScriptState
  readonly classes: Map<string, DurableObjectClass>
  readonly migrationTag: string | undefined
  readonly bindings: readonly Binding[]
}

/** `POST versions`: a version that serves nobody yet. The Worker must exist, and nothing may migrate. */
export async function uploadVersion(request: ScriptUpload): Promise<Version> {
  if (request.upload.metadata.migrations !== undefined) {
    scriptNamed(request.plane, request.name)
    throw errors.migrationInVersionUpload()
  }
  await checkCode(request, planVersion(request))
  // Planned anew: another upload may have come in while the code was started.
  const plan = planVersion(request)
  return addVersion(request.plane, plan.script, draftOf(request, plan, 'version_upload'))
}

/**
 * `PUT script`: creates the Worker if it is new, applies migrations, and deploys the version to all
 * traffic in one call (docs "Durable Objects migrations": migrations are never gradual).
 */
export async function uploadScript(request: ScriptUpload): Promise<{ script: ScriptState; version: Version }> {
  const { plane } = request
  const { metadata } = request.upload
  await checkCode(request, planScript(request))
  const plan = planScript(request)
  const { script } = plan
  const version = addVersion(plane, script, draftOf(request, plan, 'upload'))
  script.migrationTag = plan.migrationTag
  replaceAll(script.durableObjectClasses, plan.classes)
  applySettings(script, metadata)
  plane.account.scripts.set(script.name, script)
  await deploy(plane, script, {
    versions: [{ versionId: version.id, percentage: 100 }],
    author: request.author,
    message: metadata.annotations?.['workers/message'],
    force: true,
    codeUpdateStrategy: strategyOf(metadata.code_update_strategy),
    triggeredBy: 'upload',
  })
  return { script, version }
}

export function strategyOf(sent: Metadata['code_update_strategy']): CodeUpdateStrategy | undefined {
  if (sent === undefined || sent.mode === 'immediate') return sent
  return { mode: 'deferred', maxDelaySeconds: sent.max_delay }
}

function planVersion(request: ScriptUpload): Plan {
  const script = scriptNamed(request.plane, request.name)
  const classes = script.durableObjectClasses
  return { script, classes, migrationTag: script.migrationTag, bindings: bindingsOf(request, script, classes) }
}

function planScript(request: ScriptUpload): Plan {
  const { migrations, exports } = request.upload.metadata
  const script = request.plane.account.scripts.get(request.name) ?? newScript(request.plane, request.name)
  const classes = migratedClasses(request.plane, script, migrations)
  provisionExports(request.plane, classes, exports)
  const migrationTag = migrations?.new_tag ?? script.migrationTag
  return { script, classes, migrationTag, bindings: bindingsOf(request, script, classes) }
}

function bindingsOf(request: ScriptUpload, script: ScriptState, classes: Plan['classes']): readonly Binding[] {
  return resolveBindings(request.upload.metadata, {
    account: request.plane.account,
    script: request.name,
    classes,
    previous: script.versions[0],
    strictInherit: request.strictInherit,
  })
}

function checkCode(request: ScriptUpload, plan: Plan): Promise<void> {
  return checkStartUp({
    ...request.upload,
    ...compatibilityOf(request.upload.metadata),
    bindings: plan.bindings,
    classNames: [...plan.classes.keys()],
  })
}

function draftOf(request: ScriptUpload, plan: Plan, triggeredBy: string): VersionDraft {
  const { metadata, modules, mainModule } = request.upload
  return {
    author: request.author,
    triggeredBy,
    tag: metadata.annotations?.['workers/tag'],
    message: metadata.annotations?.['workers/message'],
    mainModule,
    modules,
    bindings: plan.bindings,
    ...compatibilityOf(metadata),
    assets: assetsOf(request, plan.script.versions[0]),
    migrationTag: plan.migrationTag,
    containers: metadata.containers,
    exports: metadata.exports,
  }
}

/** Docs "Compatibility dates": without one, the oldest. */
function compatibilityOf(metadata: Metadata) {
  return {
    compatibilityDate: metadata.compatibility_date ?? '2021-11-02',
    compatibilityFlags: metadata.compatibility_flags ?? [],
  }
}

function assetsOf(request: ScriptUpload, previous: Version | undefined): Version['assets'] {
  const { assets, keep_assets: keepAssets } = request.upload.metadata
  if (assets === undefined) return keepAssets === true ? previous?.assets : undefined
  const files =
    assets.jwt === undefined ? (previous?.assets?.files ?? []) : request.assets.filesOf(request.name, assets.jwt)
  return { config: assets.config ?? {}, files }
}

function applySettings(script: ScriptState, metadata: Metadata): void {
  script.settings.logpush = metadata.logpush ?? false
  script.settings.observability = metadata.observability
  script.settings.tail_consumers = metadata.tail_consumers ?? []
  script.settings.streaming_tail_consumers = metadata.streaming_tail_consumers ?? []
  script.settings.tags = metadata.tags ?? script.settings.tags
}

function replaceAll<K, V>(target: Map<K, V>, source: ReadonlyMap<K, V>): void {
  const entries = [...source]
  target.clear()
  for (const [key, value] of entries) target.set(key, value)
}
