const encoder = new TextEncoder()

/** Makes the key that notes are signed with out of the secret `API_KEY`. */
export async function importKey(secret) {
  if (typeof secret !== 'string' || secret === '') throw new Error('no key')
  return crypto.subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
}

/** Hexadecimal HMAC-SHA-256. */
export async function sign(key, text) {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(text))).toHex()
}

export async function verify(key, text, signature) {
  return crypto.subtle.verify('HMAC', key, Uint8Array.fromHex(signature), encoder.encode(text))
}
