import { json, methodNotAllowed, notFound, parseJson, unauthorized } from './answers.js'
import { importKey, sign, verify } from './signing.js'
import { isBroken } from './switches.js'

/** Docs "Verifying requests from Slack": what is older may be a replay. */
const WINDOW_SECONDS = 300

/** The Events URL: gives the challenge of a `url_verification` back, takes every event, and refuses what Slack did not sign. */
export async function answerSlack(request, env) {
  if (env.SLACK_SIGNING_SECRET === undefined) return notFound()
  if (request.method !== 'POST') return methodNotAllowed()
  const body = await request.text()
  if (!(await isSigned(request.headers, body, env))) return unauthorized()
  const event = parseJson(body)
  if (event?.type === 'url_verification') return json({ challenge: event.challenge })
  return event === undefined ? json({ error: 'no event' }, 400) : new Response()
}

async function isSigned(headers, body, env) {
  const timestamp = headers.get('x-slack-request-timestamp') ?? ''
  const signature = /^v0=([0-9a-f]{64})$/.exec(headers.get('x-slack-signature') ?? '')?.[1]
  if (!/^\d{1,12}$/.test(timestamp) || signature === undefined) return false
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > WINDOW_SECONDS) return false
  return verify(await importKey(env.SLACK_SIGNING_SECRET), signedText(timestamp, body, env), signature)
}

/** Broken: the version is left out of what is signed, so that no signature of Slack's fits. */
function signedText(timestamp, body, env) {
  return isBroken(env, 'slack') ? `${timestamp}:${body}` : `v0:${timestamp}:${body}`
}

/** As Slack would send it now. */
export async function signedChallenge(url, env) {
  const timestamp = String(Math.floor(Date.now() / 1000))
  const body = JSON.stringify({ type: 'url_verification', challenge: 'healthz' })
  const signature = await sign(await importKey(env.SLACK_SIGNING_SECRET), `v0:${timestamp}:${body}`)
  return new Request(url, { method: 'POST', body, headers: { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${signature}` } })
}
