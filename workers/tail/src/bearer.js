/** Whoever does not hold the token learns nothing, not even whether there is one. */
export async function refusalOf(request, token) {
  if (await holdsToken(request, token)) return undefined
  return new Response(null, { status: 401, headers: { 'www-authenticate': 'Bearer', 'cache-control': 'no-store' } })
}

/** Compares digests of one length, all of it, so that the time taken tells nothing about the token. */
async function holdsToken(request, token) {
  const given = /^Bearer +(.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (typeof token !== 'string' || token === '' || given === undefined) return false
  const [one, other] = await Promise.all([given, token].map(async (text) => new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))))
  return one.reduce((difference, byte, index) => difference | (byte ^ other[index]), 0) === 0
}
