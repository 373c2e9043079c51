import { deploy } from './deployments.ts'
import * as errors from './errors.ts'
import { isSecret } from './secret-values.ts'
import type { Author, Plane, ScriptState } from './state.ts'
import type { Binding, Version } from './types.ts'
import { addVersion } from './versions.ts'

/** By name; `null` deletes. */
export type SecretChanges = Readonly<Record<string, string | null>>

/**
 * `secret put`, `delete` and `bulk`: a version derived from the newest one, deployed at once. Docs
 * "Secrets": only while the newest version is the deployed one; `refusal` is each endpoint's own code.
 */
export async function deploySecrets(
  plane: Plane,
  script: ScriptState,
  edit: { readonly changes: SecretChanges; readonly author: Author; readonly refusal: () => errors.ApiError },
): Promise<Version> {
  const newest = newestVersion(script)
  const live = script.deployments[0]?.versions ?? []
  const isLive = live.some((share) => share.versionId === newest.id && share.percentage === 100)
  if (!isLive) throw edit.refusal()
  return deriveAndDeploy(plane, script, { ...edit, base: newest })
}

/** Makes the derived version and gives it all traffic, whatever was live. */
export async function deriveAndDeploy(
  plane: Plane,
  script: ScriptState,
  edit: { readonly base: Version; readonly changes: SecretChanges; readonly author: Author },
): Promise<Version> {
  const version = deriveVersion(plane, script, edit)
  await deploy(plane, script, {
    versions: [{ versionId: version.id, percentage: 100 }],
    author: edit.author,
    triggeredBy: 'secret',
  })
  return version
}

/** A new version that is the base with other secrets (docs "Secrets", "Adding secrets to your project"). */
export function deriveVersion(
  plane: Plane,
  script: ScriptState,
  edit: {
    readonly base: Version
    readonly changes: SecretChanges
    readonly author: Author
    readonly tag?: string | undefined
    readonly message?: string | undefined
  },
): Version {
  const { base } = edit
  return addVersion(plane, script, {
    author: edit.author,
    triggeredBy: 'secret',
    tag: edit.tag,
    message: edit.message,
    mainModule: base.mainModule,
    modules: base.modules,
    bindings: withSecrets(base.bindings, edit.changes),
    compatibilityDate: base.compatibilityDate,
    compatibilityFlags: base.compatibilityFlags,
    assets: base.assets,
    migrationTag: script.migrationTag,
    containers: base.containers,
    exports: script.exportsOf.get(base.id),
  })
}

export function newestVersion(script: ScriptState): Version {
  const [newest] = script.versions
  if (newest === undefined) throw errors.noVersions()
  return newest
}

function withSecrets(bindings: readonly Binding[], changes: SecretChanges): readonly Binding[] {
  const kept = bindings.filter((binding) => !(isSecret(binding) && binding.name in changes))
  const added: Binding[] = []
  for (const [name, text] of Object.entries(changes)) {
    if (kept.some((binding) => binding.name === name)) throw errors.bindingNameTaken(name)
    const known = bindings.some((binding) => binding.name === name)
    if (text === null && !known) throw errors.bindingNotFound(name)
    if (text !== null) added.push({ type: 'secret_text', name, text })
  }
  return [...kept, ...added]
}
