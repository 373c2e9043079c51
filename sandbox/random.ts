/** A number in [0, 1). */
export type Random = () => number

/** mulberry32, a 32-bit generator in the public domain: small, and the same on every machine for a seed. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A version 4 UUID (RFC 9562, section 5.4). */
export function uuidFrom(random: Random): string {
  const digit = () => Math.floor(random() * 16).toString(16)
  const digits = (count: number) => Array.from({ length: count }, digit).join('')
  const variant = (8 + Math.floor(random() * 4)).toString(16)
  return `${digits(8)}-${digits(4)}-4${digits(3)}-${variant}${digits(3)}-${digits(12)}`
}
