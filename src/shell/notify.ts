import type { ChatMessage } from '../core/report/chat.ts'
import type { SinkSpec } from '../core/report/sink.ts'
import type { Transport } from './http.ts'
import { tellDiscord } from './notify/discord.ts'
import type { Sent } from './notify/sent.ts'
import { tellSlack } from './notify/slack.ts'
import { tellTelegram } from './notify/telegram.ts'
import { tellWebhook } from './notify/webhook.ts'

export interface Telling {
  readonly message: ChatMessage
  /** One for each telling of each rollout, so that a receiver takes it once. */
  readonly id: string
  /** Where the sink's earlier message is, if it has one. */
  readonly ref: string | undefined
}

/** Tells one sink; never throws. A message that is gone is sent anew. */
export async function tell(sink: SinkSpec, { message, id, ref }: Telling, transport: Transport): Promise<Sent> {
  const send = (where: string | undefined): Promise<Sent> => {
    switch (sink.kind) {
      case 'slack':
        return tellSlack(sink, message, where, transport)
      case 'discord':
        return tellDiscord(sink, message, where, transport)
      case 'telegram':
        return tellTelegram(sink, message, where, transport)
      case 'webhook':
        return tellWebhook(sink, message, id, transport)
    }
  }
  const sent = await send(ref)
  return sent.kind === 'failed' && ref !== undefined && sink.kind !== 'webhook' ? send(undefined) : sent
}
