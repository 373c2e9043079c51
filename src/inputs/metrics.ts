import { z } from 'zod'
import type { ProofSpec } from '../core/checks/proof.ts'
import type { CheckSpec } from '../core/checks/spec.ts'
import type { MetricSpec } from '../core/metrics/kinds.ts'
import { commandSource } from './metrics/command.ts'
import { graphqlSource } from './metrics/graphql.ts'
import { observabilitySource } from './metrics/observability.ts'
import { probesSource, probesSpecOf } from './metrics/probes.ts'
import { prometheusSource } from './metrics/prometheus.ts'
import { tailSource } from './metrics/tail.ts'
import type { FileProof } from './schema-parts.ts'

const sources = [probesSource, observabilitySource, graphqlSource, tailSource, prometheusSource, commandSource] as const
/** One source of counts under `rollout.metrics`. */
export const metricSourceSchema = z.discriminatedUnion('kind', sources, { error: `allowed: ${sources.map(({ shape }) => shape.kind.value).join(', ')}` })
export type FileMetricSource = z.infer<typeof metricSourceSchema>

/** A source of the file as the core knows it; `proof`: the file's, unless it has one of its own. */
export function metricSpecOf(source: FileMetricSource, proof: (own: FileProof | undefined) => ProofSpec): MetricSpec {
  return source.kind === 'probes' ? probesSpecOf(source, proof(source.proof)) : source
}

/** Where no source is given: our own requests, to the paths that plain checks ask for anyway. */
export function defaultSource(checks: readonly CheckSpec[], proof: ProofSpec): MetricSpec {
  const asked = checks.flatMap((check) => (check.kind === 'http' && check.method === 'GET' && Object.keys(check.headers).length === 0 && check.proof.kind !== 'none' ? [check.path] : []))
  const usual = probesSource.parse({ kind: 'probes' })
  return probesSpecOf(asked.length === 0 ? usual : { ...usual, paths: [...new Set(asked)] }, proof)
}
