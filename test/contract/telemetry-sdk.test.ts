import Cloudflare from 'cloudflare'
import type { TelemetryQueryParams, TelemetryQueryResponse } from 'cloudflare/resources/workers/observability/telemetry'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { observabilitySource } from '../../src/inputs/metrics/observability.ts'
import { connectObservability } from '../../src/shell/metrics/observability.ts'
import { accountId, baseline, candidate, connectApi, question, sandbox, script, serve, serveLater, setTime, START, telemetry, token, upload, withWorker, world } from '../shell/metrics-samples.ts'

// The source of counts and the sandbox, judged by Cloudflare's own SDK: its types are what both schemas below have to be
// assignable to, whatever they let through it must let through, and its client asks what the source asks.

const value = z.union([z.string(), z.number(), z.boolean()])
const type = z.enum(['string', 'number', 'boolean'])
const parametersSchema = z.strictObject({
  datasets: z.array(z.string()).exactOptional(),
  filterCombination: z.enum(['and', 'or']).exactOptional(),
  filters: z.array(z.strictObject({ key: z.string(), operation: z.enum(['eq', 'neq', 'gt', 'gte', 'in', 'includes', 'exists', 'is_null']), type, value: value.exactOptional() })).exactOptional(),
  calculations: z.array(z.union([
    z.strictObject({ operator: z.literal('count'), alias: z.string().exactOptional() }),
    z.strictObject({ operator: z.enum(['p90', 'p95', 'p99']), alias: z.string().exactOptional(), key: z.string(), keyType: type.exactOptional() }),
  ])).exactOptional(),
  groupBys: z.array(z.strictObject({ type, value: z.string() })).exactOptional(),
}) satisfies z.ZodType<NonNullable<TelemetryQueryParams['parameters']>>
const queryParams = z.strictObject({
  queryId: z.string(),
  dry: z.boolean().exactOptional(),
  view: z.literal('calculations').exactOptional(),
  ignoreSeries: z.boolean().exactOptional(),
  limit: z.number().exactOptional(),
  timeframe: z.strictObject({ from: z.number(), to: z.number() }),
  parameters: parametersSchema.exactOptional(),
}) satisfies z.ZodType<Omit<TelemetryQueryParams, 'account_id'>>

const timeframe = z.strictObject({ from: z.number(), to: z.number() })
const aggregate = z.strictObject({ value: z.number(), count: z.number(), interval: z.number(), sampleInterval: z.number(), groups: z.array(z.strictObject({ key: z.string(), value })).exactOptional() })
const queryResponse = z.strictObject({
  run: z.strictObject({
    id: z.string(), accountId: z.string(), dry: z.boolean(), granularity: z.number(), status: z.enum(['STARTED', 'COMPLETED']), timeframe, userId: z.string(), created: z.string(), updated: z.string(),
    query: z.strictObject({ id: z.string(), adhoc: z.boolean(), created: z.string(), createdBy: z.string(), description: z.string().nullable(), name: z.string(), parameters: parametersSchema, updated: z.string(), updatedBy: z.string() }),
  }),
  statistics: z.strictObject({ bytes_read: z.number(), elapsed: z.number(), rows_read: z.number(), abr_level: z.number().exactOptional() }),
  calculations: z.array(z.strictObject({ alias: z.string().exactOptional(), calculation: z.string(), aggregates: z.array(aggregate), series: z.array(z.never()) })),
}) satisfies z.ZodType<TelemetryQueryResponse>

withWorker()

test("every question of the source is one that Cloudflare's SDK can ask, and the sandbox answers it as the SDK has it", async () => {
  await upload({ enabled: true, head_sampling_rate: 0.5, traces: { enabled: true } })
  for (const versionId of [baseline, candidate]) telemetry.recordOperation({ scriptName: script, versionId, atMs: START, attributes: { 'cloudflare.r2.operation': 'GetObject', 'cloudflare.r2.response.success': true } })
  telemetry.recordOperation({ scriptName: script, versionId: baseline, atMs: START - 120_000, attributes: { 'cloudflare.r2.operation': 'GetObject', 'cloudflare.r2.response.success': true } })
  const asked: unknown[] = []
  const api = connectApi({ fetch: (url, init) => {
    if (url.endsWith('/telemetry/query')) asked.push(JSON.parse(z.string().parse(init.body)))
    return fetch(url, init)
  } })
  const source = connectObservability(observabilitySource.parse({ kind: 'observability', r2: true }), api)
  serve(3000, {}, { from: -3000, seconds: 2990 })
  serve(100)
  serve(100, { versionId: candidate, status: 500 })
  serveLater()
  setTime(-60)
  const prepared = await source.prepare({ script, baseline, nowMs: START })
  setTime(61)
  expect(await source.count({ ...question, thresholds: { 'slow-p95': 100 } })).toMatchObject({ kind: 'ok', metrics: { 'r2-errors': { candidate: { total: 1, bad: 0 } } } })
  expect(prepared).toMatchObject({ kind: 'ok', thresholds: { 'slow-p95': 5 } })

  const { telemetry: client } = new Cloudflare({ apiToken: token, baseURL: sandbox.apiBaseUrl, maxRetries: 0 }).workers.observability
  const answers = await Promise.all(asked.map((body) => client.query({ account_id: accountId, ...queryParams.parse(body) })))
  expect(answers.length).toBeGreaterThan(10)
  const found = answers.map((answer) => queryResponse.parse(answer))
  expect(found.flatMap(({ calculations }) => calculations.flatMap(({ aggregates }) => aggregates)).some(({ sampleInterval, groups }) => sampleInterval === 2 && groups !== undefined)).toBe(true)
  expect(world.violations).toEqual([])
})
