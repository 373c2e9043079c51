import { metricSettingSchema } from '../../core/analysis/settings.ts'
import type { GraphqlSourceSpec } from '../../core/metrics/spec.ts'
import type { AccountApi } from './account-api.ts'
import { isFresh, newestComplete, tooEarly } from './complete-interval.ts'
import { doubtOfTraffic } from './doubts.ts'
import { askInvocations, type Asked, type Invocations } from './invocations-query.ts'
import { toldBy, unknown, type Counted, type CountQuestion, type MetricSource, type Prepared } from './source.ts'

/** The only metric: an answer of 500 that the Worker gives itself counts as served. */
const EXCEPTIONS = 'exceptions'
const GRAPHQL = 'GraphQL Analytics'

/** Counts from Cloudflare's GraphQL Analytics: exceptions only, of all invocations of a version. */
export function connectGraphql(spec: GraphqlSourceSpec, api: AccountApi): MetricSource {
  return {
    name: spec.name,
    lagSeconds: spec.lagSeconds,
    prepare: (question) => prepare(api, spec, question),
    async count(question) {
      const counted = tooEarly(question.interval, spec.lagSeconds, api.clock.now()) ?? (await count(api, spec, question))
      return counted.kind === 'ok' ? counted : toldBy(GRAPHQL, counted)
    },
  }
}

async function count(api: AccountApi, { lagSeconds }: GraphqlSourceSpec, question: CountQuestion): Promise<Counted> {
  const asked = await askInvocations(api, question.script, question.interval)
  if (asked.kind !== 'ok') return unknown(asked.message)
  return doubtOfTraffic(asked.value, isFresh(question.interval, lagSeconds, api.clock.now())) ?? strata(question, asked.value)
}

type Question = Parameters<MetricSource['prepare']>[0]

/** Sees that analytics may be read, and how often the baseline has failed in the last hour. */
async function prepare(api: AccountApi, spec: GraphqlSourceSpec, { script, baseline, nowMs }: Question): Promise<Prepared> {
  const asked = await askInvocations(api, script, newestComplete(nowMs, spec.lagSeconds))
  if (asked.kind !== 'ok') return refusedToCount(asked)
  const { totals, unattributed } = asked.value
  if (unattributed > 0 && !totals.has(baseline)) return refused('the requests of the last hour carry no version', 'Count with another source.')
  const usual = countsOf(baseline, asked.value)
  const { acts, margin, tolerance } = spec
  const setting = metricSettingSchema.parse({ name: EXCEPTIONS, kind: 'errors', acts, margin, tolerance, ...(usual.total === 0 ? {} : { usual }) })
  return { kind: 'ok', metrics: [setting], thresholds: {} }
}

function strata({ candidate, baseline }: CountQuestion, seen: Invocations): Counted {
  return { kind: 'ok', metrics: { [EXCEPTIONS]: { candidate: countsOf(candidate, seen), baseline: countsOf(baseline, seen) } } }
}

function countsOf(version: string, { totals, exceptions }: Invocations) {
  return { total: totals.get(version) ?? 0, bad: exceptions.get(version) ?? 0 }
}

function refusedToCount(asked: Exclude<Asked, { readonly kind: 'ok' }>): Prepared {
  return asked.kind === 'denied'
    ? refused(`the token may not read it: ${asked.message}`, 'Give CLOUDFLARE_API_TOKEN the permission "Account Analytics: Read", and check CLOUDFLARE_ACCOUNT_ID.')
    : refused(`it could not be read: ${asked.message}`, 'Run the deploy again; https://www.cloudflarestatus.com tells of incidents.')
}

const refused = (problem: string, remedy: string): Prepared => ({ kind: 'refused', problem: `${GRAPHQL}: ${problem}`, remedy })
