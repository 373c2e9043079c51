import { z } from 'zod'
import { basics, headers, path, strict } from '../schema-parts.ts'

const names = z.array(z.string().min(1).max(60))

export const healthCheck = strict({
  ...basics,
  kind: z.literal('health'),
  path: path.default('/healthz').describe('Path and query of the health document, below `url`.'),
  headers,
  required: names.default([]).describe('Components that must be in the document; each must pass, as every other does.'),
  optional: names.default([]).describe('Components whose failure is reported and blamed on nobody.'),
  objectVersions: names.default([]).describe('Components whose observed value is the version id that their Durable Object runs: waited for once the candidate serves everybody.'),
})
