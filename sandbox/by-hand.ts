import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Platform } from './platform.ts'
import { runProgram, type ProgramEnd } from './run-program.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The environment with which anyone can point wrangler at the sandbox, and that keeps it from calling out. */
export function wranglerEnvironment(platform: Pick<Platform, 'cloudflare'>): Record<string, string> {
  return {
    CLOUDFLARE_API_BASE_URL: platform.cloudflare.apiBaseUrl,
    CLOUDFLARE_API_TOKEN: platform.cloudflare.token,
    CLOUDFLARE_ACCOUNT_ID: platform.cloudflare.accountId,
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
  }
}

/** The real wrangler, as a person would type it in a folder. */
export async function wranglerByHand(platform: Pick<Platform, 'cloudflare'>, cwd: string, args: readonly string[], input?: string): Promise<ProgramEnd> {
  const home = mkdtempSync(join(tmpdir(), 'sleepwell-home-'))
  const env = { PATH: process.env['PATH'], HOME: home, XDG_CONFIG_HOME: home, WRANGLER_LOG_PATH: home, CI: 'true', ...wranglerEnvironment(platform) }
  try {
    return await runProgram(process.execPath, [join(root, 'node_modules/wrangler/bin/wrangler.js'), ...args], { cwd, env, ...(input === undefined ? {} : { input }) })
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 3 })
  }
}
