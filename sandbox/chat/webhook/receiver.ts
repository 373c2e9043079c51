import { z } from 'zod'
import { serve, type Answer, type IncomingRequest, type World } from '../../world.ts'
import { randomSeed } from '../discord/keys.ts'
import { ChatGap, contentType, decoded, jsonBody, judged, Refusal, refuseUnknownQuery, type Given, type Judge } from '../judge.ts'
import { fits, secretFrom, type Signed } from './signature.ts'

export interface ReceivedWebhook {
  /** `webhook-id`: the same for each try of one message. */
  readonly id: string
  readonly at: Date
  readonly body: unknown
}

/** A receiver of a team's own that takes what is signed by the specification "Standard Webhooks". */
export interface Webhook extends AsyncDisposable {
  readonly url: string
  /** `whsec_` and base64. */
  readonly secret: string
  /** Oldest first; a second try of the same id is answered 204 and not listed again. */
  readonly received: readonly ReceivedWebhook[]
  /** What was answered 401: a signature that does not fit, or a time too far away. */
  readonly refused: readonly { readonly id: string; readonly reason: string }[]
}

interface Receiver {
  readonly world: World
  readonly secret: string
  readonly received: ReceivedWebhook[]
  readonly refused: { readonly id: string; readonly reason: string }[]
}

const path = '/hooks/deploys'

/** Section "Verifying webhook authenticity": a timestamp outside a tolerance is refused; libraries use five minutes. */
const toleranceSeconds = 300


export async function startWebhook(world: World, port = 0): Promise<Webhook> {
  const receiver: Receiver = { world, secret: secretFrom(randomSeed(world.random)), received: [], refused: [] }
  const running = await serve(world, 'webhook', (request) => answer(receiver, request), port)
  return {
    url: `${running.url}${path}`,
    secret: receiver.secret,
    received: receiver.received,
    refused: receiver.refused,
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  }
}

function answer(receiver: Receiver, request: IncomingRequest): Promise<Answer> {
  const judge: Judge = {
    world: receiver.world,
    name: 'Webhook',
    refusal: z.strictObject({ error: z.string() }),
    brokenBody: (error) => ({ error }),
  }
  return judged(judge, request, () => taken(receiver, request))
}

/** Section "Webhook headers". */
const headersShape = z.object({
  'webhook-id': z.string().min(1).refine((id) => !id.includes('.'), 'a full stop divides what is signed'),
  'webhook-timestamp': z.string().regex(/^\d+$/),
  'webhook-signature': z.string().regex(/^v1,/),
})

function taken(receiver: Receiver, request: IncomingRequest): Given {
  if (request.method !== 'POST' || request.path !== path) throw new ChatGap('the sandbox has no such route')
  refuseUnknownQuery(request, [])
  if (contentType(request) !== 'application/json') throw new ChatGap('the body is not called JSON')
  const headers = decoded('the headers', headersShape, request.headers)
  const [id, timestamp] = [headers['webhook-id'], headers['webhook-timestamp']]
  refuseForged(receiver, { id, timestamp, body: request.body.toString('utf8') }, headers['webhook-signature'])
  const body = decoded('the body', z.record(z.string(), z.unknown()), jsonBody(request))
  if (!receiver.received.some((one) => one.id === id)) receiver.received.push({ id, at: receiver.world.now(), body })
  // Section "Delivery": any status of 2xx is success.
  return { answer: { status: 204 }, shape: z.undefined() }
}

function refuseForged(receiver: Receiver, signed: Signed, header: string): void {
  const awaySeconds = Math.abs(receiver.world.now().getTime() / 1000 - Number(signed.timestamp))
  const stale = awaySeconds > toleranceSeconds ? 'the timestamp is too far away' : undefined
  const reason = fits(receiver.secret, signed, header) ? stale : 'no signature fits'
  if (reason === undefined) return
  receiver.refused.push({ id: signed.id, reason })
  throw new Refusal({ status: 401, body: { error: reason } })
}
