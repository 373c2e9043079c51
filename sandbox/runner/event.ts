import { createRequire } from 'node:module'
import { z } from 'zod'
import type { Json } from './expressions.ts'

export type Payload = Readonly<Record<string, Json>>

const payloadSchema = z.record(z.string(), z.json())
const examplesSchema = z.array(z.object({ name: z.string(), examples: z.array(payloadSchema) }))
const require = createRequire(import.meta.url)

/**
 * A webhook payload: GitHub's published example of the event (the first one with the `action` of the overrides, if
 * they name one), with the overrides merged into it key by key.
 */
export function eventPayload(name: string, overrides: Payload = {}): Payload {
  const definition = examplesSchema.parse(require('@octokit/webhooks-examples')).find((each) => each.name === name)
  // A schedule has no webhook; its payload is the cron line and the repository (docs: Events that trigger workflows).
  if (definition === undefined && name === 'schedule') return mergeRecords({ schedule: '0 4 * * *' }, overrides)
  const wanted = overrides['action']
  const example = definition?.examples.find((each) => wanted === undefined || each['action'] === wanted)
  if (example === undefined) throw new Error(`no example payload of the event '${name}' (action: ${JSON.stringify(wanted)})`)
  // The inputs of the example's form are not those of the form that was sent.
  return mergeRecords(name === 'workflow_dispatch' ? { ...example, inputs: null } : example, overrides)
}

function mergeRecords(base: Payload, overrides: Payload): Payload {
  const merged: Record<string, Json> = { ...base }
  for (const [key, value] of Object.entries(overrides)) merged[key] = merge(merged[key], value)
  return merged
}

function merge(base: Json | undefined, override: Json): Json {
  return isRecord(base) && isRecord(override) ? mergeRecords(base, override) : override
}

function isRecord(value: Json | undefined): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
