import type { AssetSessions } from './assets.ts'
import { resolveBindings } from './bindings.ts'
import { deploy } from './deployments.ts'
import { migratedClasses, provisionExports } from './durable-objects.ts'
import * as errors from './errors.ts'
import type { Metadata } from './metadata.ts'
import { exportedNames } from './module-check.ts'
import { newScript, scriptNamed, type Author, type DurableObjectClass, type Plane, type ScriptState } from './state.ts'
import type { CodeUpdateStrategy, Version } from './types.ts'
import type { Upload } from './uploads.ts'
import { addVersion } from './versions.ts'

export interface ScriptUpload {
  readonly plane: Plane
  readonly assets: AssetSessions
  readonly name: string
  readonly upload: Upload
  readonly author: Author
  readonly strictInherit: boolean
}

/** `POST versions`: a version that serves nobody yet. The Worker must exist, and nothing may migrate. */
export async function uploadVersion(request: ScriptUpload): Promise<Version> {
  const { plane, upload } = request
  const script = scriptNamed(plane, request.name)
  if (upload.metadata.migrations !== undefined) throw errors.migrationInVersionUpload()
  await checkExports(script.durableObjectClasses, upload)
  return addUpload(request, script, { classes: script.durableObjectClasses, triggeredBy: 'version_upload' })
}

/**
 * `PUT script`: creates the Worker if it is new, applies migrations, and deploys the version to all
 * traffic in one call (docs "Durable Objects migrations": migrations are never gradual).
 */
export async function uploadScript(request: ScriptUpload): Promise<{ script: ScriptState; version: Version }> {
  const { plane, upload } = request
  const { metadata } = upload
  const script = plane.account.scripts.get(request.name) ?? newScript(plane, request.name)
  const classes = migratedClasses(plane, script, metadata.migrations)
  provisionExports(plane, classes, metadata.exports)
  await checkExports(classes, upload)
  const before = script.migrationTag
  script.migrationTag = metadata.migrations?.new_tag ?? before
  const version = addUploadOr(() => (script.migrationTag = before), request, script, classes)
  replaceAll(script.durableObjectClasses, classes)
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

function addUploadOr(
  undo: () => void,
  request: ScriptUpload,
  script: ScriptState,
  classes: Map<string, DurableObjectClass>,
): Version {
  try {
    return addUpload(request, script, { classes, triggeredBy: 'upload' })
  } catch (error) {
    undo()
    throw error
  }
}

function addUpload(
  request: ScriptUpload,
  script: ScriptState,
  { classes, triggeredBy }: { classes: Map<string, DurableObjectClass>; triggeredBy: string },
): Version {
  const { metadata, modules, mainModule } = request.upload
  const [previous] = script.versions
  return addVersion(request.plane, script, {
    author: request.author,
    triggeredBy,
    tag: metadata.annotations?.['workers/tag'],
    message: metadata.annotations?.['workers/message'],
    mainModule,
    modules,
    bindings: resolveBindings(metadata, {
      account: request.plane.account,
      script: request.name,
      classes,
      previous,
      strictInherit: request.strictInherit,
    }),
    compatibilityDate: metadata.compatibility_date ?? '2021-11-02',
    compatibilityFlags: metadata.compatibility_flags ?? [],
    assets: assetsOf(request, previous),
    containers: metadata.containers,
    exports: metadata.exports,
  })
}

function assetsOf(request: ScriptUpload, previous: Version | undefined): Version['assets'] {
  const { assets, keep_assets: keepAssets } = request.upload.metadata
  if (assets === undefined) return keepAssets === true ? previous?.assets : undefined
  const files = assets.jwt === undefined ? (previous?.assets?.files ?? []) : request.assets.filesOf(request.name, assets.jwt)
  return { config: assets.config ?? {}, files }
}

/** A Durable Object class that has a namespace must be exported by whatever code comes next. */
async function checkExports(classes: ReadonlyMap<string, DurableObjectClass>, upload: Upload): Promise<void> {
  const names = await exportedNames(upload)
  const [lost] = [...classes.keys()].filter((name) => !names.includes(name))
  if (lost !== undefined && names.length > 0) throw errors.classNoLongerExported(lost)
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
