import { z } from 'zod'
import { asText, type ChatMessage } from '../../core/report/chat.ts'
import type { DiscordSink } from '../../core/report/sink.ts'
import type { Transport } from '../http.ts'
import { failed, sendMessage, type Sent } from './sent.ts'

const messageSchema = z.object({ id: z.string() })
const errorSchema = z.object({ message: z.string() })
/** Docs "Execute Webhook": a message holds at most 2,000 characters. */
const LONGEST = 2000
const SUPPRESS_EMBEDS = 4

/** Executes the channel's webhook, or changes its message at `ref` (docs "Webhook Resource"). */
export async function tellDiscord(sink: DiscordSink, message: ChatMessage, ref: string | undefined, transport: Transport): Promise<Sent> {
  const url = new URL(sink.webhookUrl)
  if (ref === undefined) url.searchParams.set('wait', 'true')
  else url.pathname += `/messages/${encodeURIComponent(ref)}`
  const answer = await sendMessage(
    {
      method: ref === undefined ? 'POST' : 'PATCH',
      url: url.href,
      // Docs "API Reference", User Agent: others may be refused.
      headers: { 'user-agent': 'DiscordBot (https://github.com/sleepwell-deploy/sleepwell, 0.1.0)' },
      body: { content: escape(asText(message, LONGEST / 2)), allowed_mentions: { parse: [] }, ...(ref === undefined ? { flags: SUPPRESS_EMBEDS } : {}) },
    },
    transport,
  )
  const said = answer.kind === 'json' && answer.status < 300 ? messageSchema.safeParse(answer.body).data : undefined
  if (said === undefined) return failed(answer, answer.kind === 'json' ? errorSchema.safeParse(answer.body).data?.message : undefined)
  return { kind: 'ok', ref: said.id }
}

/** What Discord's Markdown would make more of, but for addresses; at worst this doubles the length. */
function escape(text: string): string {
  return text.replaceAll(/https?:\/\/\S+|[\\*_~`|>#[\]-]/g, (found) => (found.length > 1 ? found : `\\${found}`))
}
