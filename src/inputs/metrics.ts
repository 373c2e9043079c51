import { z } from 'zod'
import { graphqlSource } from './metrics/graphql.ts'
import { observabilitySource } from './metrics/observability.ts'

const sources = [observabilitySource, graphqlSource] as const
/** One source of counts under `rollout.metrics`. */
export const metricSourceSchema = z.discriminatedUnion('kind', sources, { error: `allowed: ${sources.map(({ shape }) => shape.kind.value).join(', ')}` })
