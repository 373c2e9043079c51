import { z } from 'zod'
import { parseJsonPath } from '../core/checks/json-path.ts'
import { problemOfUrl } from './reader.ts'

// One schema: it decodes sleepwell.yml, and `schema/sleepwell.schema.json` is generated from it.

const jsonPath = z.string().refine((text) => parseJsonPath(text) !== undefined, {
  error: 'expected a path such as version.id or items[0].name',
})
const pattern = z.string().max(500).refine(isSafePattern, {
  error: 'expected a regular expression without nested repetition, back-references or look-around',
})
const seconds = (max: number) => z.number().gt(0).max(max)

const proofSchema = z
  .union([
    z.literal('none'),
    z.strictObject({ header: z.string().regex(/^[A-Za-z0-9-]+$/, 'expected the name of a header') }),
    z.strictObject({ json: jsonPath }),
  ])
  .describe('Where an answer says which version gave it. `none` gives up that proof, and every report says so.')

const jsonExpectationSchema = z
  .strictObject({
    path: jsonPath,
    equals: z.json().optional(),
    matches: pattern.optional(),
    exists: z.boolean().optional(),
    type: z.enum(['string', 'number', 'boolean', 'object', 'array', 'null']).optional(),
    min: z.number().optional(),
    max: z.number().optional(),
  })
  .refine((one) => Object.keys(one).length > 1, { error: 'expected at least one of equals, matches, exists, type, min, max' })

const httpCheckSchema = z.strictObject({
  name: z.string().min(1).max(80).describe('Shown in every report; unique in the file.'),
  kind: z.literal('http'),
  path: z.string().startsWith('/').describe('Path and query below `url`.'),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).default('GET'),
  headers: z.record(z.string().regex(/^[A-Za-z0-9-]+$/), z.string()).default({}),
  body: z.string().optional(),
  expect: z
    .strictObject({
      status: z.union([z.number().int().min(100).max(599), z.array(z.number().int().min(100).max(599)).min(1)]).default(200),
      headers: z.record(z.string(), z.string()).default({}),
      json: z.array(jsonExpectationSchema).default([]),
      text: z.string().optional().describe('Text that the body contains.'),
      matches: pattern.optional().describe('Regular expression that the body matches.'),
    })
    .prefault({}),
  proof: proofSchema.optional().describe('Instead of the proof of the whole file.'),
  timeoutSeconds: seconds(120).default(10).describe('Of one attempt.'),
  deadlineSeconds: seconds(600).default(60).describe('Of all attempts together.'),
})

const gateWorkflowSchema = z.strictObject({
  path: z.string().regex(/^\.github\/workflows\/[\w.-]+\.ya?ml$/, 'expected .github/workflows/<file>.yml'),
  events: z.array(z.enum(['push', 'merge_group', 'workflow_dispatch', 'schedule'])).min(1).default(['push']),
  jobs: z.array(z.string().min(1)).default([]).describe('Jobs that must have run and succeeded.'),
})

const partShape = {
  url: z
    .string()
    .refine((text) => problemOfUrl(text) === undefined, { error: 'expected an https URL without credentials' })
    .optional()
    .describe('Address of the Worker in production.'),
  proof: proofSchema.optional(),
  checks: z.array(z.discriminatedUnion('kind', [httpCheckSchema])).min(1).max(100).optional(),
  gate: z.strictObject({ workflows: z.array(gateWorkflowSchema).min(1) }).optional(),
  drift: z.enum(['warn', 'refuse']).optional().describe('What to do when production was changed around CI.'),
  triggers: z.enum(['apply', 'skip']).optional().describe('Whether routes, crons and queue consumers are applied after promotion.'),
}

export const sleepwellSchema = z.strictObject({
  ...partShape,
  environments: z.record(z.string(), z.strictObject(partShape)).optional().describe('Each over the common part, key by key.'),
})

export type SleepwellFile = z.infer<typeof sleepwellSchema>
export type SleepwellPart = Omit<SleepwellFile, 'environments'>
export type FileCheck = NonNullable<SleepwellPart['checks']>[number]
export type FileProof = z.infer<typeof proofSchema>

/**
 * A pattern that cannot take exponential time: no group is repeated, nothing is referred back to, and nothing
 * looks around. What is left is quadratic at worst over a body of at most 64 KiB.
 */
export function isSafePattern(text: string): boolean {
  if (/\\[1-9]|\\k<|\(\?[=!<]|\)[*+{?]/.test(text)) return false
  if ((text.match(/(?<!\\)[*+]|\{\d*,\d*\}/g) ?? []).length > 3) return false
  try {
    return new RegExp(text, 'u') instanceof RegExp
  } catch {
    return false
  }
}
