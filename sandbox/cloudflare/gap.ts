/** The sandbox cannot play this part of Cloudflare: answered with 500, and a violation that fails a test. */
export class SandboxGap extends Error {}

/** Turns what a schema refuses into a gap that names the place and the value. */
export function decoded<T>(
  what: string,
  result: { success: true; data: T } | { success: false; error: { message: string } },
): T {
  if (result.success) return result.data
  throw new SandboxGap(`${what} is not what the sandbox knows: ${result.error.message}`)
}
