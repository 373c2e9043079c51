import type { JsonAnswer, JsonRequest, Transport } from '../http.ts'
import { sendRepeatedly } from '../http.ts'

/** What became of one message. `ref` finds it again, where the service can change a message. */
export type Sent = { readonly kind: 'ok'; readonly ref?: string } | { readonly kind: 'failed'; readonly why: string }

/** A message that may have arrived is not sent a second time: only a plain "too many requests" is waited out. */
export function sendMessage(request: JsonRequest, transport: Transport): Promise<JsonAnswer> {
  return sendRepeatedly(request, transport, (answer) => answer.kind !== 'no-answer' && answer.status === 429)
}

/** Why nothing was taken, without the address: it may hold a token. */
export function failed(answer: JsonAnswer, said?: string): Sent {
  if (answer.kind === 'no-answer') return { kind: 'failed', why: answer.reason }
  return { kind: 'failed', why: said === undefined ? `it answered ${answer.status}` : `it answered ${answer.status}: ${said.slice(0, 200)}` }
}
