import { z } from 'zod'
import { basics, headers, path, strict, token, url } from '../schema-parts.ts'

export const slackCheck = strict({
  ...basics,
  kind: z.literal('slack'),
  botToken: token.describe('`xoxb-…`; give it as `${secret:NAME}`.'),
  appToken: token.optional().describe('`xapp-…`, of an app in Socket Mode; give it as `${secret:NAME}`. No socket is ever opened.'),
  events: strict({
    path: path.describe('Path of the Events URL below `url`.'),
    signingSecret: z.string().min(1).describe('The app\'s; give it as `${secret:NAME}`.'),
    refusesStale: z.boolean().default(false).describe('Whether a right signature that is six minutes old must be refused too.'),
  }).optional().describe('The Events URL, where the app has one.'),
  headers: headers.describe('Sent to the Worker besides.'),
  apiBaseUrl: url.default('https://slack.com/api'),
})
