import { setTimeout as pause } from 'node:timers/promises'
import { BASE_ERRORS } from './plan.ts'
import type { Production } from './production.ts'
import { servedBy, type Served } from './tally.ts'
import { startUsers } from './users.ts'
import { FAILING_TENANT, ORDERS } from './worker.ts'

/** A way to deploy that many have in their workflow today. */
export interface Peer {
  readonly name: string
  /** Asked five seconds after the deploy; without it nothing is asked. */
  readonly path?: string
}

export const PEERS: readonly Peer[] = [
  { name: 'wrangler deploy && sleep 5 && curl ‖ wrangler rollback, curl sees the fault', path: `${ORDERS}?tenant=${FAILING_TENANT}` },
  { name: 'wrangler deploy && sleep 5 && curl ‖ wrangler rollback, curl does not see it', path: '/healthz' },
  { name: 'wrangler deploy' },
]

export interface PeerRun {
  readonly isRolledBack: boolean
  readonly served: Served
  readonly requestsPerSecond: number
}

/** Where nobody takes the version back, its users are counted for so long; it goes on after that. */
export const COUNTED_SECONDS = 20
const SLEEP_MS = 5000

export async function runPeer(production: Production, { path }: Peer, seed: number): Promise<PeerRun> {
  const { platform, url } = production
  const baseline = production.live()
  platform.edge.resetCounts()
  const users = startUsers(url, seed, () => BASE_ERRORS)
  await production.wrangler(['deploy'], { health: 'bad', title: `bad ${seed}` })
  const deployedAt = performance.now()
  const bad = production.live()
  const isRolledBack = path !== undefined && (await isFailing(url + path))
  if (isRolledBack) await production.wrangler(['rollback', '--yes', '--message', 'curl failed'])
  else await pause(Math.max(0, COUNTED_SECONDS * 1000 - (performance.now() - deployedAt)))
  const served = servedBy(platform, bad)
  const requestsPerSecond = await users.stop()
  if (!isRolledBack) await production.wrangler(['versions', 'deploy', `${baseline}@100%`, '--yes'])
  return { isRolledBack, served, requestsPerSecond }
}

/** As `curl --fail` has it. */
async function isFailing(url: string): Promise<boolean> {
  await pause(SLEEP_MS)
  const { status } = await fetch(url)
  return status >= 400
}
