import type { IncomingRequest } from '../world.ts'
import { rateLimited } from './errors.ts'

export interface RateLimitOptions {
  /** How many of the next matching requests are refused; default 1. */
  readonly requests?: number
  /** What Retry-After says; default 1. */
  readonly retryAfterSeconds?: number
  readonly method?: string
  readonly path?: RegExp
}

/** 429 when a test asks for it: the sandbox does not count 1200 requests in five minutes. */
export interface RateLimit {
  refuse(options: RateLimitOptions): void
  /** Throws while a limit holds for this request. */
  spend(request: IncomingRequest): void
}

export function createRateLimit(): RateLimit {
  const limits: { options: RateLimitOptions; left: number }[] = []
  return {
    refuse(options) {
      limits.push({ options, left: options.requests ?? 1 })
    },
    spend(request) {
      const limit = limits.find((one) => one.left > 0 && applies(one.options, request))
      if (limit === undefined) return
      limit.left -= 1
      throw rateLimited(limit.options.retryAfterSeconds ?? 1)
    },
  }
}

function applies(options: RateLimitOptions, request: IncomingRequest): boolean {
  if (options.method !== undefined && options.method !== request.method) return false
  return options.path === undefined || options.path.test(request.path)
}
