import { z } from 'zod'
import { basics, strict } from '../schema-parts.ts'

// Cloudflare's API answers, not the Worker: there is no proof to ask for.
const { proof: _, ...withoutProof } = basics

export const r2Check = strict({
  ...withoutProof,
  kind: z.literal('r2'),
  // Docs "R2: Create new buckets": 3 to 63 characters, lower case, digits and hyphens.
  bucket: z.string().regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, 'expected the name of a bucket'),
})

export const kvCheck = strict({
  ...withoutProof,
  kind: z.literal('kv'),
  namespaceId: z.string().regex(/^[0-9a-f]{32}$/, 'expected the id of a namespace, 32 hexadecimal digits'),
})
