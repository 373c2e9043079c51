import { z } from 'zod'
import { exportsSchema, migrationsSchema } from './durable-objects.ts'

/** How the API is told when Durable Objects take up new code (wrangler 4.164.0, `code_update_strategy`). */
export const codeUpdateStrategySchema = z.union([
  z.strictObject({ mode: z.literal('immediate') }),
  // At most 24 hours.
  z.strictObject({ mode: z.literal('deferred'), max_delay: z.number().min(0).max(86_400) }),
])

export const versionAnnotationsSchema = z.strictObject({
  'workers/tag': z.string().optional(),
  'workers/message': z.string().optional(),
  'workers/alias': z.string().optional(),
})

/**
 * The `metadata` part of an upload: what wrangler 4.164.0 (`createWorkerUploadForm`) sends and docs
 * "Multipart upload metadata" describe. A field that is not here is an error, never ignored.
 */
export const metadataSchema = z.strictObject({
  main_module: z.string().optional(),
  body_part: z.string().optional(),
  bindings: z.array(z.looseObject({ type: z.string(), name: z.string() })).optional(),
  keep_bindings: z.array(z.string()).optional(),
  compatibility_date: z.string().optional(),
  compatibility_flags: z.array(z.string()).optional(),
  annotations: versionAnnotationsSchema.optional(),
  assets: z.strictObject({ jwt: z.string().optional(), config: z.record(z.string(), z.unknown()).optional() }).optional(),
  keep_assets: z.boolean().optional(),
  containers: z.array(z.unknown()).optional(),
  exports: exportsSchema.optional(),
  migrations: migrationsSchema.optional(),
  code_update_strategy: codeUpdateStrategySchema.optional(),
  logpush: z.boolean().optional(),
  observability: z.unknown().optional(),
  tail_consumers: z.array(z.unknown()).optional(),
  streaming_tail_consumers: z.array(z.unknown()).optional(),
  tags: z.array(z.string()).optional(),
  // Accepted and without effect on what the sandbox shows.
  placement: z.unknown().optional(),
  limits: z.unknown().optional(),
  usage_model: z.string().optional(),
  cache_options: z.unknown().optional(),
  package_dependencies: z.array(z.unknown()).optional(),
})

export type Metadata = z.infer<typeof metadataSchema>
