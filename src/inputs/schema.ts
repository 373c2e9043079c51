import { z } from 'zod'
import { parseJsonPath } from '../core/checks/json-path.ts'
import { compilePattern } from '../core/checks/pattern.ts'
import { HEALTH_PATH, problemOfUrl } from './reader.ts'

// One schema: it decodes sleepwell.yml, and `schema/sleepwell.schema.json` is generated from it.

/** A map with no other keys, which says so when there is one. */
function strict<Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? `allowed: ${Object.keys(shape).join(', ')}` : undefined),
  })
}

const jsonPath = z.string().refine((text) => parseJsonPath(text) !== undefined, {
  error: 'expected a path such as version.id or items[0].name',
})
const pattern = z.string().max(500).refine((text) => compilePattern(text) !== undefined, {
  error: 'expected a regular expression without look-around, back-references and counts that multiply, such as v\\d{1,3}',
})
const headerName = z.string().regex(/^[A-Za-z0-9-]+$/, 'expected the name of a header')
const headerValue = z.string().regex(/^[^\r\n\0]*$/, 'expected one line')
// A path such as //other.example.com would leave the Worker's own address.
const path = z.string().regex(HEALTH_PATH, 'expected a path that begins with one slash and holds no blanks, such as /healthz')
const url = z.string().superRefine((text, context) => {
  const message = problemOfUrl(text)
  if (message !== undefined) context.addIssue({ code: 'custom', message, params: { isWhole: true } })
})
const status = z.number().int().min(100).max(599)
const seconds = (max: number) => z.number().gt(0).max(max)

const proofSchema = z
  .union([z.literal('none'), strict({ header: headerName }), strict({ json: jsonPath })], {
    error: 'allowed: none, { header: <name> } or { json: <path> }',
  })
  .describe('Where an answer says which version gave it. `none` gives up that proof, and every report says so.')

const jsonExpectationSchema = strict({
  path: jsonPath,
  equals: z.json().optional(),
  matches: pattern.optional(),
  exists: z.boolean().optional(),
  type: z.enum(['string', 'number', 'boolean', 'object', 'array', 'null']).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
}).refine((one) => Object.keys(one).length > 1, { error: 'expected at least one of equals, matches, exists, type, min, max' })

const httpCheckSchema = strict({
  name: z.string().min(1).max(80).describe('Shown in every report; unique in the file.'),
  kind: z.literal('http'),
  path: path.describe('Path and query below `url`.'),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).default('GET'),
  headers: z.record(headerName, headerValue).default({}),
  body: z.string().optional(),
  expect: strict({
    status: z.union([status, z.array(status).min(1)], { error: 'expected a status from 100 to 599, or a list of them' }).default(200),
    headers: z.record(headerName, z.string()).default({}),
    json: z.array(jsonExpectationSchema).default([]),
    text: z.string().optional().describe('Text that the body contains.'),
    matches: pattern.optional().describe('Regular expression that the body matches.'),
  }).prefault({}),
  proof: proofSchema.optional().describe('Instead of the proof of the whole file.'),
  timeoutSeconds: seconds(120).default(10).describe('Of one attempt.'),
  deadlineSeconds: seconds(600).default(60).describe('Of all attempts together.'),
})

const gateWorkflowSchema = strict({
  path: z.string().regex(/^\.github\/workflows\/[\w.-]+\.ya?ml$/, 'expected .github/workflows/<file>.yml'),
  events: z.array(z.enum(['push', 'merge_group', 'workflow_dispatch', 'schedule'])).min(1).default(['push']),
  jobs: z.array(z.string().min(1)).default([]).describe('Jobs that must have run and succeeded.'),
})

const partShape = {
  url: url.optional().describe('Address of the Worker in production.'),
  proof: proofSchema.optional(),
  checks: z.array(z.discriminatedUnion('kind', [httpCheckSchema], { error: 'allowed: http' })).min(1).max(100).optional(),
  gate: strict({ workflows: z.array(gateWorkflowSchema).min(1) }).optional(),
  drift: z.enum(['warn', 'refuse']).optional().describe('What to do when production was changed around CI.'),
  triggers: z.enum(['apply', 'skip']).optional().describe('Whether routes, crons and queue consumers are applied after promotion.'),
}

export const sleepwellSchema = strict({
  ...partShape,
  environments: z.record(z.string(), strict(partShape)).optional().describe('Each over the common part, key by key.'),
})

export type SleepwellFile = z.infer<typeof sleepwellSchema>
export type SleepwellPart = Omit<SleepwellFile, 'environments'>
export type FileCheck = NonNullable<SleepwellPart['checks']>[number]
export type FileProof = z.infer<typeof proofSchema>
