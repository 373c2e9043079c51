import type { IncomingRequest, World } from '../world.ts'
import { primaryLimit, secondaryLimit } from './errors.ts'

export interface SecondaryLimitOptions {
  /** How many of the next matching requests are refused; default 1. */
  readonly requests?: number
  readonly status?: 403 | 429
  /** Default 1; null sends no header, as GitHub sometimes does. */
  readonly retryAfterSeconds?: number | null
  readonly method?: string
  readonly path?: RegExp
}

export interface PrimaryLimitOptions {
  readonly status?: 403 | 429
  /** When the budget is full again; default 1. */
  readonly resetSeconds?: number
}

/** Docs "Rate limits for the REST API": one budget an hour, and secondary limits that come when a test asks. */
export interface RateLimit {
  /** Throws while a limit holds for this request, else counts it. */
  spend(request: IncomingRequest): void
  headers(): Readonly<Record<string, string>>
  overview(): { limit: number; used: number; remaining: number; reset: number }
  refuseSecondary(options?: SecondaryLimitOptions): void
  exhaust(options?: PrimaryLimitOptions): void
}

/** GITHUB_TOKEN in a repository of an Enterprise Cloud organization; elsewhere it is 1,000. */
const requestsAnHour = 15_000
const hourMs = 3_600_000

export function createRateLimit(world: World): RateLimit {
  const secondary: { readonly options: SecondaryLimitOptions; left: number }[] = []
  const budget = { used: 0, resetsAt: world.now().getTime() + hourMs, status: primaryStatus({}) }

  function refill(): void {
    const now = world.now().getTime()
    if (now < budget.resetsAt) return
    budget.used = 0
    budget.resetsAt = now + hourMs
  }

  function overview() {
    refill()
    const remaining = Math.max(0, requestsAnHour - budget.used)
    return { limit: requestsAnHour, used: budget.used, remaining, reset: Math.ceil(budget.resetsAt / 1000) }
  }

  return {
    overview,
    spend(request) {
      const limit = secondary.find((one) => one.left > 0 && applies(one.options, request))
      if (limit !== undefined) {
        limit.left -= 1
        const { status = 403, retryAfterSeconds = 1 } = limit.options
        throw secondaryLimit(status, retryAfterSeconds ?? undefined)
      }
      if (overview().remaining === 0) throw primaryLimit(budget.status)
      budget.used += 1
    },
    headers() {
      const { limit, used, remaining, reset } = overview()
      return {
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(remaining),
        'x-ratelimit-used': String(used),
        'x-ratelimit-reset': String(reset),
        'x-ratelimit-resource': 'core',
      }
    },
    refuseSecondary: (options = {}) => void secondary.push({ options, left: options.requests ?? 1 }),
    exhaust(options = {}) {
      budget.used = requestsAnHour
      budget.resetsAt = world.now().getTime() + (options.resetSeconds ?? 1) * 1000
      budget.status = primaryStatus(options)
    },
  }
}

const primaryStatus = (options: PrimaryLimitOptions) => options.status ?? 403

function applies(options: SecondaryLimitOptions, request: IncomingRequest): boolean {
  if (options.method !== undefined && options.method !== request.method) return false
  return options.path === undefined || options.path.test(request.path)
}
