import { z } from 'zod'
import { isDeploymentId, isSha, isVersionId, type DeploymentId, type Sha, type VersionId } from './ids.ts'

/** Decoders of the branded ids, for whatever comes from the outside: an API, the journal, the ledger. */
export const versionIdSchema = z.custom<VersionId>((seen) => typeof seen === 'string' && isVersionId(seen), {
  error: 'expected a version id (a UUID)',
})
export const deploymentIdSchema = z.custom<DeploymentId>((seen) => typeof seen === 'string' && isDeploymentId(seen), {
  error: 'expected a deployment id (a UUID)',
})
export const shaSchema = z.custom<Sha>((seen) => typeof seen === 'string' && isSha(seen), {
  error: 'expected a full commit id (40 hexadecimal digits)',
})
