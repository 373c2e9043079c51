import { createHmac, timingSafeEqual } from 'node:crypto'

/** The specification "Standard Webhooks" 1.0.0, section "Signature scheme": symmetric secrets start with `whsec_`. */
export const secretFrom = (key: Buffer) => `whsec_${key.toString('base64')}`

/** The same section: `v1,` and a base64 HMAC-SHA256 over id, timestamp and body, joined by full stops. */
export function signatureOf(secret: string, { id, timestamp, body }: Signed): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}

export interface Signed {
  readonly id: string
  /** Seconds since the epoch. */
  readonly timestamp: string
  readonly body: string
}

/** The header is a list divided by spaces, so that secrets can be rotated: one that fits is enough. */
export function fits(secret: string, signed: Signed, header: string): boolean {
  const wanted = Buffer.from(signatureOf(secret, signed))
  return header.split(' ').some((given) => {
    const bytes = Buffer.from(given)
    return bytes.length === wanted.length && timingSafeEqual(bytes, wanted)
  })
}
