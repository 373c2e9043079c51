import { z } from 'zod'

// The fields of wrangler's configuration that a deploy depends on; all others pass unseen (wrangler 4.164.0).

const text = z.string()
const object = z.record(z.string(), z.unknown())

/** What the top level and each `env.<name>` may both hold. */
const sectionFields = {
  name: text.optional(),
  account_id: text.optional(),
  main: text.optional(),
  build: z.looseObject({ command: text.optional() }).optional(),
  assets: z.looseObject({ directory: text.optional() }).optional(),
  migrations: z.array(z.looseObject({ tag: text })).optional(),
  exports: z.record(z.string(), z.looseObject({ type: text.optional() })).optional(),
  containers: z.array(z.looseObject({ image: text.optional(), image_build_context: text.optional() })).optional(),
  workflows: z.array(z.looseObject({ name: text })).optional(),
  secrets: z.looseObject({ required: z.array(text).optional() }).optional(),
  version_metadata: z.looseObject({ binding: text }).optional(),
  observability: object.optional(),
  logpush: z.boolean().optional(),
  tail_consumers: z.array(object).optional(),
}

const sectionSchema = z.looseObject(sectionFields)
export type Section = z.infer<typeof sectionSchema>

export const rawConfigSchema = z.looseObject({
  ...sectionFields,
  env: z.record(z.string(), sectionSchema).optional(),
  site: z.looseObject({ bucket: text.optional() }).optional(),
  wasm_modules: object.optional(),
  text_blobs: object.optional(),
  data_blobs: object.optional(),
  /** Only in a file that a build tool generated. */
  targetEnvironment: text.optional(),
})
export type RawConfig = z.infer<typeof rawConfigSchema>
