import { z } from 'zod'
import { basics, headers, path, pattern, seconds, strict } from '../schema-parts.ts'
import { httpExpectation } from './http.ts'

const text = z.string().max(65_536)

export const webSocketCheck = strict({
  ...basics,
  kind: z.literal('websocket'),
  path: path.describe('Path and query below `url`.'),
  headers,
  protocols: z.array(z.string().regex(/^[!#$%&'*+\-.0-9A-Z^_`|a-z~]{1,100}$/, 'expected the name of a subprotocol')).max(20).default([]).describe('Subprotocols to offer; one of them must be taken.'),
  send: z.union([text, z.array(text).max(20)], { error: 'expected a text, or a list of them' }).optional().describe('Text messages to send, each in a frame of its own.'),
  expect: strict({
    text: z.string().optional().describe('Text that the message contains.'),
    matches: pattern.optional().describe('Regular expression that the message matches.'),
    json: httpExpectation.shape.json,
    withinSeconds: seconds(120).optional().describe('From the opening; `timeoutSeconds` unless given, and never longer.'),
  }).optional().describe('What one of the first 100 messages must be. Without it, none is waited for.'),
  // Cloudflare changelog, "WebSockets now automatically reply to Close frames".
  closes: z.boolean().default(true).describe('Whether the Worker must answer a close frame; the runtime does so by itself since compatibility date 2026-04-07.'),
})
