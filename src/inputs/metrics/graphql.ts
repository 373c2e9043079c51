import { z } from 'zod'
import { strict } from '../schema-parts.ts'
import { lag, MARGIN_BELOW_TOLERANCE, metricBasics } from './basics.ts'

export const graphqlSource = strict({
  ...metricBasics,
  kind: z.literal('graphql'),
  name: metricBasics.name.default('graphql'),
  // Not documented; users of the API wait two minutes.
  lagSeconds: lag(120),
})
  .refine(({ margin, tolerance }) => tolerance > margin, { error: MARGIN_BELOW_TOLERANCE, path: ['tolerance'] })
  .describe('GraphQL Analytics: exceptions only; a Worker that answers 500 itself counts as served. Needs a token with Account Analytics: Read.')
