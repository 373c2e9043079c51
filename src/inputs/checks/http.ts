import { z } from 'zod'
import { basics, count, headerName, headers, headerValue, jsonPath, path, pattern, status, strict } from '../schema-parts.ts'

const MOST_BODY_BYTES = 1_048_576

const jsonExpectation = strict({
  path: jsonPath,
  equals: z.json().optional(),
  matches: pattern.optional(),
  exists: z.boolean().optional(),
  type: z.enum(['string', 'number', 'boolean', 'object', 'array', 'null']).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
}).refine((one) => Object.keys(one).length > 1, { error: 'expected at least one of equals, matches, exists, type, min, max' })

const STATUSES = 'expected a status from 100 to 599, a class such as 2xx, a range such as 200-299, or a list of them'
const statusRange = z.union([status, z.string().regex(/^(?:[1-5]xx|[1-5]\d\d-[1-5]\d\d)$/, STATUSES)], { error: STATUSES })
const statuses = z.union([statusRange, z.array(statusRange).min(1)], { error: STATUSES })
const headerExpectation = z.union([headerValue, strict({ matches: pattern.optional(), exists: z.boolean().optional() })], { error: 'expected a value, { matches: <pattern> } or { exists: true or false }' })

const bodyExpected = {
  json: z.array(jsonExpectation).default([]),
  text: z.string().optional().describe('Text that the body contains.'),
  matches: pattern.optional().describe('Regular expression that the body matches.'),
  jsonSchema: z.record(z.string(), z.json()).optional().describe('JSON Schema (2020-12) of the body; `format` judges nothing.'),
  bodyBytes: strict({ min: count(0, MOST_BODY_BYTES).optional(), max: count(0, MOST_BODY_BYTES).optional() }).optional().describe('Size of the body.'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits').optional().describe('SHA-256 of the body.'),
  withinMs: count(1, 120_000).optional().describe('From the request to the end of the body.'),
}

const headersExpected = z.record(headerName, headerExpectation).default({}).describe('Exact values, or what else each header must be.')
export const httpExpectation = strict({ status: statuses.default(200), headers: headersExpected, ...bodyExpected })
/** Any status unless one is given. */
const definiteFailure = strict({ status: statuses.default('100-599'), headers: headersExpected, ...bodyExpected })

export const httpCheck = strict({
  ...basics,
  kind: z.literal('http'),
  path: path.describe('Path and query below `url`.'),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).default('GET'),
  headers,
  query: z.record(z.string(), z.string()).optional().describe('Added to the path.'),
  body: z.string().optional(),
  redirects: z.enum(['answer', 'follow']).default('answer').describe('`follow`: up to five, and the last answer counts; else the redirect is the answer.'),
  maxBodyBytes: count(1, MOST_BODY_BYTES).default(65_536).describe('Read of a body; what follows is not.'),
  certificateDays: count(0, 3650).optional().describe('Days for which the TLS certificate must still be valid.'),
  expect: httpExpectation.prefault({}),
  failAtOnce: definiteFailure.refine((one) => Object.keys(one).length > 0, { error: 'expected what such an answer looks like' }).optional().describe('An answer of the version that meets all of this has failed for good, and is not waited for.'),
})
