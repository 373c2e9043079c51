import { z } from 'zod'
import { expressionSchema, isExpression, templateSchema, textSchema, type ParsedWorkflow, type Template } from './template.ts'
import { unsupported } from './unsupported.ts'

const numberSchema = z.union([z.number(), expressionSchema])
const booleanSchema = z.union([z.boolean(), expressionSchema])
const textMapSchema = z.record(z.string(), templateSchema)

const concurrencySchema = z.union([
  textSchema.transform((group) => ({ group, 'cancel-in-progress': false, queue: 'single' as const })),
  z.strictObject({
    group: textSchema,
    'cancel-in-progress': booleanSchema.default(false),
    queue: z.enum(['single', 'max']).default('single'),
  }),
])

const environmentSchema = z.union([
  textSchema.transform((name) => ({ name, url: undefined, deployment: true })),
  z.strictObject({ name: textSchema, url: textSchema.optional(), deployment: booleanSchema.default(true) }),
])

const defaultsSchema = z.strictObject({
  run: z.strictObject({ shell: z.string().optional(), 'working-directory': textSchema.optional() }),
})

const stepBase = {
  id: z.string().optional(),
  name: textSchema.optional(),
  // The parser's converted form of the condition is used instead (see `ParsedWorkflow`).
  if: templateSchema.optional(),
  env: templateSchema.optional(),
  'timeout-minutes': numberSchema.optional(),
  'continue-on-error': booleanSchema.default(false),
}
const runStepSchema = z.strictObject({
  ...stepBase,
  run: textSchema,
  shell: z.string().optional(),
  'working-directory': textSchema.optional(),
})
const usesStepSchema = z.strictObject({ ...stepBase, uses: z.string(), with: textMapSchema.default({}) })

const matrixSchema = z.strictObject({
  matrix: templateSchema,
  'fail-fast': z.boolean().default(true),
  'max-parallel': z.number().optional(),
})

const jobBase = {
  name: textSchema.optional(),
  needs: z.union([z.string().transform((need) => [need]), z.array(z.string())]).default([]),
  if: templateSchema.optional(),
  permissions: templateSchema.optional(),
  concurrency: concurrencySchema.optional(),
  strategy: matrixSchema.optional(),
}
const plainJobSchema = z.strictObject({
  ...jobBase,
  'runs-on': templateSchema,
  environment: environmentSchema.optional(),
  outputs: textMapSchema.default({}),
  env: templateSchema.optional(),
  defaults: defaultsSchema.optional(),
  'timeout-minutes': numberSchema.default(360),
  'continue-on-error': z.literal(false).optional(),
  steps: z.array(z.unknown()),
})
const callingJobSchema = z.strictObject({
  ...jobBase,
  uses: z.string(),
  with: textMapSchema.default({}),
  secrets: z.union([z.literal('inherit'), textMapSchema]).default({}),
})

const callInputSchema = z.strictObject({
  description: z.string().optional(),
  deprecationMessage: z.string().optional(),
  type: z.enum(['boolean', 'number', 'string']),
  required: z.boolean().default(false),
  default: templateSchema.optional(),
})
const dispatchInputSchema = z.strictObject({
  description: z.string().optional(),
  deprecationMessage: z.string().optional(),
  type: z.enum(['boolean', 'number', 'string', 'choice', 'environment']).default('string'),
  required: z.boolean().default(false),
  default: templateSchema.optional(),
  options: z.array(z.string()).optional(),
})
const secretSchema = z.strictObject({ description: z.string().optional(), required: z.boolean().default(false) })
const callSchema = z.strictObject({
  inputs: z.record(z.string(), callInputSchema).default({}),
  outputs: z.record(z.string(), z.strictObject({ description: z.string().optional(), value: textSchema })).default({}),
  secrets: z.record(z.string(), secretSchema.nullable()).default({}),
})
const dispatchSchema = z.strictObject({ inputs: z.record(z.string(), dispatchInputSchema).default({}) })

const fileSchema = z.strictObject({
  name: z.string().optional(),
  description: z.string().optional(),
  'run-name': templateSchema.optional(),
  on: z.union([
    z.string().transform((event) => ({ [event]: null })),
    z.array(z.string()).transform((events) => Object.fromEntries(events.map((event) => [event, null]))),
    z.record(z.string(), templateSchema),
  ]),
  permissions: templateSchema.optional(),
  env: templateSchema.optional(),
  defaults: defaultsSchema.optional(),
  concurrency: concurrencySchema.optional(),
  jobs: z.record(z.string(), z.unknown()),
})

export type Concurrency = z.infer<typeof concurrencySchema>
export type EnvironmentReference = z.infer<typeof environmentSchema>
export type Defaults = z.infer<typeof defaultsSchema>
export type CallInterface = z.infer<typeof callSchema>
export type CallInput = z.infer<typeof callInputSchema>
export type DispatchInterface = z.infer<typeof dispatchSchema>
type Conditioned = { readonly id: string; readonly condition: string }
export type RunStepFile = z.infer<typeof runStepSchema> & Conditioned & { readonly kind: 'run' }
export type UsesStepFile = z.infer<typeof usesStepSchema> & Conditioned & { readonly kind: 'uses' }
export type StepFile = RunStepFile | UsesStepFile
export type PlainJob = Omit<z.infer<typeof plainJobSchema>, 'steps'> &
  Conditioned & { readonly kind: 'plain'; readonly steps: readonly StepFile[] }
export type CallingJob = z.infer<typeof callingJobSchema> & Conditioned & { readonly kind: 'calling' }
export type JobFile = PlainJob | CallingJob

export interface WorkflowFile extends Omit<z.infer<typeof fileSchema>, 'jobs' | 'on'> {
  readonly on: Readonly<Record<string, Template>>
  /** Undefined when the workflow cannot be called. */
  readonly call: CallInterface | undefined
  readonly dispatch: DispatchInterface | undefined
  readonly jobs: readonly JobFile[]
}

/** Decodes what the parser accepted into what this runner can do. */
export function decodeWorkflow(parsed: ParsedWorkflow, shownPath: string): WorkflowFile {
  const { jobs, on, ...file } = decode(fileSchema, parsed.root, shownPath)
  return {
    ...file,
    on,
    call: 'workflow_call' in on ? decode(callSchema, on['workflow_call'] ?? {}, `${shownPath}: workflow_call`) : undefined,
    dispatch:
      'workflow_dispatch' in on
        ? decode(dispatchSchema, on['workflow_dispatch'] ?? {}, `${shownPath}: workflow_dispatch`)
        : undefined,
    jobs: Object.entries(jobs).map(([id, job]) => decodeJob(id, job, parsed, `${shownPath}: jobs.${id}`)),
  }
}

function decodeJob(id: string, job: unknown, parsed: ParsedWorkflow, place: string): JobFile {
  const condition = parsed.jobConditions.get(id) ?? 'success()'
  if (hasKey(job, 'uses')) return { kind: 'calling', id, condition, ...decode(callingJobSchema, job, place) }
  const { steps, ...plain } = decode(plainJobSchema, job, place)
  const known = parsed.steps.get(id) ?? []
  return {
    kind: 'plain',
    id,
    condition,
    ...plain,
    steps: steps.map((step, index) => decodeStep(step, known[index], `${place}.steps[${index}]`)),
  }
}

function decodeStep(step: unknown, known: Conditioned | undefined, place: string): StepFile {
  if (known === undefined) throw unsupported(`${place}: the parser does not know this step`)
  if (hasKey(step, 'uses')) return { kind: 'uses', ...decode(usesStepSchema, step, place), ...known }
  return { kind: 'run', ...decode(runStepSchema, step, place), ...known }
}

function decode<Schema extends z.ZodType>(schema: Schema, value: unknown, place: string): z.infer<Schema> {
  const decoded = schema.safeParse(value)
  if (decoded.success) return decoded.data
  throw unsupported(`${place}\n${z.prettifyError(decoded.error)}`)
}

function hasKey(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && !isExpression(value) && key in value
}
