import { analysisSettingsSchema, type MetricSetting } from '../core/analysis/settings.ts'
import type { VersionId } from '../core/ids.ts'
import { hasSoak } from '../core/presets.ts'
import type { DeployConfig } from '../inputs/config.ts'
import type { RolloutConfig } from '../inputs/rollout.ts'
import { connectSources, type SourcePorts } from '../shell/metrics/connect.ts'
import { openSource } from '../shell/metrics/sample.ts'
import type { MetricSource, Prepared } from '../shell/metrics/source.ts'
import type { Session } from './session.ts'
import type { Comparison } from './soak.ts'

export type PreparedComparison =
  | { readonly kind: 'ok'; readonly comparison?: Comparison }
  | { readonly kind: 'refused'; readonly details: readonly string[] }

/** Without steps that soak there is nothing to compare by. */
export const NOT_COMPARED: PreparedComparison = { kind: 'ok' }

const ONLY_DRY_RUNS =
  'Every source of counts is a dry run (acts: false), so no step could ever pass. Let one of them act, add one that does, or compare nothing by `rollout: { preset: immediate }`.'

function portsOf({ checkPorts, checkPlan, config }: Session<DeployConfig>): SourcePorts {
  const { apiBaseUrl, accountId, apiToken: token } = config.cloudflare
  return { ...checkPorts, baseUrl: checkPlan.checks.baseUrl, cloudflare: { apiBaseUrl, accountId, token }, random: Math.random }
}

/** Before anything changes: every source that acts can be read, what is slow is frozen, and the whole test is fixed. */
export async function prepareComparison(session: Session<DeployConfig>, baseline: VersionId): Promise<PreparedComparison> {
  const { config, script, clock, runner } = session
  const { ramp, metrics: specs } = config.rollout
  if (!hasSoak(ramp)) return NOT_COMPARED
  const named = (some: typeof specs) => new Set(some.map(({ name }) => name))
  const [dryRuns, probing] = [named(specs.filter(({ acts }) => !acts)), named(specs.filter(({ kind }) => kind === 'probes'))]
  const prepared = await Promise.all(
    connectSources(specs, portsOf(session)).map(async (source): Promise<PreparedSource> => {
      runner.log(`Reading what is usual from ${source.name}.`)
      const { name } = source
      return { source, acts: !dryRuns.has(name), traffic: probing.has(name) ? 'own' : 'users', answer: await source.prepare({ script, baseline, nowMs: clock.now() }) }
    }),
  )
  return compareBy(prepared, config.rollout, (line) => runner.warn(line))
}

export interface PreparedSource {
  readonly source: MetricSource
  readonly acts: boolean
  readonly traffic: MetricSetting['traffic']
  readonly answer: Prepared
}

/** The test as these sources make it. One that acts and is not ready refuses the deploy; a dry run never does. */
export function compareBy(prepared: readonly PreparedSource[], { rules: { form, ...rules }, warmUpSeconds }: Pick<RolloutConfig, 'rules' | 'warmUpSeconds'>, warn: (line: string) => void): PreparedComparison {
  if (!prepared.some(({ acts }) => acts)) return { kind: 'refused', details: [ONLY_DRY_RUNS] }
  const unready = prepared.flatMap(({ source, acts, answer }) => (answer.kind === 'refused' ? [{ acts, why: `${source.name}: ${answer.problem}. ${answer.remedy}` }] : []))
  const details = unready.filter(({ acts }) => acts).map(({ why }) => why)
  if (details.length > 0) return { kind: 'refused', details }
  for (const { why } of unready) warn(`A dry run goes without ${why}`)
  const ready = prepared.flatMap(({ answer, ...one }) => (answer.kind === 'ok' ? [{ ...one, answer }] : []))
  const metrics = ready.flatMap(({ source, traffic, answer }) => settingsOf(answer.metrics).map((metric) => ({ ...metric, traffic, ...(form === undefined ? {} : { form }), name: `${source.name}/${metric.name}` })))
  const sources = ready.map(({ source, acts, answer }) => openSource(source, acts, answer))
  return { kind: 'ok', comparison: { settings: analysisSettingsSchema.parse({ ...rules, metrics }), sources, warmUpSeconds } }
}

/** The thresholds of one source count the same slowness: they share one weight. */
function settingsOf(metrics: readonly MetricSetting[]): readonly MetricSetting[] {
  const thresholds = metrics.filter(({ kind }) => kind === 'latency').length
  return metrics.map((metric) => (metric.kind === 'latency' ? { ...metric, weight: metric.weight / thresholds } : metric))
}
