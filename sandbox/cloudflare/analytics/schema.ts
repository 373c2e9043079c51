import { buildSchema, GraphQLError, isScalarType, Kind, type GraphQLSchema, type ValueNode } from 'graphql'

/**
 * The part of Cloudflare's GraphQL Analytics that the sandbox answers, from docs "GraphQL Analytics API" and
 * introspections that users have published (2026-09): scalars in lower case, filters by suffix.
 */
const text = `
schema { query: Query }
scalar string
scalar Time
scalar Date
scalar uint64
scalar uint16
scalar float64
scalar float32

type Query { viewer: viewer }
type viewer { accounts(filter: AccountFilter_InputObject!): [account!] }
input AccountFilter_InputObject { accountTag: string! }

type account {
  workersInvocationsAdaptive(
    limit: uint64!
    filter: AccountWorkersInvocationsAdaptiveFilter_InputObject!
  ): [AccountWorkersInvocationsAdaptive!]!
}

input AccountWorkersInvocationsAdaptiveFilter_InputObject {
  scriptName: string
  scriptName_in: [string!]
  scriptVersion: string
  scriptVersion_in: [string!]
  status: string
  status_in: [string!]
  datetime_geq: Time
  datetime_gt: Time
  datetime_leq: Time
  datetime_lt: Time
}

type AccountWorkersInvocationsAdaptive {
  dimensions: AccountWorkersInvocationsAdaptiveDimensions
  sum: AccountWorkersInvocationsAdaptiveSum
  avg: AccountWorkersInvocationsAdaptiveAvg
  quantiles: AccountWorkersInvocationsAdaptiveQuantiles
}
type AccountWorkersInvocationsAdaptiveDimensions {
  cacheStatus: string! coloCode: string! date: Date! datetime: Time! datetimeMinute: Time! datetimeFiveMinutes: Time!
  datetimeFifteenMinutes: Time! datetimeHour: Time! dispatchNamespaceName: string! environmentName: string! isDispatcher: uint16!
  isPreview: uint16! previewSlug: string! scriptName: string! scriptTag: string! scriptVersion: string! status: string! usageModel: string!
}
type AccountWorkersInvocationsAdaptiveSum { requests: uint64! errors: uint64! subrequests: uint64! }
type AccountWorkersInvocationsAdaptiveAvg { sampleInterval: float64! }
type AccountWorkersInvocationsAdaptiveQuantiles { cpuTimeP50: float32! cpuTimeP99: float32! wallTimeP50: float32! wallTimeP95: float32! wallTimeP99: float32! }
`

/** Whether a literal is of a scalar; the others are only ever answered. */
const literals: Readonly<Record<string, (node: ValueNode) => boolean>> = {
  string: ({ kind }) => kind === Kind.STRING,
  uint64: (node) => node.kind === Kind.INT && Number.isSafeInteger(Number(node.value)) && Number(node.value) >= 0,
  Time: (node) => node.kind === Kind.STRING && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(node.value),
}

export const analyticsSchema = withScalars(buildSchema(text))

function withScalars(schema: GraphQLSchema): GraphQLSchema {
  for (const [name, isLiteral] of Object.entries(literals)) {
    const type = schema.getType(name)
    if (!isScalarType(type)) throw new Error(name)
    type.parseLiteral = (node) => {
      if (!isLiteral(node)) throw new GraphQLError(`this is no ${name}`)
      return node.kind === Kind.INT ? Number(node.value) : node.kind === Kind.STRING ? node.value : undefined
    }
  }
  return schema
}
