import type { MetricSpec } from '../../core/metrics/kinds.ts'
import type { CommandSurroundings } from '../checks/asking.ts'
import type { CheckPorts } from '../checks/round.ts'
import { connectAccountApi, type AccountApiOptions } from './account-api.ts'
import { connectCommand } from './command.ts'
import { connectGraphql } from './graphql.ts'
import { guarded } from './guarded-source.ts'
import { connectObservability } from './observability.ts'
import { connectProbes } from './probes.ts'
import { connectPrometheus } from './prometheus.ts'
import type { MetricSource } from './source.ts'
import { connectTail } from './tail.ts'

/** What the sources read from, beside what their own specs name. */
export interface SourcePorts extends Pick<CheckPorts, 'probe' | 'clock' | 'signal'> {
  readonly commands: CommandSurroundings
  readonly baseUrl: URL
  readonly cloudflare: Pick<AccountApiOptions, 'apiBaseUrl' | 'accountId' | 'token'>
  /** From 0 to below 1. */
  random(): number
}

/** Each source of counts, ready to be prepared. */
export function connectSources(specs: readonly MetricSpec[], ports: SourcePorts): readonly MetricSource[] {
  return specs.map((spec) => guarded(connect(spec, ports)))
}

function connect(spec: MetricSpec, ports: SourcePorts): MetricSource {
  const { cloudflare, clock } = ports
  const api = connectAccountApi({ ...cloudflare, clock })
  switch (spec.kind) {
    case 'probes':
      return connectProbes(spec, ports)
    case 'observability':
      return connectObservability(spec, api)
    case 'graphql':
      return connectGraphql(spec, api)
    case 'tail':
      return connectTail(spec, { clock, api })
    case 'prometheus':
      return connectPrometheus(spec, ports)
    case 'command':
      return connectCommand(spec, ports)
  }
}
