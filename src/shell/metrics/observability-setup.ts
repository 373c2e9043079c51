import { z } from 'zod'
import type { MetricSetting } from '../../core/analysis/settings.ts'
import { settingOf } from '../../core/metrics/declared-metric.ts'
import { sharingWeight, tellableLevels } from '../../core/metrics/slow-levels.ts'
import type { ObservabilitySourceSpec, SlowLevel } from '../../core/metrics/spec.ts'
import type { AccountApi } from './account-api.ts'
import { HOUR_MS, newestComplete } from './complete-interval.ts'
import { readScriptSettings, TRY_AGAIN } from './script-settings.ts'
import type { MetricSource, Prepared } from './source.ts'
import { badRequests, OF_NO_VERSION, ofVersions, requestsOf } from './telemetry-filters.ts'
import { countAll, countByVersion, doubtOfSamples, wallTimes, type Resolution, type Telemetry, type TelemetryQuestion } from './telemetry-query.ts'

type Question = Parameters<MetricSource['prepare']>[0]
type Refused = Extract<Prepared, { readonly kind: 'refused' }>

/** Sees that telemetry is recorded and may be read, and freezes what is slow by the baseline's last hour, or day. */
export async function prepareObservability(api: AccountApi, spec: ObservabilitySourceSpec, question: Question): Promise<Prepared> {
  const settings = await readScriptSettings(api, question.script, settingsSchema)
  if (settings.kind !== 'ok') return refused(settings.problem, settings.remedy)
  const setting = refusalOf(settings.value)
  if (setting !== undefined) return setting
  const usual = await lookForUsual(api, spec, question)
  if (usual.kind !== 'ok') return refusedToCount(usual)
  const { total, unattributed, asked, resolution } = usual.value
  if (total === 0 && unattributed > 0) return refused('the requests of the last day carry no version', 'Count with another source.')
  const thresholds = await freezeThresholds(api, spec.slow, asked, total)
  if (thresholds.kind !== 'ok') return refusedToCount(thresholds)

  const counted = await Promise.all(badRequests(thresholds.value).map(async ([name, filter]) => [name, await countByVersion(api, { ...asked, filters: [...asked.filters, filter] })] as const))
  const metrics: MetricSetting[] = []
  for (const [name, bad] of counted) {
    if (bad.kind !== 'ok') return refusedToCount(bad)
    const counts = { total, bad: bad.value.get(question.baseline) ?? 0 }
    // Of two samples, or of requests that arrived in between, no rate can be told: then nothing is called usual.
    const isUsual = counts.bad <= total && doubtOfSamples([resolution, bad.resolution]) === undefined
    metrics.push(settingOf(spec, { name, kind: Object.hasOwn(thresholds.value, name) ? 'latency' : 'errors', unit: 'request' }, isUsual ? counts : undefined))
  }
  return { kind: 'ok', metrics: sharingWeight(metrics), thresholds: thresholds.value }
}

interface Usual {
  /** The baseline's requests, and where they were found. */
  readonly total: number
  readonly asked: TelemetryQuestion
  readonly resolution: Resolution
  /** Where there was none of the baseline's: requests without a version. */
  readonly unattributed: number
}

/** The last hour; of a Worker that was quiet in it, the last day. */
async function lookForUsual(api: AccountApi, { lagSeconds }: ObservabilitySourceSpec, { script, baseline, nowMs }: Question): Promise<Telemetry<Usual>> {
  const all = requestsOf(script)
  const totalIn = async (lengthMs: number): Promise<Telemetry<Usual>> => {
    const asked = { interval: newestComplete(nowMs, lagSeconds, lengthMs), filters: [...all, ofVersions([baseline])] }
    const counted = await countByVersion(api, asked)
    if (counted.kind !== 'ok') return counted
    return { ...counted, value: { total: counted.value.get(baseline) ?? 0, asked, resolution: counted.resolution, unattributed: 0 } }
  }
  const hour = await totalIn(HOUR_MS)
  const usual = hour.kind === 'ok' && hour.value.total === 0 ? await totalIn(24 * HOUR_MS) : hour
  if (usual.kind !== 'ok' || usual.value.total > 0) return usual
  const unattributed = await countAll(api, { ...usual.value.asked, filters: [...all, OF_NO_VERSION] })
  return unattributed.kind === 'ok' ? { ...usual, value: { ...usual.value, unattributed: unattributed.value } } : unattributed
}

/** By metric, in milliseconds; what the baseline had too few requests for is left out, and not judged. */
async function freezeThresholds(api: AccountApi, slow: readonly SlowLevel[], asked: TelemetryQuestion, total: number): Promise<Telemetry<Readonly<Record<string, number>>>> {
  const levels = tellableLevels(slow, total)
  if (levels.length === 0) return { kind: 'ok', value: {}, resolution: { level: 1, intervals: [] } }
  const found = await wallTimes(api, asked, levels)
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

function refusalOf({ observability }: z.infer<typeof settingsSchema>): Refused | undefined {
  const logs = observability?.logs ?? undefined
  const isOn = logs?.enabled ?? observability?.enabled ?? false
  if (!isOn) return refused('Workers Observability is off for this Worker', 'Set "observability": { "enabled": true } in the wrangler configuration, and deploy once without steps.')
  if (logs?.invocation_logs === false) return refused('invocation logs are off, so that requests are not recorded', 'Remove "invocation_logs": false from "observability" in the wrangler configuration.')
  if ((logs?.head_sampling_rate ?? observability?.head_sampling_rate ?? 1) <= 0) return refused('no request is recorded: the head sampling rate is 0', 'Raise "head_sampling_rate" of "observability" in the wrangler configuration.')
  return undefined
}

function refusedToCount(answer: Telemetry<unknown>): Refused {
  const message = answer.kind === 'ok' ? '' : answer.message
  return answer.kind === 'denied'
    ? refused(`the token may not read telemetry: ${message}`, 'Give CLOUDFLARE_API_TOKEN the permission "Workers Observability: Edit" ("Write" in the API), and check CLOUDFLARE_ACCOUNT_ID.')
    : refused(`telemetry could not be read: ${message}`, TRY_AGAIN)
}

const refused = (problem: string, remedy: string): Refused => ({ kind: 'refused', problem: `Workers Observability: ${problem}`, remedy })
