import { createHmac, randomUUID } from 'node:crypto'
import { judgeSlack, type SlackCheckSpec, type SlackEvents, type SlackFacts } from '../../core/checks/slack.ts'
import type { Seen } from '../../core/checks/seen.ts'
import type { Asking, AskingPorts } from './asking.ts'
import { askChat, type ChatAsk } from './provider.ts'

/** Docs "Verifying requests from Slack": what is older than five minutes may be a replay. */
const STALE_SECONDS = 360

/** Asks Slack about the tokens, and shakes hands with the Worker's Events URL, rightly and wrongly signed. */
export async function attemptSlack(spec: SlackCheckSpec, asking: Asking, ports: AskingPorts): Promise<Seen> {
  const { botToken, appToken, events, apiBaseUrl } = spec
  const secrets = [botToken, appToken ?? '', events?.signingSecret ?? '']
  const ask = askChat({ apiBaseUrl, secrets }, asking, ports)
  // Docs "Using the Slack Web API": POST, with the token in the header and nowhere else.
  const call = (method: string, token: string) =>
    ask.provider({ method: 'POST', path: `/${method}`, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' } })
  const [authTest, connectionsOpen, asked] = await Promise.all([
    call('auth.test', botToken),
    // Only asked whether it would be let in: a socket takes events from the real app.
    appToken === undefined ? undefined : call('apps.connections.open', appToken),
    events === undefined ? undefined : askEvents(spec, events, { ask, nowSeconds: Math.floor(ports.clock.now() / 1000) }),
  ])
  const facts: SlackFacts = { authTest, ...(connectionsOpen === undefined ? {} : { connectionsOpen }), ...(asked === undefined ? {} : { events: asked }) }
  return judgeSlack(spec, facts, asking.subject.versionId)
}

async function askEvents({ headers }: SlackCheckSpec, events: SlackEvents, { ask, nowSeconds }: { readonly ask: ChatAsk; readonly nowSeconds: number }): Promise<NonNullable<SlackFacts['events']>> {
  const { path, signingSecret, refusesStale } = events
  const challenge = randomUUID()
  const body = JSON.stringify({ token: 'sleepwell', challenge, type: 'url_verification' })
  const sign = (timestamp: number) => `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`
  const post = (timestamp: number, signature: string) => {
    const signing = { 'x-slack-request-timestamp': String(timestamp), 'x-slack-signature': signature }
    return ask.worker({ path, method: 'POST', headers: { ...headers, 'content-type': 'application/json', ...signing }, body })
  }
  const staleSeconds = nowSeconds - STALE_SECONDS
  const [verified, forged, stale] = await Promise.all([
    post(nowSeconds, sign(nowSeconds)),
    post(nowSeconds, forgedFrom(sign(nowSeconds))),
    refusesStale ? post(staleSeconds, sign(staleSeconds)) : undefined,
  ])
  return { challenge, verified, forged, ...(stale === undefined ? {} : { stale }) }
}

/** Right in form, wrong in its last digit. */
function forgedFrom(signature: string): string {
  return signature.slice(0, -1) + (signature.endsWith('0') ? '1' : '0')
}
