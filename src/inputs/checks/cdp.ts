import { z } from 'zod'
import { HEALTH_PATH, problemOfUrl } from '../reader.ts'
import { basics, headers, strict } from '../schema-parts.ts'

export const cdpCheck = strict({
  ...basics,
  kind: z.literal('cdp'),
  endpoint: z
    .string()
    .superRefine((text, context) => {
      const message = HEALTH_PATH.test(text) ? undefined : problemOfUrl(text.replace(/^ws(s?):/, 'http$1:'))
      if (message !== undefined) context.addIssue({ code: 'custom', message, params: { isWhole: true } })
    })
    .describe('Where the browser is: `wss://…` (one with a token as `${secret:NAME}`), or a path below `url`. One that ends in `/json/version` is asked for the browser\'s WebSocket.'),
  headers,
})
