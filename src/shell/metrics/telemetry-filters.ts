import { OVERRIDE_HEADER } from '../../core/checks/override.ts'

// Keys of events as the Cloudflare TypeScript SDK types them (`workers/observability/telemetry`).

export interface Filter {
  readonly key: string
  readonly operation: 'eq' | 'neq' | 'gt' | 'gte' | 'in' | 'includes' | 'exists' | 'is_null'
  readonly type: 'string' | 'number' | 'boolean'
  readonly value?: string | number | boolean
}

export const VERSION_KEY = '$workers.scriptVersion.id'
/** Of a span, whose attributes have other names. */
export const SPAN_VERSION_KEY = 'cloudflare.script_version.id'
export const WALL_TIME_KEY = '$workers.wallTimeMs'

/** Requests to the Worker itself, whatever came of them. */
export function requestsOf(script: string): readonly Filter[] {
  return [
    { key: '$metadata.service', operation: 'eq', type: 'string', value: script },
    { key: '$metadata.type', operation: 'eq', type: 'string', value: 'cf-worker-event' },
    // Crons and queues have no status, and a Durable Object's own event would count its user's request twice.
    { key: '$workers.eventType', operation: 'eq', type: 'string', value: 'fetch' },
    { key: '$workers.durableObjectId', operation: 'is_null', type: 'string' },
    // Checks and probes of our own, and whoever else has chosen the version: no sample of the users. Headers are not in the
    // SDK's types, but users of the API filter by them; were this one not kept, nothing would be left out.
    { key: `$workers.event.request.headers.${OVERRIDE_HEADER.toLowerCase()}`, operation: 'is_null', type: 'string' },
  ]
}

export const ofVersions = (versions: readonly string[]): Filter => ({ key: VERSION_KEY, operation: 'in', type: 'string', value: versions.join(',') })
export const ofSpanVersions = (versions: readonly string[]): Filter => ({ ...ofVersions(versions), key: SPAN_VERSION_KEY })
export const OF_NO_VERSION: Filter = { key: VERSION_KEY, operation: 'is_null', type: 'string' }

/**
 * What makes a request bad, by metric; `thresholds` are milliseconds of wall time. An outcome other than `ok` may
 * be a client that gave up: a version that hangs shows in nothing else.
 */
export function badRequests(thresholds: Readonly<Record<string, number>>): readonly (readonly [metric: string, filter: Filter])[] {
  return [
    ['exceptions', { key: '$workers.outcome', operation: 'neq', type: 'string', value: 'ok' }],
    ['server-errors', { key: '$workers.event.response.status', operation: 'gte', type: 'number', value: 500 }],
    ...Object.entries(thresholds).map(([metric, value]) => [metric, { key: WALL_TIME_KEY, operation: 'gt', type: 'number', value }] as const),
  ]
}
