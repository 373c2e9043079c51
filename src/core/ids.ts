declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/** A Worker version's UUID. */
export type VersionId = Branded<'VersionId'>
/** A Cloudflare deployment's UUID. */
export type DeploymentId = Branded<'DeploymentId'>
/** A full, lower-case, 40-digit commit id. */
export type Sha = Branded<'Sha'>

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export function isVersionId(text: string): text is VersionId {
  return UUID.test(text)
}

export function isDeploymentId(text: string): text is DeploymentId {
  return UUID.test(text)
}

export function isSha(text: string): text is Sha {
  return /^[0-9a-f]{40}$/.test(text)
}
