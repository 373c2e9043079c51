import { createHash } from 'node:crypto'
import type { IncomingRequest, World } from '../../world.ts'
import { createLimits, type LimitOptions } from '../limits.ts'
import { rateLimited, type Limited } from './errors.ts'

export interface DiscordLimitOptions extends LimitOptions {
  /** Default `user`; `global` has no bucket's headers. */
  readonly scope?: Limited['scope']
}

/** Docs "Rate Limits": buckets by route and top-level resource, and refusals that come when a test asks. */
export interface RateLimit {
  /** Throws while a limit holds; else spends one of the bucket and gives its headers. */
  spend(request: IncomingRequest, bucket: string): Readonly<Record<string, string>>
  refuse(options: DiscordLimitOptions): void
}

/** The docs forbid to count on figures ("Rate limits should not be hard coded"); these are the sandbox's own. */
const requestsInWindow = 20
const windowMs = 1000

export function createRateLimit(world: World): RateLimit {
  const limits = createLimits<DiscordLimitOptions>()
  const buckets = new Map<string, { used: number; resetsAt: number }>()

  function current(bucket: string): { used: number; resetsAt: number } {
    const now = world.now().getTime()
    const found = buckets.get(bucket)
    if (found !== undefined && now < found.resetsAt) return found
    const fresh = { used: 0, resetsAt: now + windowMs }
    buckets.set(bucket, fresh)
    return fresh
  }

  return {
    refuse: (options) => limits.refuse(options),
    spend(request, bucket) {
      const state = current(bucket)
      const asked = limits.take(request)
      if (asked !== undefined) {
        const { retryAfterSeconds = 1, scope = 'user' } = asked
        const remaining = scope === 'shared' ? requestsInWindow - state.used : 0
        const headers = scope === 'global' ? {} : headersOf(bucket, remaining, resetIn(retryAfterSeconds))
        throw rateLimited({ retryAfterSeconds, scope }, headers)
      }
      const leftMs = Math.max(1, state.resetsAt - world.now().getTime())
      const at = { epochMs: state.resetsAt, afterSeconds: leftMs / 1000 }
      if (state.used >= requestsInWindow) {
        throw rateLimited({ retryAfterSeconds: at.afterSeconds, scope: 'user' }, headersOf(bucket, 0, at))
      }
      state.used += 1
      return headersOf(bucket, requestsInWindow - state.used, at)
    },
  }

  function resetIn(afterSeconds: number): Reset {
    return { epochMs: world.now().getTime() + afterSeconds * 1000, afterSeconds }
  }
}

interface Reset {
  readonly epochMs: number
  readonly afterSeconds: number
}

/** Docs "Rate Limits", section "Header Format"; the bucket's name says nothing of the top-level resource. */
function headersOf(bucket: string, remaining: number, reset: Reset): Readonly<Record<string, string>> {
  const [route = ''] = bucket.split(' of ')
  return {
    'x-ratelimit-limit': String(requestsInWindow),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': (reset.epochMs / 1000).toFixed(3),
    'x-ratelimit-reset-after': reset.afterSeconds.toFixed(3),
    'x-ratelimit-bucket': createHash('md5').update(route).digest('hex'),
  }
}
