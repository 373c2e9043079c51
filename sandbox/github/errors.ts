import type { Answer } from '../world.ts'

const docs = 'https://docs.github.com/rest'

/** One answer other than success, in the words of GitHub's REST API. */
export class Refusal extends Error {
  readonly answer: Answer

  constructor(status: number, body: Readonly<Record<string, unknown>>, headers: Readonly<Record<string, string>> = {}) {
    super(`${status} ${String(body.message)}`)
    this.answer = { status, headers, body: { documentation_url: docs, ...body, status: String(status) } }
  }
}

// Docs page "Troubleshooting the REST API", and the texts that clients quote in public issues.

export const badCredentials = () => new Refusal(401, { message: 'Bad credentials' })

export const authenticationRequired = () => new Refusal(401, { message: 'Requires authentication' })

export const notFound = () => new Refusal(404, { message: 'Not Found' })

/** Docs "Troubleshooting the REST API", User-Agent required. */
export function userAgentMissing(): Refusal {
  const wanted = 'Please make sure your request has a User-Agent header.'
  return new Refusal(403, { message: `Request forbidden by administrative rules. ${wanted}` })
}

/** Docs "Troubleshooting the REST API", Resource not accessible; the header names what would have been enough. */
export function notAccessible(holder: 'integration' | 'personal access token', accepted: string): Refusal {
  const headers = { 'x-accepted-github-permissions': accepted }
  return new Refusal(403, { message: `Resource not accessible by ${holder}` }, headers)
}

export interface FieldError {
  readonly resource: string
  readonly code: 'custom' | 'invalid' | 'missing' | 'missing_field' | 'already_exists'
  readonly field?: string
  readonly message?: string
}

/** Docs "Troubleshooting the REST API", Validation failed. Newer endpoints give `errors` as one string. */
export function validationFailed(errors: readonly FieldError[] | readonly string[] | string): Refusal {
  return new Refusal(422, { message: 'Validation Failed', errors })
}

export const unprocessable = (message: string) => new Refusal(422, { message })

export const conflict = (message: string, errors?: readonly unknown[]) =>
  new Refusal(409, errors === undefined ? { message } : { message, errors })

/** Docs "Rate limits for the REST API": 403 or 429, `x-ratelimit-remaining: 0`, and a reset in epoch seconds. */
export function primaryLimit(status: 403 | 429): Refusal {
  const message = 'API rate limit exceeded for installation ID 1.'
  return new Refusal(status, { message, documentation_url: `${docs}/overview/rate-limits-for-the-rest-api` })
}

/** The same page: 403 or 429; `retry-after` in seconds may be there, or may not. */
export function secondaryLimit(status: 403 | 429, retryAfterSeconds: number | undefined): Refusal {
  const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'
  const url = `${docs}/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits`
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
  return new Refusal(status, { message, documentation_url: url }, headers)
}
