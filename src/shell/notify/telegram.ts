import { z } from 'zod'
import { asText, type ChatMessage } from '../../core/report/chat.ts'
import type { TelegramSink } from '../../core/report/sink.ts'
import type { Transport } from '../http.ts'
import { failed, sendMessage, type Sent } from './sent.ts'

const answerSchema = z.object({ ok: z.boolean(), description: z.string().optional(), result: z.object({ message_id: z.number() }).optional() })
/** Bot API "sendMessage": 1 to 4,096 characters. */
const LONGEST = 4096

/** Sends a message, or changes the one at `ref` (Bot API "sendMessage", "editMessageText"); no parse mode, so nothing to escape. */
export async function tellTelegram(sink: TelegramSink, message: ChatMessage, ref: string | undefined, transport: Transport): Promise<Sent> {
  const answer = await sendMessage(
    {
      method: 'POST',
      url: `${sink.apiBaseUrl}/bot${sink.token}/${ref === undefined ? 'sendMessage' : 'editMessageText'}`,
      headers: {},
      body: {
        chat_id: sink.chatId,
        text: asText(message, LONGEST),
        link_preview_options: { is_disabled: true },
        ...(ref === undefined ? {} : { message_id: Number(ref) }),
      },
    },
    transport,
  )
  const said = answer.kind === 'json' ? answerSchema.safeParse(answer.body).data : undefined
  if (said?.ok !== true) return failed(answer, said?.description)
  return { kind: 'ok', ...(said.result === undefined ? {} : { ref: String(said.result.message_id) }) }
}
