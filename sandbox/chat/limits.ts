import type { IncomingRequest } from '../world.ts'

export interface LimitOptions {
  /** How many of the next matching requests are refused; default 1. */
  readonly requests?: number
  /** Default 1. Telegram and Slack give whole seconds, Discord decimals as well. */
  readonly retryAfterSeconds?: number
  readonly method?: string
  readonly path?: RegExp
}

/** Rate limits that come when a test asks for them. */
export interface Limits<Options extends LimitOptions> {
  refuse(options: Options): void
  /** The limit that holds for this request, which is spent by asking. */
  take(request: IncomingRequest): Options | undefined
}

export function createLimits<Options extends LimitOptions>(): Limits<Options> {
  const limits: { readonly options: Options; left: number }[] = []
  return {
    refuse: (options) => void limits.push({ options, left: options.requests ?? 1 }),
    take(request) {
      const limit = limits.find((one) => one.left > 0 && applies(one.options, request))
      if (limit === undefined) return undefined
      limit.left -= 1
      return limit.options
    },
  }
}

function applies({ method, path }: LimitOptions, request: IncomingRequest): boolean {
  if (method !== undefined && method !== request.method) return false
  return path === undefined || path.test(request.path)
}
