import type { Answer } from '../../world.ts'
import { Refusal } from '../judge.ts'

// Codes: docs "Opcodes and Status Codes", section "JSON Error Codes". Texts as clients quote them in public issues.

function refusal(status: number, code: number, message: string): Refusal {
  return new Refusal({ status, body: { message, code } })
}

/** Docs "Opcodes and Status Codes", HTTP 401: the header was missing or invalid. */
export const unauthorized = () => refusal(401, 0, '401: Unauthorized')

export const unknownChannel = () => refusal(404, 10_003, 'Unknown Channel')

export const unknownMessage = () => refusal(404, 10_008, 'Unknown Message')

export const unknownWebhook = () => refusal(404, 10_015, 'Unknown Webhook')

export const invalidWebhookToken = () => refusal(401, 50_027, 'Invalid Webhook Token')

export const missingAccess = () => refusal(403, 50_001, 'Missing Access')

export const foreignMessage = () => refusal(403, 50_005, 'Cannot edit a message authored by another user')

export const emptyMessage = () => refusal(400, 50_006, 'Cannot send an empty message')

/** Docs "API Reference", section "Error Messages": the tree of `errors` leads to the key that is wrong. */
export function invalidForm(key: string, code: string, message: string): Refusal {
  const errors = { [key]: { _errors: [{ code, message }] } }
  return new Refusal({ status: 400, body: { message: 'Invalid Form Body', code: 50_035, errors } })
}

export interface Limited {
  readonly retryAfterSeconds: number
  readonly scope: 'user' | 'global' | 'shared'
}

/** Docs "Rate Limits", section "Exceeding A Rate Limit": the header counts whole seconds, the body has decimals. */
export function rateLimited({ retryAfterSeconds, scope }: Limited, headers: Answer['headers'] = {}): Refusal {
  const shared = scope === 'shared'
  const message = shared ? 'The resource is being rate limited.' : 'You are being rate limited.'
  const global = scope === 'global'
  return new Refusal({
    status: 429,
    headers: {
      ...headers,
      'retry-after': String(Math.ceil(retryAfterSeconds)),
      'x-ratelimit-scope': scope,
      ...(global ? { 'x-ratelimit-global': 'true' } : {}),
    },
    body: { message, retry_after: retryAfterSeconds, global },
  })
}
