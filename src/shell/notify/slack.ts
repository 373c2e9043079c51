import { z } from 'zod'
import { asText, type ChatMessage } from '../../core/report/chat.ts'
import type { SlackSink } from '../../core/report/sink.ts'
import type { Transport } from '../http.ts'
import { failed, sendMessage, type Sent } from './sent.ts'

const answerSchema = z.object({ ok: z.boolean(), error: z.string().optional(), channel: z.string().optional(), ts: z.string().optional() })
/** Docs "chat.postMessage": longer texts are cut at 40,000; 4,000 is what is advised. */
const LONGEST = 4000

/** Posts a message, or changes the one at `ref` (docs "chat.postMessage", "chat.update"). */
export async function tellSlack(sink: SlackSink, message: ChatMessage, ref: string | undefined, transport: Transport): Promise<Sent> {
  const [channel = sink.channel, ts] = ref?.split(' ') ?? []
  const answer = await sendMessage(
    {
      method: 'POST',
      url: `${sink.apiBaseUrl}/${ts === undefined ? 'chat.postMessage' : 'chat.update'}`,
      headers: { authorization: `Bearer ${sink.token}`, 'content-type': 'application/json; charset=utf-8' },
      body: { channel, text: escape(asText(message, LONGEST)), ...(ts === undefined ? { unfurl_links: false } : { ts }) },
    },
    transport,
  )
  const said = answer.kind === 'json' ? answerSchema.safeParse(answer.body).data : undefined
  if (said?.ok !== true) return failed(answer, said?.error)
  return { kind: 'ok', ...(said.channel === undefined || said.ts === undefined ? {} : { ref: `${said.channel} ${said.ts}` }) }
}

/** Docs "Formatting text for app surfaces": these three begin mentions, links and commands. */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
