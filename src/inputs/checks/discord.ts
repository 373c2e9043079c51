import { z } from 'zod'
import { basics, headers, path, strict, token, url } from '../schema-parts.ts'

export const discordCheck = strict({
  ...basics,
  kind: z.literal('discord'),
  token: token.describe('The bot\'s; give it as `${secret:NAME}`.'),
  path: path.optional().describe('Path of the interactions endpoint below `url`, where the bot has one.'),
  headers: headers.describe('Sent to the Worker besides.'),
  gateway: z.boolean().default(true).describe('Whether to connect to the gateway and wait for its HELLO; the bot is never identified.'),
  apiBaseUrl: url.default('https://discord.com/api/v10'),
})
