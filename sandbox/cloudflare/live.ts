import type { Plane, ScriptState } from './state.ts'
import type { LiveScript, Version } from './types.ts'

export function versionWithId(script: ScriptState, id: string): Version | undefined {
  return script.versions.find((version) => version.id === id)
}

/** The versions of the live deployment, in its order; none before the first deployment. */
export function liveVersions(script: ScriptState): readonly Version[] {
  const shares = script.deployments[0]?.versions ?? []
  return shares.flatMap((share) => versionWithId(script, share.versionId) ?? [])
}

/** The live version with the highest number. */
export function newestLive(script: ScriptState): Version | undefined {
  return liveVersions(script).toSorted((a, b) => b.number - a.number)[0]
}

/** Hands the live deployment to the edge and waits; what was deployed earlier arrives earlier. */
export async function publish(plane: Plane, script: ScriptState): Promise<void> {
  const live = liveScript(script)
  if (live === undefined) return
  const applied = plane.settled.then(() => plane.edge.apply(live))
  plane.settled = applied.catch(() => undefined)
  await applied
}

function liveScript(script: ScriptState): LiveScript | undefined {
  const deployment = script.deployments[0]
  if (deployment === undefined) return undefined
  const classes = [...script.durableObjectClasses].map(([name, { storage }]) => [name, storage] as const)
  return {
    name: script.name,
    deployment,
    versions: liveVersions(script),
    durableObjectClasses: Object.fromEntries(classes),
  }
}
