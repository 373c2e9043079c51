import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto'
import type { Random } from '../../random.ts'

export interface SigningKeys {
  /** 64 hex digits, as the developer portal shows it and as `verify_key` gives it. */
  readonly publicKey: string
  /** Docs "Interactions", section "Validating Security Request Headers": over timestamp and body, in hex. */
  sign(timestamp: string, body: string): string
}

/** RFC 8410, section 7: the PKCS #8 wrapping of a raw Ed25519 seed of 32 bytes. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** A real Ed25519 key pair (RFC 8032), the same for the same seed. */
export function keysFrom(seed: Buffer): SigningKeys {
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' })
  return {
    publicKey: rawPublicKey(key),
    sign: (timestamp, body) => sign(null, Buffer.from(timestamp + body), key).toString('hex'),
  }
}

export function randomSeed(random: Random): Buffer {
  return Buffer.from(Array.from({ length: 32 }, () => Math.floor(random() * 256)))
}

function rawPublicKey(key: KeyObject): string {
  // The last 32 bytes of a SubjectPublicKeyInfo are the key itself (RFC 8410, section 4).
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex')
}
