import type { z } from 'zod'
import type { Read, Written } from '../answers.ts'
import type { JsonAnswer } from '../http.ts'
import { envelopeSchema } from './api-shapes.ts'

// HTTP statuses per code are not documented, so the code decides wherever there is one.

/** Worker not found, environment not found, no versions yet: what wrangler 4.164.0 takes for "first deploy". */
const ABSENT: ReadonlySet<number> = new Set([10_007, 10_090, 10_222])
/**
 * Passing: an unknown error, also given to concurrent deploys (workers-sdk 8657); a concurrent modification;
 * a version so new that it cannot be read yet (workers-sdk 14410).
 */
const PASSING: ReadonlySet<number> = new Set([10_013, 10_035, 100_146])
const PASSING_STATUS: ReadonlySet<number> = new Set([408, 409, 425, 429])
/** "Could not route to …": the account id or the address is wrong, nothing was looked for. */
const NO_ROUTE: ReadonlySet<string> = new Set(['7000', '7003'])
const AUTHENTICATION = 10_000

/** One answer, seen as Cloudflare's. */
type Meaning =
  | { readonly kind: 'ok'; readonly result: unknown }
  | { readonly kind: 'absent'; readonly code: string; readonly message: string }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly status: number }
  /** A valid token is refused now and then (workers-sdk 13854): 401 is worth a second look, 403 is not. */
  | { readonly kind: 'not-authenticated'; readonly message: string }
  /** Nothing follows from it: the request may have been carried out or not. */
  | { readonly kind: 'passing'; readonly message: string; readonly retryAfterSeconds?: number }

export function meaningOf(answer: JsonAnswer): Meaning {
  if (answer.kind === 'no-answer') return { kind: 'passing', message: answer.reason }
  const { status, retryAfterSeconds } = answer
  const passing = (message: string): Meaning => ({
    kind: 'passing',
    message,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  })
  const envelope = answer.kind === 'json' ? envelopeSchema.safeParse(answer.body).data : undefined
  if (envelope === undefined) return passing(`HTTP ${status}, but not from Cloudflare's API`)
  if (envelope.success && status >= 200 && status < 300) return { kind: 'ok', result: envelope.result }
  const [error] = envelope.errors ?? []
  if (error === undefined) return passing(`HTTP ${status} without an error code`)
  const message = `${error.message ?? 'no message'} (code ${error.code}, HTTP ${status})`
  if (status >= 500 || status < 400 || PASSING_STATUS.has(status) || PASSING.has(error.code)) return passing(message)
  if (error.code === AUTHENTICATION && status === 401) return { kind: 'not-authenticated', message }
  const code = String(error.code)
  return ABSENT.has(error.code) ? { kind: 'absent', code, message } : { kind: 'refused', code, message, status }
}

/** A read, or a write that repeats without harm, is sent again while nothing follows from the answer. */
export function isWorthRepeating(answer: JsonAnswer, triesMade: number): boolean {
  const { kind } = meaningOf(answer)
  return kind === 'passing' || (kind === 'not-authenticated' && triesMade === 1)
}

export function asRead<Value>(answer: JsonAnswer, schema: z.ZodType<Value>): Read<Value> {
  const meaning = meaningOf(answer)
  switch (meaning.kind) {
    case 'ok': {
      const decoded = schema.safeParse(meaning.result)
      if (decoded.success) return { kind: 'ok', value: decoded.data }
      return { kind: 'unavailable', message: `Cloudflare's answer is not as expected: ${placesOf(decoded.error)}` }
    }
    case 'absent':
      return { kind: 'absent' }
    case 'refused':
      return { kind: 'denied', code: meaning.code, message: meaning.message }
    case 'not-authenticated':
      return { kind: 'denied', code: String(AUTHENTICATION), message: meaning.message }
    case 'passing':
      return { kind: 'unavailable', message: meaning.message }
  }
}

export function asWritten<Value>(answer: JsonAnswer, schema: z.ZodType<Value>): Written<Value> {
  const meaning = meaningOf(answer)
  switch (meaning.kind) {
    case 'ok': {
      const decoded = schema.safeParse(meaning.result)
      if (decoded.success) return { kind: 'accepted', value: decoded.data }
      return { kind: 'unanswered', message: `Cloudflare's answer is not as expected: ${placesOf(decoded.error)}` }
    }
    case 'absent':
    case 'refused':
      return { kind: 'rejected', code: meaning.code, message: meaning.message }
    case 'not-authenticated':
      return { kind: 'unanswered', message: meaning.message }
    case 'passing': {
      const { message, retryAfterSeconds } = meaning
      return { kind: 'unanswered', message, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) }
    }
  }
}

/** For things whose "not found" has no documented code: any 404 that is not about the route itself. */
export function asReadOfOne<Value>(answer: JsonAnswer, schema: z.ZodType<Value>): Read<Value> {
  const meaning = meaningOf(answer)
  const isMissing = meaning.kind === 'refused' && meaning.status === 404 && !NO_ROUTE.has(meaning.code)
  return isMissing ? { kind: 'absent' } : asRead(answer, schema)
}

/** Where and what kind of value was expected; never the value itself. */
function placesOf(error: z.ZodError): string {
  return error.issues.slice(0, 3).map((issue) => `${issue.path.join('.') || 'result'}: ${issue.message}`).join('; ')
}
