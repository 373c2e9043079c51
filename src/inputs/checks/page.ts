import { z } from 'zod'
import { basics, count, headers, path, strict } from '../schema-parts.ts'

export const pageCheck = strict({
  ...basics,
  kind: z.literal('page'),
  path: path.describe('Path of an HTML page below `url`.'),
  headers,
  text: z.string().min(1).optional().describe('Text that the page contains.'),
  external: z.boolean().default(false).describe('Whether what it loads from other hosts is asked for too.'),
  mostAssets: count(1, 200).default(50).describe('Scripts, styles and images that are asked for at most.'),
})
