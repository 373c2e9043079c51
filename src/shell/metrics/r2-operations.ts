import type { AccountApi } from './account-api.ts'
import type { Interval } from './source.ts'
import { ofSpanVersions, type Filter } from './telemetry-filters.ts'
import { countByVersion, doubtOfSamples, type Resolution, type Telemetry } from './telemetry-query.ts'

// Docs "Workers tracing, Spans and attributes": each call of a bucket is a span, which names its Worker and version; workerd
// fills in what is asked for here. Unconfirmed: that the telemetry query finds spans by these keys, as its users report of
// other attributes. Hence preflight wants to see operations, and successful ones, and without any there is no count.

/** The metric: operations of a bucket, and those that failed. */
export const R2_ERRORS = 'r2-errors'

export interface R2Counts {
  readonly totals: ReadonlyMap<string, number>
  readonly bad: ReadonlyMap<string, number>
  /** Whether some were still on their way to where they are counted. */
  readonly isArriving: boolean
}

const SUCCEEDED: Filter = { key: 'cloudflare.r2.response.success', operation: 'eq', type: 'boolean', value: true }
/**
 * R2 calls these no success, and they are no failure (codes 10007 and 10031): to look for what is not there, and a condition
 * of the caller's own. By their messages, since workerd has told the codes as text and as numbers.
 */
const EXPECTED: readonly Filter[] = ['The specified key does not exist', 'pre-conditions you specified did not hold'].map((value) => ({ key: 'cloudflare.r2.error.message', operation: 'includes', type: 'string', value }))

/** Raw operations per version. Whatever is neither a success nor expected has failed: one that was never answered says nothing. */
export async function countR2(api: AccountApi, script: string, { interval, versions }: { readonly interval: Interval; readonly versions: readonly string[] }): Promise<Telemetry<R2Counts>> {
  const operations: readonly Filter[] = [
    { key: 'cloudflare.script_name', operation: 'eq', type: 'string', value: script },
    { key: 'cloudflare.r2.operation', operation: 'exists', type: 'string' },
    ofSpanVersions(versions),
  ]
  const count = (...more: readonly Filter[]) => countByVersion(api, { interval, filters: [...operations, ...more], of: 'spans' })
  const totals = await count()
  if (totals.kind !== 'ok') return totals
  const fine = await Promise.all([SUCCEEDED, ...EXPECTED].map((filter) => count(filter)))
  const after = await count()
  if (after.kind !== 'ok') return after
  const resolutions: Resolution[] = [totals.resolution, after.resolution]
  const bad = new Map(totals.value)
  for (const answer of fine) {
    if (answer.kind !== 'ok') return answer
    resolutions.push(answer.resolution)
    for (const [version, counted] of answer.value) bad.set(version, (bad.get(version) ?? 0) - counted)
  }
  const sampled = doubtOfSamples(resolutions)
  if (sampled !== undefined) return { kind: 'unavailable', message: `R2 operations: ${sampled}` }
  const isArriving = versions.some((version) => totals.value.get(version) !== after.value.get(version))
  if (!isArriving && [...bad.values()].some((failed) => failed < 0)) return { kind: 'unavailable', message: 'more R2 operations went well than there were' }
  return { ...totals, value: { totals: totals.value, bad, isArriving } }
}
