import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { deployTwice, WORKER } from '../../test/acceptance/two-versions.ts'
import type { Numbers } from '../arguments.ts'
import { table } from '../markdown.ts'
import type { Section } from '../section.ts'
import { randomFrom, seedFrom } from '../simulation/random.ts'
import { badRollouts } from './bad-rollout.ts'
import { figuresOf, inWords } from './figures.ts'
import { measureRounds } from './round-of-checks.ts'
import { ourWayBack, wranglersWayBack, type WayBack } from './way-back.ts'

const RUNS = 7
const ROLLOUTS = 3

interface BothWays {
  readonly ours: readonly WayBack[]
  readonly wranglers: readonly WayBack[]
}

/** Each goes back to the version that is not live; who goes first in a round is drawn, so that neither always finds the other's traces. */
async function measureWaysBack(seed: number): Promise<BothWays> {
  await using shop = await deployTwice()
  const random = randomFrom(seedFrom(`${seed}/way-back`))
  const both: Record<keyof BothWays, WayBack[]> = { ours: [], wranglers: [] }
  // The first round warms the disk's cache and does not count.
  for (let round = 0; round <= RUNS; round += 1) {
    const turns = random() < 0.5 ? (['ours', 'wranglers'] as const) : (['wranglers', 'ours'] as const)
    for (const who of turns) {
      const target = shop.platform.cloudflare.model.live(WORKER)?.versions[0]?.versionId === shop.first ? shop.second : shop.first
      const measured = await (who === 'ours' ? ourWayBack(shop, target) : wranglersWayBack(shop, target))
      console.error(`round ${round}, ${who}: ${measured.firstRequest} ms to the first request`)
      if (round > 0) both[who].push(measured)
    }
  }
  return both
}

function row(what: string, kind: keyof WayBack, { ours, wranglers }: BothWays): readonly string[] {
  const [our, wrangler] = [figuresOf(ours.map((one) => one[kind])), figuresOf(wranglers.map((one) => one[kind]))]
  return [what, inWords(our), inWords(wrangler), (our.median / wrangler.median).toFixed(2)]
}

function wranglerVersion(): string {
  const text = readFileSync(fileURLToPath(new URL('../../node_modules/wrangler/package.json', import.meta.url)), 'utf8')
  return /"version":\s*"([^"]+)"/.exec(text)?.[1] ?? 'of unknown version'
}

export async function measureWayBack({ seed }: Numbers): Promise<Section> {
  const both = await measureWaysBack(seed)
  const restores = figuresOf(await badRollouts(ROLLOUTS))
  const rounds = await measureRounds(RUNS)
  const rows = [row("the first request at Cloudflare's API", 'firstRequest', both), row('the write that brings the version back', 'write', both)]
  const body = `All in one run against the sandbox: the ratio is worth more than the milliseconds. Load of the last five minutes: ${(loadavg()[1] ?? Number.NaN).toFixed(1)}, this measurement's own included.

Ours is \`dist/main\` with \`command: rollback\`, as a runner starts it; wrangler's is \`wrangler rollback <id> --yes\` (wrangler ${wranglerVersion()}), already installed. They take turns, who is first is drawn in each round; median (least to most).

${table(['from the start of the process to', 'ours', 'wrangler rollback', 'ratio'], rows)}

Before its write, ours also places the hold and opens its entry in the ledger, and searches nothing: the version is named.

In a rollout of a bad version, from the arrival of the last request of its checks to the reading that shows the baseline at 100 %: ${inWords(restores)}. One write, no wrangler, no registry. Both times are those of the sandbox's log of requests; Cloudflare's own time to answer is not in them.

### What a round of checks costs

${rounds.words}: ${inWords(figuresOf(rounds.tookMs))}.`
  return { title: 'What the way back costs', criteria: [], body }
}
