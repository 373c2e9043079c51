const MOST_TRIES = 3
const LIMIT_MS = 10_000

/**
 * At most one for each version and kind: it is on record before it is sent, and is sent again only when the receiver
 * has said that it did not take it. `false`: to be tried again.
 */
export async function sendAlert(sql, spike, { ALERT_URL: url, ALERT_SECRET: secret }) {
  const { version, kind } = spike
  const [before] = sql.exec('SELECT tries, is_settled AS isSettled FROM alerts WHERE version = ? AND kind = ?', version, kind).toArray()
  if (before?.isSettled === 1) return true
  const tries = (before?.tries ?? 0) + 1
  sql.exec('INSERT OR REPLACE INTO alerts VALUES (?, ?, ?, 1)', version, kind, tries)
  if (!(await isRefused(url, spike, secret)) || tries >= MOST_TRIES) return true
  sql.exec('UPDATE alerts SET is_settled = 0 WHERE version = ? AND kind = ?', version, kind)
  return false
}

/** No answer is no refusal: it may have been taken. */
async function isRefused(url, spike, secret) {
  const { script, version, kind, nowMs } = spike
  const body = JSON.stringify({ type: 'errors.spiked', timestamp: new Date(nowMs).toISOString(), data: { ...spike, text: textOf(spike) } })
  const id = `${script}.${version}.${kind}`
  try {
    const headers = { 'content-type': 'application/json', 'user-agent': 'sleepwell-tail', ...(await signed(id, String(Math.floor(nowMs / 1000)), body, secret)) }
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.timeout(LIMIT_MS) })
    await response.body?.cancel()
    if (response.status >= 300) console.error(`the alert ${id} was refused: HTTP ${response.status}`)
    return response.status >= 300
  } catch (error) {
    console.error(`the alert ${id} got no answer: ${error?.name}`)
    return false
  }
}

function textOf({ script, version, kind, bad, requests, usualBad, usualRequests, firstMs, nowMs }) {
  const words = { exceptions: 'exceptions', 'server-errors': 'answers of 500 and above' }
  const usual = usualRequests === 0 ? 'nothing to compare with' : `other versions: ${usualBad} in ${usualRequests}`
  return `${script}: ${bad} ${words[kind]} in ${requests} requests of version ${version}, ${Math.ceil((nowMs - firstMs) / 60_000)} min after its first (${usual}).`
}

/** "Standard Webhooks" 1.0.0. */
async function signed(id, timestamp, body, secret) {
  if (!secret) return {}
  const bytes = Uint8Array.from(atob(secret.replace(/^whsec_/, '')), (character) => character.codePointAt(0))
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`${id}.${timestamp}.${body}`)))
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${btoa(String.fromCodePoint(...signature))}` }
}
