import { Refusal } from '../judge.ts'

/** The codes of the docs pages "auth.test", "apps.connections.open", "chat.postMessage" and "chat.update". */
export type SlackError =
  | 'invalid_auth'
  | 'account_inactive'
  | 'token_revoked'
  | 'not_allowed_token_type'
  | 'channel_not_found'
  | 'not_in_channel'
  | 'is_archived'
  | 'no_text'
  | 'msg_too_long'
  | 'message_not_found'
  | 'cant_update_message'
  | 'internal_error'

/** Docs "Using the Slack Web API", section "Evaluating responses": an error is HTTP 200 with `ok: false`. */
export const refused = (error: SlackError) => new Refusal({ status: 200, body: { ok: false, error } })

export function missingScope(needed: string, provided: readonly string[]): Refusal {
  return new Refusal({ status: 200, body: { ok: false, error: 'missing_scope', needed, provided: provided.join(',') } })
}

/** Docs "Block Kit": a block beyond its limits. */
export function invalidBlocks(message: string): Refusal {
  const metadata = { messages: [`[ERROR] ${message}`] }
  return new Refusal({ status: 200, body: { ok: false, error: 'invalid_blocks', response_metadata: metadata } })
}

/** Docs "Rate limits": HTTP 429 and Retry-After in whole seconds. */
export function rateLimited(retryAfterSeconds: number): Refusal {
  const headers = { 'retry-after': String(retryAfterSeconds) }
  return new Refusal({ status: 429, headers, body: { ok: false, error: 'ratelimited' } })
}
