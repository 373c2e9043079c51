/**
 * The part of Cloudflare's GraphQL Analytics that the sandbox answers, from docs "GraphQL Analytics API" and
 * introspections that users have published (2026-09): scalars in lower case, filters by suffix.
 */
export const analyticsSchema = `
schema { query: Query }
scalar string
scalar Time
scalar uint64
scalar float64

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
type AccountWorkersInvocationsAdaptiveDimensions { scriptName: string! scriptVersion: string! status: string! datetime: Time! }
type AccountWorkersInvocationsAdaptiveSum { requests: uint64! errors: uint64! }
type AccountWorkersInvocationsAdaptiveAvg { sampleInterval: float64! }
type AccountWorkersInvocationsAdaptiveQuantiles { wallTimeP50: float64! wallTimeP95: float64! wallTimeP99: float64! }
`
