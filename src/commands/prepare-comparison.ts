import { analysisSettingsSchema, type AnalysisSettings } from '../core/analysis/settings.ts'
import type { VersionId } from '../core/ids.ts'
import { hasSoak } from '../core/presets.ts'
import type { DeployConfig } from '../inputs/config.ts'
import { connectSources, type SourcePorts } from '../shell/metrics/connect.ts'
import type { OpenSource } from '../shell/metrics/sample.ts'
import type { Session } from './session.ts'
import type { Comparison } from './soak.ts'

export type PreparedComparison =
  | { readonly kind: 'ok'; readonly comparison?: Comparison }
  | { readonly kind: 'refused'; readonly details: readonly string[] }

/** Without steps that soak there is nothing to compare by. */
export const NOT_COMPARED: PreparedComparison = { kind: 'ok' }

function portsOf({ checkPorts, checkPlan, config }: Session<DeployConfig>): SourcePorts {
  const { apiBaseUrl, accountId, apiToken: token } = config.cloudflare
  return { ...checkPorts, baseUrl: checkPlan.checks.baseUrl, cloudflare: { apiBaseUrl, accountId, token }, random: Math.random }
}

/** Before anything changes: every source can be read, what is slow is frozen, and the whole test is fixed. */
export async function prepareComparison(session: Session<DeployConfig>, baseline: VersionId): Promise<PreparedComparison> {
  const { config, script, clock, runner } = session
  const { ramp, metrics: specs, rules, warmUpSeconds } = config.rollout
  if (!hasSoak(ramp)) return NOT_COMPARED
  const prepared = await Promise.all(
    connectSources(specs, portsOf(session)).map(async (source) => {
      runner.log(`Reading what is usual from ${source.name}.`)
      return { source, answer: await source.prepare({ script, baseline, nowMs: clock.now() }) }
    }),
  )
  const details = prepared.flatMap(({ source, answer }) => (answer.kind === 'refused' ? [`${source.name}: ${answer.problem}. ${answer.remedy}`] : []))
  if (details.length > 0) return { kind: 'refused', details }
  const sources: OpenSource[] = []
  const metrics: AnalysisSettings['metrics'] = []
  for (const { source, answer } of prepared) {
    if (answer.kind !== 'ok') continue
    metrics.push(...answer.metrics.map((metric) => ({ ...metric, name: `${source.name}/${metric.name}` })))
    const slow = answer.metrics.filter(({ kind }) => kind === 'latency').map(({ name }) => name)
    sources.push({ source, thresholds: answer.thresholds, slow: new Set(slow), countedToMs: 0, unknownInARow: 0 })
  }
  return { kind: 'ok', comparison: { settings: analysisSettingsSchema.parse({ ...rules, metrics }), sources, warmUpSeconds } }
}
