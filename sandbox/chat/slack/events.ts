import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { deliver, type Delivery } from '../delivery.ts'
import type { Workspace } from './state.ts'

/** Docs "Verifying requests from Slack": HMAC-SHA256 in hex over version, timestamp and body. */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`
}

export interface EventOptions {
  /** By default the app's own Request URL. */
  readonly url?: string
  readonly headers?: Readonly<Record<string, string>>
  /** By default a `url_verification`. */
  readonly event?: Readonly<Record<string, unknown>>
  /** `forged` is right in form and wrong in one bit; `stale` is signed rightly, six minutes ago. Default `slack`. */
  readonly signature?: 'slack' | 'forged' | 'stale'
}

export interface EventDelivery {
  readonly delivery: Delivery
  /** The challenge came back as Slack demands; always false for other events. */
  readonly verified: boolean
}

/** Docs "Events API": respond within three seconds. */
const timeoutMs = 3000
/** Docs "Verifying requests from Slack": what is older than five minutes may be a replay. */
const staleSeconds = 360

/** Posts one signed event, by default the handshake of docs "url_verification event". */
export async function sendEvent(workspace: Workspace, options: EventOptions = {}): Promise<EventDelivery> {
  const url = options.url ?? workspace.eventsUrl
  if (url === undefined) throw new Error('the app has no Request URL: set one, or name a URL')
  const challenge = workspace.world.uuid().replaceAll('-', '')
  const handshake = { token: workspace.verificationToken, challenge, type: 'url_verification' }
  const body = JSON.stringify(options.event ?? handshake)
  const kind = options.signature ?? 'slack'
  const nowSeconds = Math.floor(workspace.world.now().getTime() / 1000)
  const timestamp = String(kind === 'stale' ? nowSeconds - staleSeconds : nowSeconds)
  const right = signatureOf(workspace.signingSecret, timestamp, body)
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': kind === 'forged' ? forgedFrom(right) : right,
  }
  const delivery = await deliver({ url, headers: { ...headers, ...options.headers }, body, timeoutMs })
  return { delivery, verified: options.event === undefined && answersChallenge(delivery, challenge) }
}

const forgedFrom = (signature: string) => signature.slice(0, -1) + (signature.endsWith('0') ? '1' : '0')

const challengeShape = z.object({ challenge: z.string() })

/** Docs "url_verification event": plain text, a form, or JSON. */
function answersChallenge(delivery: Delivery, challenge: string): boolean {
  if (delivery.kind === 'unreachable' || delivery.status !== 200) return false
  const type = delivery.headers.get('content-type')?.split(';')[0]?.trim() ?? ''
  switch (type) {
    case 'text/plain':
      return delivery.body === challenge
    case 'application/x-www-form-urlencoded':
      return new URLSearchParams(delivery.body).get('challenge') === challenge
    case 'application/json':
      return challengeIn(delivery.body) === challenge
  }
  return false
}

function challengeIn(body: string): string | undefined {
  try {
    return challengeShape.safeParse(JSON.parse(body)).data?.challenge
  } catch {
    return undefined
  }
}
