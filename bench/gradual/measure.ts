import type { Numbers } from '../arguments.ts'
import { rollOutBad, rollOutGood, type Rollout } from './ours.ts'
import { PEERS, runPeer, type PeerRun } from './peers.ts'
import { predict, type Predicted } from './prediction.ts'
import { openProduction, type Production } from './production.ts'

export interface Measured {
  readonly firstSeed: number
  /** By Sleepwell, one for each seed. */
  readonly bad: readonly Rollout[]
  readonly good: readonly Rollout[]
  readonly peers: readonly { readonly name: string; readonly runs: readonly PeerRun[] }[]
  /** The bad version under the same rule, simulated. */
  readonly predicted: readonly Predicted[]
}

const PREDICTED_RUNS = 4000

/** Every seed's rollouts, one after the other, so that none takes another's processor. */
export async function measureRollouts({ seed: firstSeed, seeds, 'peer-seeds': peerSeeds }: Numbers): Promise<Measured> {
  const ofAll = { firstSeed, count: seeds }
  const bad = await forEachSeed('Sleepwell, bad version', ofAll, async (production, seed) => told('bad', await rollOutBad(production, seed)))
  const peers: Measured['peers'][number][] = []
  for (const peer of PEERS) {
    const runs = await forEachSeed(peer.name, { firstSeed, count: peerSeeds }, (production, seed) => runPeer(production, peer, seed))
    peers.push({ name: peer.name, runs })
  }
  const good = await forEachSeed('Sleepwell, good version', ofAll, async (production, seed) => told('good', await rollOutGood(production, seed)))
  return { firstSeed, bad, good, peers, predicted: predict(PREDICTED_RUNS, firstSeed) }
}

interface Seeds {
  readonly firstSeed: number
  readonly count: number
}

async function forEachSeed<T>(what: string, { firstSeed, count }: Seeds, run: (production: Production, seed: number) => Promise<T>): Promise<readonly T[]> {
  await using production = await openProduction()
  const runs: T[] = []
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    runs.push(await run(production, seed))
    console.error(`${what}: ${runs.length} of ${count}`)
  }
  return runs
}

function told(what: string, rollout: Rollout): Rollout {
  console.error(`${what}: ${rollout.ending} ${rollout.reason} at ${rollout.reachedPercent} %, ${rollout.served.failed} of ${rollout.served.requests} failed`)
  return rollout
}
