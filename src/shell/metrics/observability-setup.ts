import { z } from 'zod'
import type { MetricSetting } from '../../core/analysis/settings.ts'
import { settingOf } from '../../core/metrics/declared-metric.ts'
import { tellableLevels } from '../../core/metrics/slow-levels.ts'
import type { ObservabilitySourceSpec, SlowLevel } from '../../core/metrics/spec.ts'
import type { AccountApi } from './account-api.ts'
import { HOUR_MS, newestComplete } from './complete-interval.ts'
import { countR2, R2_ERRORS } from './r2-operations.ts'
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
  const setting = refusalOf(settings.value, spec)
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
  const r2 = spec.r2 ? await prepareR2(api, spec, question) : undefined
  if (r2?.kind === 'refused') return r2
  return { kind: 'ok', metrics: [...metrics, ...(r2 === undefined ? [] : [r2.metric])], thresholds: thresholds.value }
}

/** Sees that operations of the baseline are found, and that they can be told from failed ones. */
async function prepareR2(api: AccountApi, spec: ObservabilitySourceSpec, { script, baseline, nowMs }: Question): Promise<Refused | { readonly kind: 'ok'; readonly metric: MetricSetting }> {
  const asked = await countR2(api, script, { interval: newestComplete(nowMs, spec.lagSeconds, 24 * HOUR_MS), versions: [baseline] })
  if (asked.kind !== 'ok') return refusedToCount(asked)
  const usual = { total: asked.value.totals.get(baseline) ?? 0, bad: asked.value.bad.get(baseline) ?? 0 }
  if (usual.total === 0) return refused('no R2 operation of the live version was recorded in the last day', 'Remove `r2: true` where the Worker calls no bucket. Where it does, see whether its traces show spans such as r2_get.')
  if (usual.bad >= usual.total) return refused('none of the R2 operations of the last day is known to have succeeded', 'Look at their spans in Workers Observability; where they are well, remove `r2: true`, and report it.')
  return { kind: 'ok', metric: settingOf(spec, { name: R2_ERRORS, kind: 'errors', unit: 'request' }, asked.value.isArriving || usual.bad < 0 ? undefined : usual) }
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
      traces: z.object({ enabled: z.boolean().nullish(), head_sampling_rate: z.number().nullish() }).nullish(),
      logs: z.object({ enabled: z.boolean().nullish(), invocation_logs: z.boolean().nullish(), head_sampling_rate: z.number().nullish() }).nullish(),
    })
    .nullish(),
})

function refusalOf({ observability }: z.infer<typeof settingsSchema>, { r2 }: ObservabilitySourceSpec): Refused | undefined {
  const logs = observability?.logs ?? undefined
  const isOn = logs?.enabled ?? observability?.enabled ?? false
  if (!isOn) return refused('Workers Observability is off for this Worker', 'Set "observability": { "enabled": true } in the wrangler configuration, and deploy once without steps.')
  if (logs?.invocation_logs === false) return refused('invocation logs are off, so that requests are not recorded', 'Remove "invocation_logs": false from "observability" in the wrangler configuration.')
  if ((logs?.head_sampling_rate ?? observability?.head_sampling_rate ?? 1) <= 0) return refused('no request is recorded: the head sampling rate is 0', 'Raise "head_sampling_rate" of "observability" in the wrangler configuration.')
  const traces = observability?.traces
  if (r2 && (traces?.enabled !== true || (traces.head_sampling_rate ?? 1) <= 0)) return refused('`r2: true` counts by traces, and this Worker is not traced', 'Set "traces": { "enabled": true } under "observability" in the wrangler configuration, and deploy once without steps.')
  return undefined
}

function refusedToCount(answer: Telemetry<unknown>): Refused {
  const message = answer.kind === 'ok' ? '' : answer.message
  return answer.kind === 'denied'
    ? refused(`the token may not read telemetry: ${message}`, 'Give CLOUDFLARE_API_TOKEN the permission "Workers Observability: Edit" ("Write" in the API), and check CLOUDFLARE_ACCOUNT_ID.')
    : refused(`telemetry could not be read: ${message}`, TRY_AGAIN)
}

const refused = (problem: string, remedy: string): Refused => ({ kind: 'refused', problem: `Workers Observability: ${problem}`, remedy })
