import { truncated } from './bytes.ts'
import * as errors from './errors.ts'
import { provisionExports } from './durable-objects.ts'
import { liveVersions, newestLive, publish, versionWithId } from './live.ts'
import { changedSecrets } from './secret-values.ts'
import type { Author, Plane, ScriptState } from './state.ts'
import type { CodeUpdateStrategy, Deployment, Share, Version } from './types.ts'

/** Docs "Rollbacks, limits": the 100 most recently uploaded versions. */
const deployableVersions = 100

export interface DeploymentRequest {
  readonly versions: readonly Share[]
  readonly author: Author
  readonly message?: string | undefined
  /** Without it, secrets that changed since an older version refuse its deployment. */
  readonly force?: boolean
  readonly codeUpdateStrategy?: CodeUpdateStrategy | undefined
  /** Decided here unless an upload or a secret made the deployment. */
  readonly triggeredBy?: string
}

/** Docs "Rollbacks, limits" and API reference "List versions", `deployable`. */
export function deployable(script: ScriptState): readonly Version[] {
  return script.versions.slice(0, deployableVersions)
}

/** Makes the shares live if every rule allows it, and returns once the edge has them. */
export async function deploy(plane: Plane, script: ScriptState, request: DeploymentRequest): Promise<Deployment> {
  checkShares(request.versions)
  const versions = request.versions.map((share) => checkVersion(plane, script, share.versionId))
  checkExports(script, versions)
  if (request.force !== true) checkSecrets(script, versions)
  const triggeredBy = request.triggeredBy ?? triggerOf(script, request.versions, versions)
  const deployment: Deployment = {
    id: plane.world.uuid(),
    createdOn: plane.world.now(),
    source: request.author.source,
    authorEmail: request.author.email,
    versions: request.versions,
    annotations: {
      ...(request.message === undefined ? {} : { 'workers/message': truncated(request.message, 1000) }),
      'workers/triggered_by': triggeredBy,
    },
    codeUpdateStrategy: request.codeUpdateStrategy ?? { mode: 'immediate' },
  }
  // Declarative exports take effect with the deployment (wrangler 4.164.0, `exports`).
  for (const version of versions) provisionExports(plane, script.durableObjectClasses, script.exportsOf.get(version.id))
  script.deployments.unshift(deployment)
  await publish(plane, script)
  return deployment
}

/** API reference "Create a deployment": one or two versions; all percentages total 100 (0 is allowed). */
function checkShares(shares: readonly Share[]): void {
  if (shares.length === 0 || shares.length > 2) {
    throw errors.sharesInvalid('A deployment can consist of one or two versions.')
  }
  if (new Set(shares.map((share) => share.versionId)).size !== shares.length) {
    throw errors.sharesInvalid('A deployment names each version once.')
  }
  if (shares.some((share) => !(share.percentage >= 0 && share.percentage <= 100))) {
    throw errors.sharesInvalid('Each percentage must be between 0 and 100.')
  }
  const total = shares.reduce((sum, share) => sum + share.percentage, 0)
  // wrangler 4.164.0 allows the same rounding error.
  if (Math.abs(total - 100) > 0.001) {
    throw errors.sharesInvalid(`The percentages of all versions must total 100, not ${total}.`)
  }
}

function checkVersion(plane: Plane, script: ScriptState, id: string): Version {
  const version = versionWithId(script, id)
  if (version === undefined) throw errors.versionNotFound(id)
  if (!deployable(script).includes(version)) throw errors.versionTooOld(id)
  // Docs "Rollbacks, limits". The API's code for it is unconfirmed.
  if (version.migrationTag !== script.migrationTag) throw errors.migrationBetween(id)
  const lost = version.bindings.find((binding) => {
    if (binding.type === 'kv_namespace') return !plane.account.kvNamespaces.has(String(binding['namespace_id']))
    if (binding.type === 'r2_bucket') return !plane.account.buckets.has(String(binding['bucket_name']))
    return false
  })
  if (lost !== undefined) throw errors.boundResourceGone(id, lost.name)
  return version
}

/** wrangler 4.164.0: code 100405 when the versions of a split declare different Durable Object exports. */
function checkExports(script: ScriptState, versions: readonly Version[]): void {
  const declared = versions.map((version) => JSON.stringify(script.exportsOf.get(version.id) ?? {}))
  if (new Set(declared).size > 1) throw errors.exportsDiffer()
}

/**
 * API reference "Create a deployment", `force`: rolling back to an older version when a secret has
 * changed is refused. What counts as rolling back is unconfirmed; here it is leaving the newest live
 * version for an older one, so that a rise in traffic between two live versions is not refused.
 */
function checkSecrets(script: ScriptState, versions: readonly Version[]): void {
  const newest = newestLive(script)
  if (newest === undefined || versions.includes(newest)) return
  const older = versions.filter((version) => version.number < newest.number)
  const changed = new Set(older.flatMap((version) => changedSecrets(version, newest)))
  if (changed.size > 0) throw errors.secretsChanged([...changed].toSorted())
}

/**
 * `workers/triggered_by` is the server's (a client cannot set it: workers-sdk pull request 5306). The
 * values are those that wrangler 4.164.0 can print; when each one is chosen is unconfirmed.
 */
function triggerOf(script: ScriptState, shares: readonly Share[], versions: readonly Version[]): string {
  const [only] = versions
  const newest = newestLive(script)
  if (shares.length > 1 || only === undefined || newest === undefined) return 'deployment'
  if (only.number < newest.number) return 'rollback'
  return liveVersions(script).length > 1 && only === newest ? 'promotion' : 'deployment'
}
