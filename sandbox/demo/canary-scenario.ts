import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { healthCheckOf } from '../caller.ts'
import { startLoad } from '../load.ts'
import { WORKER, type Stage } from './stage.ts'

/** Seconds instead of minutes, so that it can be watched. */
const ROLLOUT = `rollout:
  steps:
    - { percent: 10, soakSeconds: 8, leastRequests: 100 }
    - { percent: 50, soakSeconds: 8, leastRequests: 100 }
    - { percent: 100, soakSeconds: 4 }
  pollSeconds: 1
  deadlineMinutes: 5
  metrics:
    - { kind: probes, paths: [/api/count], perPoll: 30, slow: false, baselineRequests: 100 }
`

/** A good version through every step, then one whose checks are all well and that fails one user in five. */
export async function playCanary(stage: Stage): Promise<boolean> {
  const { platform, say, url } = stage
  const load = startLoad({ url, paths: ['/api/count'], users: 6, pauseMs: 10 })
  const good = await deploy(stage, 'Count visits faster', '0')
  stage.show('canary-good', good.result)
  platform.edge.resetCounts()
  const bad = await deploy(stage, 'Count visits with a race', '0.2')
  await load.stop()
  stage.show('canary-bad', bad.result)
  const met = platform.edge.counts(WORKER).find(({ versionId }) => versionId === bad.ended.versionId)
  const all = platform.edge.counts(WORKER).reduce((sum, { requests }) => sum + requests, 0)
  say(`User requests during the second rollout: ${all}, of which ${met?.requests ?? 0} met the version with the race and ${met?.statuses[500] ?? 0} failed.`)
  const isBackAlone = platform.cloudflare.model.live(WORKER)?.versions.map(({ versionId }) => versionId).join() === bad.ended.baselineId
  return good.ended.ending === 'promoted' && bad.ended.ending === 'rolled-back' && bad.ended.reason === 'regressed' && isBackAlone
}

async function deploy(stage: Stage, title: string, failShare: string) {
  const config = readFileSync(fileURLToPath(new URL('../../workers/example/wrangler.jsonc', import.meta.url)), 'utf8')
  const files = {
    '.github/sleepwell.yml': healthCheckOf(stage.url).replace('rollout:\n  preset: immediate\n', ROLLOUT),
    'wrangler.jsonc': config.replace('"FAIL_SHARE": "0"', `"FAIL_SHARE": "${failShare}"`),
  }
  const { sha } = stage.caller.merge(title, 'good', { files })
  stage.caller.testsEnd(sha, 'success')
  const result = await stage.start({ workflow: 'deploy', sha }).finished
  return { result, ended: stage.end(result) }
}
