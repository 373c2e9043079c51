/** What an endpoint answered to a service that called it. */
export type Delivery =
  | { readonly kind: 'answered'; readonly status: number; readonly statusText: string; readonly headers: Headers; readonly body: string }
  | { readonly kind: 'unreachable'; readonly reason: string }

export interface Parcel {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly timeoutMs: number
}

/** Posts to an endpoint as a service does: no redirect is followed, and a silent endpoint is given up. */
export async function deliver({ url, headers, body, timeoutMs }: Parcel): Promise<Delivery> {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
    const { status, statusText } = response
    return { kind: 'answered', status, statusText, headers: response.headers, body: await response.text() }
  } catch (error) {
    return { kind: 'unreachable', reason: reasonOf(error) }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
