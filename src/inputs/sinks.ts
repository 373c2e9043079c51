import { z } from 'zod'
import type { SinkSpec } from '../core/report/sink.ts'
import { strict, url } from './schema-parts.ts'

const basics = {
  name: z.string().min(1).max(80).optional().describe('Shown when it cannot be reached; its kind unless given.'),
  when: z.enum(['always', 'failure']).default('always').describe('`failure` tells only what did not end well.'),
}
const secret = z.string().min(1).describe('Give it as `${secret:NAME}`.')

export const sinkSchema = z.discriminatedUnion(
  'kind',
  [
    strict({ ...basics, kind: z.literal('slack'), channel: z.string().min(1).describe('Channel that the bot is in.'), token: secret, apiBaseUrl: url.default('https://slack.com/api') }),
    strict({ ...basics, kind: z.literal('discord'), webhookUrl: url.describe('The channel\'s webhook, as `${secret:NAME}`: whoever has it may write there.') }),
    strict({ ...basics, kind: z.literal('telegram'), chatId: z.union([z.string().min(1), z.number().int()], { error: 'expected the id of a chat, or @name' }), token: secret, apiBaseUrl: url.default('https://api.telegram.org') }),
    strict({ ...basics, kind: z.literal('webhook'), url, secret: z.string().regex(/^whsec_[A-Za-z0-9+/=]{16,}$/, 'expected whsec_ and base64').describe('Signs each message after "Standard Webhooks" 1.0.0; give it as `${secret:NAME}`.') }),
  ],
  { error: 'allowed: slack, discord, telegram, webhook' },
)

export function sinkOf({ name, ...sink }: z.infer<typeof sinkSchema>): SinkSpec {
  const named = { name: name ?? sink.kind }
  if (sink.kind === 'telegram') return { ...sink, ...named, chatId: String(sink.chatId) }
  return { ...sink, ...named }
}

/** Whatever the file gives as secret or token is one, even when it was written down plainly. */
export function secretsOf(sink: SinkSpec): readonly string[] {
  switch (sink.kind) {
    case 'slack':
    case 'telegram':
      return [sink.token]
    case 'discord':
      return [sink.webhookUrl]
    case 'webhook':
      return [sink.secret]
  }
}
