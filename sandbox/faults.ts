/** What can go wrong with one request, whatever service it is for. */
export type Fault =
  /** Answered by something in between (a proxy, a limiter); the service never saw it. */
  | { readonly kind: 'answer'; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** The connection breaks before the service reads the request. */
  | { readonly kind: 'dropped' }
  /** The service applies the request, and the connection breaks before the reply. */
  | { readonly kind: 'reply-lost' }
  /** Nothing goes wrong here: the test acts right before or right after (a kill, a foreign write). */
  | { readonly kind: 'observe'; readonly before?: () => void | Promise<void>; readonly after?: () => void }

/** The requests that a fault befalls: the first `times` matching ones after `skip` others (defaults 1 and 0). */
export interface FaultRule {
  readonly service: string
  readonly method?: string
  readonly path?: RegExp
  readonly fault: Fault
  skip?: number
  times?: number
}

/** Finds the first rule for this request, and spends it. */
export function takeFault(
  rules: FaultRule[],
  request: { readonly service: string; readonly method: string; readonly path: string },
): Fault | undefined {
  for (const rule of rules) {
    if (rule.service !== request.service) continue
    if (rule.method !== undefined && rule.method !== request.method) continue
    if (rule.path !== undefined && !rule.path.test(request.path)) continue
    if ((rule.skip ?? 0) > 0) {
      rule.skip = (rule.skip ?? 0) - 1
      continue
    }
    const times = rule.times ?? 1
    if (times <= 0) continue
    rule.times = times - 1
    return rule.fault
  }
  return undefined
}
