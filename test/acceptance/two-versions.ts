import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wranglerByHand } from '../../sandbox/by-hand.ts'
import { startPlatform, type Platform } from '../../sandbox/platform.ts'
import type { ProgramEnd } from '../../sandbox/run-program.ts'

export const WORKER = 'shop'
export const TOKEN = 'acceptance-token-0123456789abcdef'

export interface TwoVersions extends AsyncDisposable {
  readonly platform: Platform
  readonly folder: string
  readonly first: string
  readonly second: string
  wrangler(...args: readonly string[]): Promise<ProgramEnd>
  /** Writes another version of the Worker's code into the folder. */
  write(says: string): void
}

/** A Worker that a person has deployed twice with wrangler: `second` is live, `first` was before it. */
export async function deployTwice(): Promise<TwoVersions> {
  const platform = await startPlatform({ token: TOKEN })
  const folder = mkdtempSync(join(tmpdir(), 'sleepwell-shop-'))
  const write = (says: string) =>
    writeFileSync(join(folder, 'index.js'), `export default { fetch: (request, env) => new Response(${JSON.stringify(says)}, { headers: { 'x-version-id': env.VERSION.id } }) }\n`)
  writeFileSync(
    join(folder, 'wrangler.json'),
    JSON.stringify({ name: WORKER, main: 'index.js', compatibility_date: '2026-01-01', workers_dev: true, version_metadata: { binding: 'VERSION' } }),
  )
  const wrangler = (...args: readonly string[]) => wranglerByHand(platform, folder, args)
  const deploy = async (says: string) => {
    write(says)
    const { code, output } = await wrangler('deploy')
    if (code !== 0) throw new Error(`wrangler deploy failed: ${output}`)
    return platform.cloudflare.model.live(WORKER)?.versions[0]?.versionId ?? ''
  }
  return {
    platform,
    folder,
    first: await deploy('first'),
    second: await deploy('second'),
    wrangler,
    write,
    async [Symbol.asyncDispose]() {
      await platform[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
