import { wranglerByHand } from '../../sandbox/by-hand.ts'
import { createCaller, type Caller } from '../../sandbox/caller.ts'
import { startPlatform, type Platform } from '../../sandbox/platform.ts'

const TOKEN = 'bench-token-0123456789abcdef'
const WORKER = 'sleepwell-example'

/** From the last answer to a check of a bad version to the reading that shows the baseline at 100 %; one figure a rollout. */
export async function badRollouts(runs: number): Promise<readonly number[]> {
  await using platform = await startPlatform({ token: TOKEN })
  using caller = await createCaller(platform, { environmentSecret: TOKEN })
  const { sha } = caller.merge('First version', 'good')
  await wranglerByHand(platform, caller.repository.folder, ['secret', 'put', 'API_KEY'], 'Production_Key_1')
  caller.testsEnd(sha, 'success')
  await caller.start({ workflow: 'full-deploy', sha, inputs: { reason: 'the first version' } }).finished
  const figures: number[] = []
  for (let run = 0; run < runs; run += 1) figures.push(await badRollout(platform, caller, run))
  return figures
}

async function badRollout(platform: Platform, caller: Caller, run: number): Promise<number> {
  const seen = platform.world.requests.length
  const { sha } = caller.merge(`Bad version ${run}`, 'broken')
  caller.testsEnd(sha, 'success')
  const result = await caller.start({ workflow: 'deploy', sha }).finished
  if (result.jobs['deploy']?.outputs['ending'] !== 'rolled-back') throw new Error(`a bad version was not rolled back: ${result.log.join('\n')}`)
  const requests = platform.world.requests.slice(seen)
  // The first write stages the candidate, the second one brings the baseline back.
  const writes = requests.flatMap(({ service, method, path }, index) => (service === 'cloudflare' && method === 'POST' && path.endsWith(`/${WORKER}/deployments`) ? [index] : []))
  const restore = writes[1]
  if (writes.length !== 2 || restore === undefined) throw new Error(`expected a stage and a restore, saw ${writes.length} writes`)
  const check = requests.slice(0, restore).findLast(({ service }) => service === 'edge')
  const reading = requests.slice(restore).find(({ service, method, path }) => service === 'cloudflare' && method === 'GET' && path.endsWith('/deployments'))
  if (check === undefined || reading === undefined) throw new Error('no check before the restore, or no reading after it')
  return Date.parse(reading.at) - Date.parse(check.at)
}
