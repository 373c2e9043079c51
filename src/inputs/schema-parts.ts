import { z } from 'zod'
import { parseJsonPath } from '../core/checks/json-path.ts'
import { compilePattern } from '../core/checks/pattern.ts'
import { HEALTH_PATH, problemOfUrl } from './reader.ts'

// What the parts of sleepwell.yml's schema are made of.

/** A map with no other keys, which says so when there is one. */
export function strict<Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? `allowed: ${Object.keys(shape).join(', ')}` : undefined),
  })
}

export const jsonPath = z.string().refine((text) => parseJsonPath(text) !== undefined, {
  error: 'expected a path such as version.id or items[0].name',
})
export const pattern = z.string().max(500).refine((text) => compilePattern(text) !== undefined, {
  error: 'expected a regular expression without look-around, back-references and counts that multiply, such as v\\d{1,3}',
})
export const headerName = z.string().regex(/^[A-Za-z0-9-]+$/, 'expected the name of a header')
export const headerValue = z.string().regex(/^[^\r\n\0]*$/, 'expected one line')
/** Sent in a header or a path as it is. */
export const token = z.string().regex(/^[!-~]+$/, 'expected a token without blanks')
export const headers = z.record(headerName, headerValue).default({})
// A path such as //other.example.com would leave the Worker's own address.
export const path = z.string().regex(HEALTH_PATH, 'expected a path that begins with one slash and holds no blanks, such as /healthz')
export const url = z.string().superRefine((text, context) => {
  const message = problemOfUrl(text)
  if (message !== undefined) context.addIssue({ code: 'custom', message, params: { isWhole: true } })
})
export const status = z.number().int().min(100).max(599)
export const seconds = (max: number) => z.number().gt(0).max(max)
/** A whole number from `min` to `max`. */
export const count = (min: number, max: number) => z.number().int().min(min).max(max)

export const proofSchema = z
  .union([z.literal('none'), strict({ header: headerName }), strict({ json: jsonPath })], {
    error: 'allowed: none, { header: <name> } or { json: <path> }',
  })
  .describe('Where an answer says which version gave it. `none` gives up that proof, and every report says so.')

export type FileProof = z.infer<typeof proofSchema>

/** What every kind of check has. */
export const basics = {
  name: z.string().regex(/^[^/]{1,80}$/, 'expected 1 to 80 characters, no slash').describe('Shown in every report; unique in the file.'),
  proof: proofSchema.optional().describe('Instead of the proof of the whole file.'),
  timeoutSeconds: seconds(120).default(10).describe('Of one attempt.'),
  deadlineSeconds: seconds(600).optional().describe('Of all attempts together; 60 unless given, 180 under `ready`.'),
}
