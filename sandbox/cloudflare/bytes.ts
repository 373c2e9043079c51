/** API reference "Create a deployment": a message over 1000 bytes is truncated; here never within a character. */
export function truncated(text: string, bytes: number): string {
  const encoded = Buffer.from(text, 'utf8')
  if (encoded.length <= bytes) return text
  return new TextDecoder().decode(encoded.subarray(0, bytes), { stream: true })
}
