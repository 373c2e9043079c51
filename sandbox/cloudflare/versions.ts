import { createHash } from 'node:crypto'
import { truncated } from './bytes.ts'
import * as errors from './errors.ts'
import type { Author, Plane, ScriptState } from './state.ts'
import type { ModuleFile, Version } from './types.ts'

/** All of a version but what the server decides: id, number, time and etag. */
export interface VersionDraft {
  readonly author: Author
  readonly triggeredBy: string
  readonly tag?: string | undefined
  readonly message?: string | undefined
  readonly mainModule: string
  readonly modules: readonly ModuleFile[]
  readonly bindings: Version['bindings']
  readonly compatibilityDate: string
  readonly compatibilityFlags: readonly string[]
  readonly assets?: Version['assets'] | undefined
  readonly migrationTag: string | undefined
  readonly containers?: readonly unknown[] | undefined
  readonly exports?: Readonly<Record<string, unknown>> | undefined
}

/** Numbers the draft and keeps it, newest first; from here on it never changes. */
export function addVersion(plane: Plane, script: ScriptState, draft: VersionDraft): Version {
  // API reference "Upload version": workers/tag is at most 100 bytes, workers/message is truncated at 1000.
  if (Buffer.byteLength(draft.tag ?? '') > 100) throw errors.tagTooLong()
  const version: Version = {
    id: plane.world.uuid(),
    number: (script.versions[0]?.number ?? 0) + 1,
    createdOn: plane.world.now(),
    source: draft.author.source,
    triggeredBy: draft.triggeredBy,
    ...(draft.tag === undefined ? {} : { tag: draft.tag }),
    ...(draft.message === undefined ? {} : { message: truncated(draft.message, 1000) }),
    mainModule: draft.mainModule,
    modules: draft.modules,
    bindings: draft.bindings,
    compatibilityDate: draft.compatibilityDate,
    compatibilityFlags: draft.compatibilityFlags,
    ...(draft.assets === undefined ? {} : { assets: draft.assets }),
    ...(draft.migrationTag === undefined ? {} : { migrationTag: draft.migrationTag }),
    ...(draft.containers === undefined ? {} : { containers: draft.containers }),
    etag: etagOf(draft.modules),
  }
  script.versions.unshift(version)
  if (draft.exports !== undefined) script.exportsOf.set(version.id, draft.exports)
  return version
}

function etagOf(modules: readonly ModuleFile[]): string {
  const hash = createHash('sha256')
  for (const file of modules) hash.update(file.name).update(file.content)
  return hash.digest('hex')
}
