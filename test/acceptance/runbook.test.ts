import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { runProgram } from '../../sandbox/run-program.ts'
import { deployTwice, TOKEN, WORKER } from './two-versions.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The shell block that the README gives for the night on which GitHub is down. */
function runbook(): string {
  const marked = /<!-- runbook:start -->\s*```sh\n([\s\S]*?)```\s*<!-- runbook:end -->/.exec(readFileSync(`${root}/README.md`, 'utf8'))
  if (marked?.[1] === undefined) throw new Error('README.md has no runbook between its markers')
  return marked[1]
}

function filledIn(block: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce((text, [name, value]) => {
    const blank = new RegExp(`^export ${name}=\\.\\.\\.`, 'm')
    if (!blank.test(text)) throw new Error(`the runbook does not ask for ${name}`)
    return text.replace(blank, `export ${name}=${value}`)
  }, block)
}

describe("the README's runbook for the night on which GitHub is down", () => {
  it('brings the version back to everybody, typed word for word', async () => {
    await using shop = await deployTwice()
    const { cloudflare, edge, github, world } = shop.platform
    expect(cloudflare.model.live(WORKER)?.versions).toEqual([{ versionId: shop.second, percentage: 100 }])
    await github[Symbol.asyncDispose]()
    const before = world.requests.length
    const script = filledIn(runbook(), { CLOUDFLARE_ACCOUNT_ID: cloudflare.accountId, CLOUDFLARE_API_TOKEN: TOKEN })
    const env = {
      PATH: `${root}node_modules/.bin:${process.env['PATH'] ?? ''}`,
      HOME: shop.folder,
      WORKER,
      VERSION_ID: shop.first,
      CLOUDFLARE_API_BASE_URL: cloudflare.apiBaseUrl,
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_LOG_PATH: shop.folder,
      CI: 'true',
    }
    // Not from the Worker's folder: at night there may be no checkout at all.
    const { code, output } = await runProgram('bash', ['-euo', 'pipefail', '-c', script], { cwd: '/tmp', env })
    expect(code, output).toBe(0)
    expect(cloudflare.model.live(WORKER)?.versions).toEqual([{ versionId: shop.first, percentage: 100 }])
    expect(cloudflare.model.live(WORKER)?.annotations).toMatchObject({ 'workers/message': 'by hand: GitHub is down' })
    const answer = await fetch(await edge.urlFor(WORKER))
    expect([await answer.text(), answer.headers.get('x-version-id')]).toEqual(['first', shop.first])
    // What it prints names the version before the change and after it.
    expect(output).toContain(shop.second)
    expect(output.slice(output.lastIndexOf('SUCCESS'))).toContain(shop.first)
    expect(world.requests.slice(before).filter(({ service }) => service === 'github')).toEqual([])
  })
})
