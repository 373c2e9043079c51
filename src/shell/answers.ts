/** What came of reading something from an API, after the port's own retries. */
export type Read<Value> =
  | { readonly kind: 'ok'; readonly value: Value }
  | { readonly kind: 'absent' }
  /** The token may not, or the request itself is wrong: trying again changes nothing. */
  | { readonly kind: 'denied'; readonly code: string; readonly message: string }
  /** No answer, 429, 5xx or a body that is not the API's, until the port's tries were spent. */
  | { readonly kind: 'unavailable'; readonly message: string }

/** What came of one write, which no port repeats by itself unless it says so. */
export type Written<Value> =
  | { readonly kind: 'accepted'; readonly value: Value }
  | { readonly kind: 'rejected'; readonly code: string; readonly message: string }
  /** It may or may not have been applied. */
  | { readonly kind: 'unanswered'; readonly message: string; readonly retryAfterSeconds?: number }
