import { z } from 'zod'

/** What a component, or the whole, says of itself. `starting` is no failure yet. */
export type HealthStatus = 'pass' | 'warn' | 'fail' | 'starting'

export interface Component {
  /** Its key, and its id where several share one key. */
  readonly name: string
  readonly status: HealthStatus
  readonly observedValue?: unknown
  readonly observedUnit?: string
  /** What it says about a failure. */
  readonly output?: string
}

export interface HealthDocument {
  readonly status: HealthStatus
  readonly output?: string
  readonly components: readonly Component[]
}

// draft-inadarei-api-health-check-06, 3.1: "pass" with its aliases "ok" (Node's Terminus) and "up" (Spring Boot),
// "fail" with "error" and "down", in any case; `starting` and the like are beyond the draft.
const STATUSES: Readonly<Record<string, HealthStatus>> = {
  pass: 'pass', ok: 'pass', up: 'pass', healthy: 'pass',
  warn: 'warn', degraded: 'warn',
  fail: 'fail', error: 'fail', down: 'fail', unhealthy: 'fail', out_of_service: 'fail',
  starting: 'starting', initializing: 'starting', warming: 'starting',
}

const statusSchema = z.union([z.string(), z.boolean()]).transform((seen, context) => {
  const status = typeof seen === 'boolean' ? (seen ? 'pass' : 'fail') : STATUSES[seen.trim().toLowerCase()]
  if (status === undefined) context.addIssue({ code: 'custom', message: 'no known status' })
  return status ?? z.NEVER
})
const text = z.string().optional().catch(undefined)
const measurement = z.looseObject({
  status: statusSchema.optional().catch(undefined),
  componentId: text,
  observedValue: z.unknown().optional(),
  observedUnit: text,
  output: text,
})
type Measurement = z.infer<typeof measurement>
const componentSchema = z.union([z.array(measurement), measurement.transform((one) => [one]), statusSchema.transform((status): Measurement[] => [{ status, observedValue: undefined }])])
const documentSchema = z.looseObject({
  status: statusSchema,
  output: text,
  checks: z.record(z.string(), componentSchema).optional().catch(undefined),
  components: z.record(z.string(), componentSchema).optional().catch(undefined),
})

const MOST_COMPONENTS = 100
const LONGEST_NAME = 60

/** Reads `application/health+json` or a plain `{ status, components }`; `undefined` for anything else. */
export function readHealth(document: unknown): HealthDocument | undefined {
  const { data } = documentSchema.safeParse(document)
  if (data === undefined) return undefined
  const listed = Object.entries({ ...data.components, ...data.checks })
  const components = listed.flatMap(([key, measurements]) => measurements.map((one) => componentOf(key, one, measurements.length)))
  return { status: data.status, ...(data.output === undefined ? {} : { output: data.output }), components: components.slice(0, MOST_COMPONENTS) }
}

/** A measurement without a status of its own says nothing bad (draft 4.6: it is optional). */
function componentOf(key: string, { status = 'pass', componentId, observedValue, observedUnit, output }: Measurement, among: number): Component {
  return {
    name: (among > 1 && componentId !== undefined ? `${key}#${componentId}` : key).slice(0, LONGEST_NAME),
    status,
    ...(observedValue === undefined ? {} : { observedValue }),
    ...(observedUnit === undefined ? {} : { observedUnit }),
    ...(output === undefined ? {} : { output }),
  }
}
