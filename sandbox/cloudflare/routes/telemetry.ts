import { z } from 'zod'
import { bodyOf, ok, type Call, type Route } from '../route.ts'
import { aggregate, calculationSchema, grouped, groupBySchema } from '../telemetry/calculations.ts'
import { filterSchema, passes, type Row } from '../telemetry/event-filters.ts'

/**
 * API reference "Telemetry, run a query", as far as counts need it: one view, parameters in the request, all
 * filters at once. What the API takes beside this is a gap.
 */
const queryBody = z.strictObject({
  queryId: z.string().min(1),
  timeframe: z.strictObject({ from: z.number().int(), to: z.number().int() }),
  dry: z.boolean().optional(),
  view: z.literal('calculations'),
  chartType: z.literal('aggregate').optional(),
  ignoreSeries: z.boolean().optional(),
  limit: z.number().int().positive().optional(),
  parameters: z.strictObject({
    datasets: z.array(z.literal('cloudflare-workers')).optional(),
    filterCombination: z.literal('and').optional(),
    filters: z.array(filterSchema).optional(),
    calculations: z.array(calculationSchema).min(1),
    groupBys: z.array(groupBySchema).optional(),
    limit: z.number().int().positive().optional(),
  }),
})
type Query = z.infer<typeof queryBody>

export const telemetryRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/accounts/:account/workers/observability/telemetry/query',
    // API reference: Workers Observability Write. Users report that Read is enough; unconfirmed.
    needs: 'workers-observability:edit',
    answer(call) {
      const query = bodyOf(call, queryBody)
      const showing = call.plane.telemetry.showing('observability')
      const events = [...matching(call, query)]
      const { calculations, groupBys = [], limit = query.limit } = query.parameters
      const groups = grouped(events, groupBys).slice(0, limit ?? 10)
      return ok({
        run: runOf(call, query),
        statistics: {
          elapsed: 0.01,
          rows_read: events.length,
          bytes_read: 500 * events.length,
          // SDK: "if empty the ABR level is 1".
          ...(showing.abrLevel === 1 ? {} : { abr_level: showing.abrLevel }),
        },
        calculations: calculations.map((calculation) => ({
          calculation: calculation.operator,
          ...(calculation.alias === undefined ? {} : { alias: calculation.alias }),
          aggregates: groups.map((group) => aggregate(calculation, group, showing)),
          series: [],
        })),
      })
    },
  },
]

/** Users find spans in a data set of another name, or naming none: what the documents call "all available". */
function* matching({ plane }: Call, { timeframe, parameters }: Query): Iterable<Row> {
  const filters = (parameters.filters ?? []).map(passes)
  const interval = { fromMs: timeframe.from, toMs: timeframe.to }
  const isPassed = (row: Row) => filters.every((filter) => filter(row))
  for (const event of plane.telemetry.seen('observability', interval)) if (isPassed(event)) yield event
  if (parameters.datasets !== undefined) return
  for (const span of plane.telemetry.seenSpans(interval)) if (isPassed(span)) yield span
}

function runOf({ plane, token }: Call, { queryId, dry = false, timeframe, parameters }: Query) {
  const at = plane.world.now().toISOString()
  return {
    id: plane.world.uuid(),
    accountId: plane.account.id,
    userId: token.id,
    dry,
    granularity: 0,
    status: 'COMPLETED',
    timeframe,
    created: at,
    updated: at,
    query: { id: queryId, adhoc: true, name: queryId, description: null, created: at, createdBy: token.id, updated: at, updatedBy: token.id, parameters },
  }
}
