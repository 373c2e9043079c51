import { z } from 'zod'
import { versionIdSchema } from '../../core/schemas.ts'

// Entries of WRANGLER_OUTPUT_FILE_PATH, one JSON object a line (workers-utils `output.ts`, wrangler 4.164.0).

const entrySchema = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('version-upload'),
    worker_name: z.string(),
    version_id: versionIdSchema,
    preview_url: z.string().nullish(),
  }),
  z.looseObject({
    type: z.literal('deploy'),
    worker_name: z.string(),
    version_id: versionIdSchema.nullish(),
    targets: z.array(z.string()).nullish(),
  }),
  z.looseObject({
    type: z.literal('command-failed'),
    code: z.number().nullish(),
    message: z.string().nullish(),
    retry_after_ms: z.number().nullish(),
  }),
])
export type Entry = z.infer<typeof entrySchema>
export type EntryOf<Type extends Entry['type']> = Extract<Entry, { type: Type }>

/** Reads the entries that matter; lines of other types, and lines that are none, are passed over. */
export function readEntries(text: string): readonly Entry[] {
  return text.split('\n').flatMap((line) => {
    const decoded = entrySchema.safeParse(parseLine(line))
    return decoded.success ? [decoded.data] : []
  })
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
