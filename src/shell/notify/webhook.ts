import { createHmac } from 'node:crypto'
import { asText, type ChatMessage } from '../../core/report/chat.ts'
import type { WebhookSink } from '../../core/report/sink.ts'
import { sendRepeatedly, type Transport } from '../http.ts'
import { failed, type Sent } from './sent.ts'

const LONGEST = 4000

/**
 * Posts `{ type, timestamp, data }`, signed as "Standard Webhooks" 1.0.0 has it. `id` is the same for each try of
 * one message, so that the receiver can take it once; a message is never changed, but followed by the next one.
 */
export async function tellWebhook(sink: WebhookSink, message: ChatMessage, id: string, transport: Transport): Promise<Sent> {
  const nowMs = transport.clock.now()
  const timestamp = String(Math.floor(nowMs / 1000))
  const body = { type: `deploy.${String(message.facts['event'])}`, timestamp: new Date(nowMs).toISOString(), data: { ...message.facts, text: asText(message, LONGEST), url: message.url } }
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatureOf(sink.secret, `${id}.${timestamp}.${JSON.stringify(body)}`) }
  const answer = await sendRepeatedly({ method: 'POST', url: sink.url, headers, body }, transport, (seen) => seen.kind === 'no-answer' || seen.status === 429 || seen.status >= 500)
  return answer.kind !== 'no-answer' && answer.status < 300 ? { kind: 'ok' } : failed(answer)
}

function signatureOf(secret: string, signed: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
}
