import { z } from 'zod'
import type { JsonAnswer } from '../http.ts'
import type { AccountApi } from './account-api.ts'
import type { Traffic } from './doubts.ts'
import type { Interval } from './source.ts'

// Docs "GraphQL Analytics API"; the data set is `workersInvocationsAdaptive`.

/** Raw invocations of one script in one interval. */
export interface Invocations extends Traffic {
  /** Those that Cloudflare counts as errors, by version: exceptions, exceeded limits, its own failures. */
  readonly exceptions: ReadonlyMap<string, number>
}

export type Asked =
  | { readonly kind: 'ok'; readonly value: Invocations }
  | { readonly kind: 'denied' | 'unavailable'; readonly message: string }

/** The most rows that are asked for; as many as that may be cut off. */
const MOST_ROWS = 1000

/**
 * Everything is written out in the query: whether a variable for a time is of type `Time` or `string` differs
 * between reports, and a wrong one fails the whole query. Strings of JSON are strings of GraphQL.
 */
export function invocationsQuery(accountId: string, script: string, { fromMs, toMs }: Interval): string {
  const rowsOf = (bounds: string) => `workersInvocationsAdaptive(limit: ${MOST_ROWS}, filter: { scriptName: ${JSON.stringify(script)}, ${bounds} })`
  const [from, to] = [fromMs, toMs].map((ms) => JSON.stringify(isoSeconds(ms)))
  return `query {
  viewer { accounts(filter: { accountTag: ${JSON.stringify(accountId)} }) {
    interval: ${rowsOf(`datetime_geq: ${from}, datetime_lt: ${to}`)} { dimensions { scriptVersion status } sum { requests errors } avg { sampleInterval } }
    later: ${rowsOf(`datetime_geq: ${to}`)} { sum { requests } }
  } }
}`
}

/** The data set has times in whole seconds: both ends rounded in one direction, nothing counts in two intervals. */
export function wholeSeconds({ fromMs, toMs }: Interval): Interval {
  return { fromMs: floorSecond(fromMs), toMs: floorSecond(toMs) }
}

const floorSecond = (ms: number) => Math.floor(ms / 1000) * 1000
const isoSeconds = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`

export async function askInvocations(api: AccountApi, script: string, interval: Interval): Promise<Asked> {
  const seconds = wholeSeconds(interval)
  if (seconds.fromMs >= seconds.toMs) return unavailable('the interval is shorter than a second')
  const answer = await api.graphql({ query: invocationsQuery(api.accountId, script, seconds) })
  const asked = meaningOf(answer)
  return asked.kind === 'ok' ? asked : { kind: asked.kind, message: api.told(asked.message) }
}

const wholeNumber = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)
const rowSchema = z.object({
  dimensions: z.object({ scriptVersion: z.string().nullish(), status: z.string() }),
  sum: z.object({ requests: wholeNumber, errors: wholeNumber }),
  avg: z.object({ sampleInterval: z.number().min(1) }),
})
type Row = z.infer<typeof rowSchema>

const dataSchema = z.object({
  viewer: z.object({
    accounts: z.array(z.object({ interval: z.array(rowSchema), later: z.array(z.object({ sum: z.object({ requests: wholeNumber }) })) })),
  }),
})
const problemsSchema = z.object({
  errors: z.array(z.object({ message: z.string().default('no message'), extensions: z.object({ code: z.string().optional() }).nullish() })).nullish(),
})

function meaningOf(answer: JsonAnswer): Asked {
  if (answer.kind === 'no-answer') return unavailable(answer.reason)
  const { status } = answer
  if (answer.kind === 'not-json') return unavailable(`HTTP ${status}, but not from Cloudflare's API`)
  const problems = problemsSchema.safeParse(answer.body)
  // Errors are told with HTTP 200 too; then half of the data may be there, and is not all.
  const [problem] = problems.data?.errors ?? []
  const message = `${problem?.message ?? 'no message'} (HTTP ${status})`
  if (status === 401 || status === 403 || problem?.extensions?.code === 'authz') return { kind: 'denied', message }
  if (status !== 200) return unavailable(message)
  if (!problems.success) return unexpected('errors of an unknown form')
  if (problem !== undefined) return unavailable(message)
  const decoded = z.object({ data: dataSchema }).safeParse(answer.body)
  if (!decoded.success) return unexpected(decoded.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
  const [account, ...others] = decoded.data.data.viewer.accounts
  if (account === undefined) return { kind: 'denied', message: 'the token sees no such account' }
  if (others.length > 0) return unexpected('one account was asked for')
  return counted(account.interval, account.later.reduce((sum, row) => sum + row.sum.requests, 0))
}

function counted(rows: readonly Row[], later: number): Asked {
  if (rows.length >= MOST_ROWS) return unexpected('the rows are cut off')
  if (new Set(rows.map(({ avg }) => avg.sampleInterval)).size > 1) return unavailable('the counts come from samples of different sizes')
  const totals = new Map<string, number>()
  const exceptions = new Map<string, number>()
  const seen = new Set<string>()
  let unattributed = 0
  for (const row of rows) {
    const { scriptVersion, status } = row.dimensions
    const group = JSON.stringify([scriptVersion, status])
    if (seen.has(group)) return unexpected('one version and status twice')
    seen.add(group)
    const total = rawOf(row.sum.requests, row)
    const bad = rawOf(exceptionsOf(row), row)
    if (total === undefined || bad === undefined) return unavailable('the counts are drawn out from a sample, and do not say how many invocations were seen')
    if (bad > total) return unexpected('more errors than invocations')
    if (scriptVersion === undefined || scriptVersion === null || scriptVersion === '') unattributed += total
    else {
      totals.set(scriptVersion, (totals.get(scriptVersion) ?? 0) + total)
      exceptions.set(scriptVersion, (exceptions.get(scriptVersion) ?? 0) + bad)
    }
  }
  return { kind: 'ok', value: { totals, exceptions, unattributed, later } }
}

const ERRORS: ReadonlySet<string> = new Set(['scriptThrewException', 'exceededResources', 'internalError'])
const NO_ERRORS: ReadonlySet<string> = new Set(['success', 'clientDisconnected'])

/** Docs "Workers metrics": of a status that is not listed there, Cloudflare's own count of errors. */
function exceptionsOf({ dimensions, sum }: Row): number {
  if (ERRORS.has(dimensions.status)) return sum.requests
  return NO_ERRORS.has(dimensions.status) ? 0 : sum.errors
}

/**
 * Docs "Sampling": the sums of a sample are drawn out to all invocations, which would draw out the evidence as well.
 * All rows of one sample have one interval; the sum of such is a multiple of it.
 */
function rawOf(sum: number, { avg: { sampleInterval } }: Row): number | undefined {
  const raw = Math.round(sum / sampleInterval)
  return Math.abs(raw * sampleInterval - sum) <= 1e-6 * Math.max(1, sum) ? raw : undefined
}

function unavailable(message: string): Asked {
  return { kind: 'unavailable', message }
}

function unexpected(why: string): Asked {
  return unavailable(`Cloudflare's answer is not as expected: ${why}`)
}
