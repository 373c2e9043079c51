import type { VersionId } from '../ids.ts'

export const OVERRIDE_HEADER = 'Cloudflare-Workers-Version-Overrides'

/**
 * The value that asks for one version of one Worker (workers/versions-and-deployments/version-overrides): an
 * RFC 8941 dictionary whose key is the deployed script's name. `undefined` for a name that could not be
 * written as a key. RFC 8941 keys begin with a lower-case letter; a script's may begin with a digit, and
 * whether Cloudflare then reads it is undocumented: sent all the same, since the proof decides.
 */
export function overrideValue(scriptName: string, versionId: VersionId): string | undefined {
  if (!/^[a-z0-9*][a-z0-9_.*-]{0,254}$/i.test(scriptName)) return undefined
  return `${scriptName}="${versionId}"`
}
