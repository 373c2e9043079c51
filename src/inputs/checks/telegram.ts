import { z } from 'zod'
import { basics, count, headers, path, seconds, strict, token, url } from '../schema-parts.ts'

export const telegramCheck = strict({
  ...basics,
  kind: z.literal('telegram'),
  token: token.describe('The bot\'s; give it as `${secret:NAME}`.'),
  path: path.describe('Path of the webhook below `url`.'),
  secretToken: z
    .string()
    // Bot API "setWebhook", `secret_token`.
    .regex(/^[A-Za-z0-9_-]{1,256}$/, 'expected 1 to 256 letters, digits, underscores and hyphens')
    .describe('The `secret_token` of setWebhook; give it as `${secret:NAME}`.'),
  headers: headers.describe('Sent to the Worker besides.'),
  update: z.record(z.string(), z.json()).optional().describe('The whole synthetic update; one with an `update_id` alone unless given. It must make the bot do nothing.'),
  webhookUrl: url.optional().describe('The address that Telegram was given, where it is not `url` and `path`.'),
  maxPending: count(0, 1_000_000).default(100).describe('Updates that may wait for delivery.'),
  recentErrorSeconds: seconds(86_400).default(600).describe('A delivery that failed within this time counts, where no rollout says since when to look.'),
  apiBaseUrl: url.default('https://api.telegram.org'),
})
