import { z } from 'zod'
import { readMarker } from '../../core/marker.ts'
import type { ObservedDeployment } from '../../core/production.ts'
import { deploymentIdSchema, versionIdSchema } from '../../core/schemas.ts'
import type { VersionId } from '../../core/ids.ts'

// Cloudflare's answers as this client needs them; unknown fields pass (API reference "Workers").

/** Around every answer of the API. */
export const envelopeSchema = z.object({
  success: z.boolean(),
  errors: z.array(z.object({ code: z.number(), message: z.string().nullish() })).nullish(),
  result: z.unknown().optional(),
})

const annotations = z
  .object({
    'workers/message': z.string().nullish(),
    'workers/tag': z.string().nullish(),
    'workers/triggered_by': z.string().nullish(),
  })
  .nullish()

const deployment = z
  .object({
    id: deploymentIdSchema,
    created_on: z.string(),
    source: z.string().nullish(),
    author_email: z.string().nullish(),
    versions: z.array(z.object({ version_id: versionIdSchema, percentage: z.number() })),
    annotations,
  })
  .transform((seen): ObservedDeployment => {
    const message = seen.annotations?.['workers/message'] ?? undefined
    return {
      id: seen.id,
      split: seen.versions.map((share) => ({ versionId: share.version_id, percentage: share.percentage })),
      createdOn: seen.created_on,
      source: seen.source ?? 'unknown',
      ...present({ author: seen.author_email, message, marker: readMarker(message) }),
    }
  })

/** Newest first: "the first deployment in the list is the latest deployment actively serving traffic". */
export const historySchema = z.object({ deployments: z.array(deployment) }).transform((seen) => seen.deployments)

export const createdDeploymentSchema = z
  .object({ id: deploymentIdSchema })
  .transform((seen) => ({ deploymentId: seen.id }))

/** A version as a list has it. */
export interface VersionSummary {
  readonly id: VersionId
  readonly number?: number
  /** ISO 8601. */
  readonly createdOn: string
  readonly tag?: string
  readonly message?: string
  /** `version_upload`, `secret`, …: what made it, as Cloudflare sees it. */
  readonly triggeredBy?: string
  readonly source?: string
}

export interface VersionFacts extends VersionSummary {
  readonly bindings: readonly { readonly name: string; readonly type: string }[]
  readonly migrationTag?: string
  readonly hasContainers: boolean
}

const summaryFields = {
  id: versionIdSchema,
  number: z.number().nullish(),
  metadata: z.object({ created_on: z.string(), source: z.string().nullish() }),
  annotations,
}
const summaryShape = z.object(summaryFields)

function summaryOf(seen: z.infer<typeof summaryShape>): VersionSummary {
  return {
    id: seen.id,
    createdOn: seen.metadata.created_on,
    ...present({
      number: seen.number,
      source: seen.metadata.source,
      tag: seen.annotations?.['workers/tag'],
      message: seen.annotations?.['workers/message'],
      triggeredBy: seen.annotations?.['workers/triggered_by'],
    }),
  }
}

export const versionsSchema = z.object({ items: z.array(summaryShape) }).transform((seen) => seen.items.map(summaryOf))

export const versionSchema = z
  .object({
    ...summaryFields,
    resources: z.object({
      bindings: z.array(z.object({ name: z.string(), type: z.string() })).nullish(),
      script_runtime: z
        .object({ migration_tag: z.string().nullish(), containers: z.array(z.unknown()).nullish() })
        .nullish(),
    }),
  })
  .transform((seen): VersionFacts => {
    const runtime = seen.resources.script_runtime
    return {
      ...summaryOf(seen),
      bindings: seen.resources.bindings ?? [],
      hasContainers: (runtime?.containers ?? []).length > 0,
      ...present({ migrationTag: runtime?.migration_tag }),
    }
  })

export const tokenSchema = z.object({ status: z.string() })

/** What is known of the Worker as a whole, not of one version. */
export interface ScriptFacts {
  /** Newest Durable Object migration that was applied. */
  readonly migrationTag?: string
  /** `wrangler`, `api`, `dash`, …: the client most recently used to deploy it. */
  readonly lastDeployedFrom?: string
}

export const serviceSchema = z
  .object({
    default_environment: z.object({
      script: z.object({ migration_tag: z.string().nullish(), last_deployed_from: z.string().nullish() }),
    }),
  })
  .transform(({ default_environment: { script } }): ScriptFacts =>
    present({ migrationTag: script.migration_tag, lastDeployedFrom: script.last_deployed_from }),
  )

export const secretsSchema = z
  .array(z.object({ name: z.string() }))
  .transform((seen): readonly string[] => seen.map((secret) => secret.name))

type Present<Fields> = { readonly [Name in keyof Fields]?: NonNullable<Fields[Name]> }

/** Leaves out what is `null` or `undefined`. */
function present<Fields extends Readonly<Record<string, unknown>>>(fields: Fields): Present<Fields>
function present(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null))
}
