import { z } from 'zod'
import { metricSettingSchema, type MetricSetting } from '../../core/analysis/settings.ts'
import type { ObservabilitySourceSpec, SlowLevel } from '../../core/metrics/spec.ts'
import { asRead } from '../cloudflare/answer-meaning.ts'
import type { AccountApi } from './account-api.ts'
import { newestComplete } from './complete-interval.ts'
import type { MetricSource, Prepared } from './source.ts'
import { badRequests, OF_NO_VERSION, ofVersions, requestsOf } from './telemetry-filters.ts'
import { countAll, countByVersion, doubtOfSamples, wallTimes, type Telemetry } from './telemetry-query.ts'

type Question = Parameters<MetricSource['prepare']>[0]
type Refused = Extract<Prepared, { readonly kind: 'refused' }>

/** Sees that telemetry is recorded and may be read, and freezes what is slow by the baseline's last hour. */
export async function prepareObservability(api: AccountApi, spec: ObservabilitySourceSpec, question: Question): Promise<Prepared> {
  const setting = await refusalOfSetting(api, question.script)
  if (setting !== undefined) return setting
  const interval = newestComplete(question.nowMs, spec.lagSeconds)
  const all = requestsOf(question.script)
  const baseline = [...all, ofVersions([question.baseline])]
  const totals = await countByVersion(api, { interval, filters: baseline })
  if (totals.kind !== 'ok') return refusedToCount(totals)
  const total = totals.value.get(question.baseline) ?? 0
  if (total === 0) {
    const unattributed = await countAll(api, { interval, filters: [...all, OF_NO_VERSION] })
    if (unattributed.kind !== 'ok') return refusedToCount(unattributed)
    if (unattributed.value > 0) return refused('the requests of the last hour carry no version', 'Count with another source.')
  }
  const thresholds = await freezeThresholds(api, spec.slow, { interval, filters: baseline }, total)
  if (thresholds.kind !== 'ok') return refusedToCount(thresholds)

  const counted = await Promise.all(badRequests(thresholds.value).map(async ([name, filter]) => [name, await countByVersion(api, { interval, filters: [...baseline, filter] })] as const))
  const metrics: MetricSetting[] = []
  for (const [name, bad] of counted) {
    if (bad.kind !== 'ok') return refusedToCount(bad)
    const counts = { total, bad: bad.value.get(question.baseline) ?? 0 }
    // Of two samples, or of requests that arrived in between, no rate can be told: then nothing is called usual.
    const isUsual = total > 0 && counts.bad <= total && doubtOfSamples([totals.resolution, bad.resolution]) === undefined
    metrics.push(settingOf(name, spec, isUsual ? counts : undefined))
  }
  return { kind: 'ok', metrics, thresholds: thresholds.value }
}

function settingOf(name: string, { acts, margin, slowMargin, tolerance }: ObservabilitySourceSpec, usual: MetricSetting['usual']): MetricSetting {
  const isSlow = name.startsWith('slow-')
  return metricSettingSchema.parse({ name, kind: isSlow ? 'latency' : 'errors', acts, margin: isSlow ? slowMargin : margin, tolerance, ...(usual === undefined ? {} : { usual }) })
}

const SHARE_ABOVE: Readonly<Record<SlowLevel, number>> = { p90: 0.1, p95: 0.05, p99: 0.01 }
/** A quantile that fewer requests lie above is a guess. */
const LEAST_ABOVE = 10

/** By metric, in milliseconds; what the last hour had too few requests for is left out, and not judged. */
async function freezeThresholds(api: AccountApi, slow: readonly SlowLevel[], question: Parameters<typeof wallTimes>[1], total: number): Promise<Telemetry<Readonly<Record<string, number>>>> {
  const levels = slow.filter((level) => total * SHARE_ABOVE[level] >= LEAST_ABOVE)
  if (levels.length === 0) return { kind: 'ok', value: {}, resolution: { level: 1, intervals: [] } }
  const found = await wallTimes(api, question, levels)
  if (found.kind !== 'ok') return found
  return { ...found, value: Object.fromEntries(Object.entries(found.value).map(([level, ms]) => [`slow-${level}`, ms])) }
}

/** Docs "Workers Logs": `observability`, and the part `logs` where it is given; without a rate every request is logged. */
const settingsSchema = z.object({
  observability: z
    .object({
      enabled: z.boolean().nullish(),
      head_sampling_rate: z.number().nullish(),
      logs: z.object({ enabled: z.boolean().nullish(), invocation_logs: z.boolean().nullish(), head_sampling_rate: z.number().nullish() }).nullish(),
    })
    .nullish(),
})

async function refusalOfSetting(api: AccountApi, script: string): Promise<Refused | undefined> {
  const read = asRead(await api.read(`/workers/scripts/${encodeURIComponent(script)}/script-settings`), settingsSchema)
  switch (read.kind) {
    case 'absent':
      return refused(`there is no Worker ${script}`, 'Check the name of the Worker and CLOUDFLARE_ACCOUNT_ID.')
    case 'denied':
      return refused(`the settings of ${script} cannot be read: ${api.told(read.message)}`, 'Give CLOUDFLARE_API_TOKEN the permission "Workers Scripts: Read" or "Edit".')
    case 'unavailable':
      return refused(`the settings of ${script} could not be read: ${api.told(read.message)}`, TRY_AGAIN)
    case 'ok':
      return refusalOf(read.value)
  }
}

function refusalOf({ observability }: z.infer<typeof settingsSchema>): Refused | undefined {
  const logs = observability?.logs ?? undefined
  const isOn = logs?.enabled ?? observability?.enabled ?? false
  if (!isOn) return refused('Workers Observability is off for this Worker', 'Set "observability": { "enabled": true } in the wrangler configuration, deploy once without steps, and wait an hour for usual counts.')
  if (logs?.invocation_logs === false) return refused('invocation logs are off, so that requests are not recorded', 'Remove "invocation_logs": false from "observability" in the wrangler configuration.')
  if ((logs?.head_sampling_rate ?? observability?.head_sampling_rate ?? 1) <= 0) return refused('no request is recorded: the head sampling rate is 0', 'Raise "head_sampling_rate" of "observability" in the wrangler configuration.')
  return undefined
}

const TRY_AGAIN = 'Run the deploy again; https://www.cloudflarestatus.com tells of incidents.'

function refusedToCount(answer: Telemetry<unknown>): Refused {
  const message = answer.kind === 'ok' ? '' : answer.message
  return answer.kind === 'denied'
    ? refused(`the token may not read telemetry: ${message}`, 'Give CLOUDFLARE_API_TOKEN the permission "Workers Observability: Edit" ("Write" in the API), and check CLOUDFLARE_ACCOUNT_ID.')
    : refused(`telemetry could not be read: ${message}`, TRY_AGAIN)
}

const refused = (problem: string, remedy: string): Refused => ({ kind: 'refused', problem: `Workers Observability: ${problem}`, remedy })
