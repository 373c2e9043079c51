import { z } from 'zod'
import { basics, headerName, headers, jsonPath, path, pattern, status, strict } from '../schema-parts.ts'

const jsonExpectation = strict({
  path: jsonPath,
  equals: z.json().optional(),
  matches: pattern.optional(),
  exists: z.boolean().optional(),
  type: z.enum(['string', 'number', 'boolean', 'object', 'array', 'null']).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
}).refine((one) => Object.keys(one).length > 1, { error: 'expected at least one of equals, matches, exists, type, min, max' })

export const httpExpectation = strict({
  status: z.union([status, z.array(status).min(1)], { error: 'expected a status from 100 to 599, or a list of them' }).default(200),
  headers: z.record(headerName, z.string()).default({}),
  json: z.array(jsonExpectation).default([]),
  text: z.string().optional().describe('Text that the body contains.'),
  matches: pattern.optional().describe('Regular expression that the body matches.'),
})

export const httpCheck = strict({
  ...basics,
  kind: z.literal('http'),
  path: path.describe('Path and query below `url`.'),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).default('GET'),
  headers,
  body: z.string().optional(),
  expect: httpExpectation.prefault({}),
})
