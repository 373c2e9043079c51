import { z } from 'zod'
import { pollSchema } from './analysis/counts.ts'
import { analysisSettingsSchema } from './analysis/settings.ts'
import { checkResultSchema } from './checks/result.ts'
import { policySchema } from './policy.ts'
import { phaseSchema } from './rollout/state.ts'
import { shaSchema, versionIdSchema } from './schemas.ts'

const timelineEntrySchema = z.object({ at: z.string(), text: z.string() })
const roundSchema = z.object({
  title: z.string(),
  judged: z.enum(['candidate', 'baseline', 'target']),
  results: z.array(checkResultSchema),
})
const splitEntrySchema = z.object({ at: z.string(), candidatePercent: z.number() })

/**
 * What is saved before each effect, so that whoever comes next on the same runner can finish the rollout
 * and report it as a whole. It holds no secret.
 */
export const journalSchema = z.object({
  schemaVersion: z.literal(1),
  policy: policySchema,
  phase: phaseSchema,
  /** Deployed Worker, by Cloudflare's name for it. */
  script: z.string(),
  sha: shaSchema,
  candidate: versionIdSchema.optional(),
  /** The ledger's entry, once it is open. */
  ledgerId: z.number().int().optional(),
  /** The checks on the baseline before anything changed. */
  preflight: z.array(checkResultSchema),
  /** Each later round of checks, as the report shows it. */
  rounds: z.array(roundSchema),
  timeline: z.array(timelineEntrySchema),
  splits: z.array(splitEntrySchema),
  /** What was compared while steps soaked. */
  analysis: z.object({ settings: analysisSettingsSchema, polls: z.array(pollSchema) }).optional(),
  /** Where each chat sink's message is, so that its end stands where its beginning stood. */
  messages: z.record(z.string(), z.string()).optional(),
})
export type Round = z.infer<typeof roundSchema>
export type Journal = z.infer<typeof journalSchema>

/** Decodes a saved journal; anything that is not one is `undefined`, and then nothing was under way. */
export function readJournal(text: string | undefined): Journal | undefined {
  if (text === undefined || text === '') return undefined
  try {
    const seen: unknown = JSON.parse(text)
    const decoded = journalSchema.safeParse(seen)
    return decoded.success ? decoded.data : undefined
  } catch {
    return undefined
  }
}
