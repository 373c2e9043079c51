import type { MetricSpec } from '../../core/metrics/kinds.ts'
import type { ProbesPorts } from './probe-requests.ts'
import { connectProbes } from './probes.ts'
import type { MetricSource } from './source.ts'

export type SourcePorts = ProbesPorts

/** Each source of counts with what it reads from. */
export function connectSources(specs: readonly MetricSpec[], ports: SourcePorts): readonly MetricSource[] {
  return specs.map((spec) => connectProbes(spec, ports))
}
