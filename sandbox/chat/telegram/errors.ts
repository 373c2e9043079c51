import { Refusal } from '../judge.ts'

// The words are those of Telegram's own server (github.com/tdlib/telegram-bot-api, version 10.0) and of
// the docs "Telegram Bot API", section "Making requests".

function refusal(code: number, description: string): Refusal {
  return new Refusal({ status: code, body: { ok: false, error_code: code, description } })
}

/** A token of the right form that is no bot's (or was revoked). */
export const unauthorized = () => refusal(401, 'Unauthorized')

/** A token that cannot be one, or no token: api.telegram.org knows no such page. */
export const notFound = () => refusal(404, 'Not Found')

export const badRequest = (reason: string) => refusal(400, `Bad Request: ${reason}`)

/** Section "ResponseParameters"; `Query::set_retry_after_error` sends the header as well. */
export function tooManyRequests(retryAfterSeconds: number): Refusal {
  const description = `Too Many Requests: retry after ${retryAfterSeconds}`
  const parameters = { retry_after: retryAfterSeconds }
  const headers = { 'retry-after': String(retryAfterSeconds) }
  return new Refusal({ status: 429, headers, body: { ok: false, error_code: 429, description, parameters } })
}
