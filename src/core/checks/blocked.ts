import type { HttpAnswer } from './answer.ts'
import type { Attempt, Blocker } from './result.ts'

const REMEDIES: Readonly<Record<Blocker, string>> = {
  challenge:
    'A Cloudflare challenge answered instead of the Worker. Add a WAF skip rule for the checks (by a secret header that only they send), or check a hostname without bot protection.',
  access:
    'Cloudflare Access asked for a login. Give the checks a service token (headers CF-Access-Client-Id and CF-Access-Client-Secret) or a bypass policy for the path.',
  firewall:
    'A Cloudflare firewall or rate limiting rule refused the request. Add a WAF skip rule for the checks (by a secret header that only they send).',
  'cdn-cache':
    'A cache answered instead of the Worker. Let the Worker answer the path itself with `cache-control: no-store`, exclude it from the cache rules, or check another path.',
}

/** Whether something in front of the Worker answered; asked only of answers without proof of the wanted version. */
export function blockerOf(answer: HttpAnswer): Extract<Attempt, { kind: 'blocked' }> | undefined {
  const by = recognise(answer)
  return by === undefined ? undefined : { kind: 'blocked', by, remedy: REMEDIES[by] }
}

function recognise(answer: HttpAnswer): Blocker | undefined {
  // Cloudflare challenges: "Detect a challenge page response".
  if (answer.headers['cf-mitigated'] === 'challenge') return 'challenge'
  if (isAccessLogin(answer)) return 'access'
  if (isFirewallPage(answer)) return 'firewall'
  return isFromCache(answer) ? 'cdn-cache' : undefined
}

/** Access redirects browsers to the team's domain, and answers others with 401 and its own scheme or 403. */
function isAccessLogin({ status, headers }: HttpAnswer): boolean {
  const location = headers['location'] ?? ''
  if (status >= 300 && status < 400) {
    return /^https:\/\/[\w-]+\.cloudflareaccess\.com\//i.test(location) || location.includes('/cdn-cgi/access/login')
  }
  return (status === 401 || status === 403) && /cloudflare-access/i.test(headers['www-authenticate'] ?? '')
}

/** Cloudflare's own block pages: "Error 1020", "Error 1015" (rate limited), "Sorry, you have been blocked". */
function isFirewallPage({ status, headers, body }: HttpAnswer): boolean {
  if (status !== 403 && status !== 429) return false
  if (!/^cloudflare$/i.test(headers['server'] ?? '')) return false
  return /^\s*error code: 10(?:15|20)\b/i.test(body) || body.includes('cf-error-details') || body.includes('Attention Required! | Cloudflare')
}

/** Cloudflare cache responses: everything but these was answered from the cache, if only in part. */
const NOT_CACHED: ReadonlySet<string> = new Set(['', 'miss', 'none', 'unknown', 'dynamic', 'bypass', 'expired'])

function isFromCache({ headers }: HttpAnswer): boolean {
  if (!NOT_CACHED.has((headers['cf-cache-status'] ?? '').toLowerCase())) return true
  return /^\d+$/.test(headers['age'] ?? '') && Number(headers['age']) > 0
}
