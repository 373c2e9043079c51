import { z } from 'zod'
import { deliver, type Delivery } from '../delivery.ts'
import { nextSnowflake, type Application } from './state.ts'

export interface InteractionOptions {
  /** By default the application's own endpoint. */
  readonly url?: string
  readonly headers?: Readonly<Record<string, string>>
  /** By default a PING. */
  readonly interaction?: Readonly<Record<string, unknown>>
}

export interface InteractionCheck {
  /** The answer to the interaction with Discord's own signature. */
  readonly signed: Delivery
  /** The answer to the same one with a signature that is not Discord's. */
  readonly forged: Delivery
  /** Discord would take this endpoint: PONG to the one, 401 to the other. */
  readonly accepted: boolean
}

/** Docs "Interactions": an app has three seconds to answer. */
const timeoutMs = 3000

/**
 * Docs "Interactions", sections "Acknowledging PING requests" and "Validating Security Request Headers":
 * what Discord posts when an endpoint is saved, and from time to time after: one PING that is signed and one that is not.
 */
export async function sendInteraction(application: Application, options: InteractionOptions = {}): Promise<InteractionCheck> {
  const url = options.url ?? application.interactionsEndpointUrl
  if (url === null) throw new Error('the application has no interactions endpoint: set one, or name a URL')
  const body = JSON.stringify(options.interaction ?? ping(application))
  const timestamp = String(Math.floor(application.world.now().getTime() / 1000))
  const signature = application.keys.sign(timestamp, body)
  const post = (given: string) => {
    const signing = { 'x-signature-ed25519': given, 'x-signature-timestamp': timestamp }
    const headers = { 'content-type': 'application/json', 'user-agent': 'Discord-Interactions/1.0 (+https://discord.com)' }
    return deliver({ url, headers: { ...headers, ...signing, ...options.headers }, body, timeoutMs })
  }
  const signed = await post(signature)
  const forged = await post(forgedFrom(signature))
  return { signed, forged, accepted: isPong(signed) && forged.kind === 'answered' && forged.status === 401 }
}

/** Docs "Interaction Object": what a PING carries. */
function ping(application: Application) {
  return {
    id: nextSnowflake(application),
    application_id: application.id,
    type: 1,
    token: application.world.uuid(),
    version: 1,
    app_permissions: '562949953601536',
    entitlements: [],
    authorizing_integration_owners: {},
    attachment_size_limit: 10_485_760,
    user: { id: '1180000000000000005', username: 'discord', avatar: null, discriminator: '0', global_name: null },
  }
}

/** Of the right length and form, and wrong in one bit. */
function forgedFrom(signature: string): string {
  const bytes = Buffer.from(signature, 'hex')
  bytes[0] = (bytes[0] ?? 0) ^ 1
  return bytes.toString('hex')
}

const pong = z.object({ type: z.literal(1) })

/** Status 200, a JSON content type (docs "Acknowledging PING requests"), and type 1. */
function isPong(delivery: Delivery): boolean {
  if (delivery.kind === 'unreachable' || delivery.status !== 200) return false
  if (delivery.headers.get('content-type')?.startsWith('application/json') !== true) return false
  try {
    return pong.safeParse(JSON.parse(delivery.body)).success
  } catch {
    return false
  }
}
