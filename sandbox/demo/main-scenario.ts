import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { wranglerEnvironment } from '../by-hand.ts'
import type { Traffic } from '../cloudflare/edge/tally.ts'
import { startLoad } from '../load.ts'
import { runProgram } from '../run-program.ts'
import { WORKER, type Stage } from './stage.ts'

const LOAD = { paths: ['/', '/api/count'] as const, users: 10, pauseMs: 8 }
const LEAST_REQUESTS = 5_000

interface Served {
  readonly versionId: string
  readonly what: string
  readonly users: number
  readonly throughOverride: number
}

/** A good version, then a bad one while users send requests; and the same bad version by the usual script. */
export async function playMain(stage: Stage): Promise<boolean> {
  const { caller, platform, say } = stage
  const good = caller.merge('Count visits faster', 'good')
  caller.testsEnd(good.sha, 'success')
  const goodRun = await stage.start({ workflow: 'deploy', sha: good.sha }).finished
  const goodEnd = stage.end(goodRun)
  stage.show('good', goodRun)

  const bad = caller.merge('Check keys more strictly', 'broken')
  caller.testsEnd(bad.sha, 'success')
  platform.edge.resetCounts()
  say('Users arrive: the load runs until the bad version has ended.')
  const load = startLoad({ url: stage.url, ...LOAD })
  const badRun = await stage.start({ workflow: 'deploy', sha: bad.sha }).finished
  while (load.sent() < LEAST_REQUESTS) await new Promise((resolve) => setTimeout(resolve, 100))
  await load.stop()
  const badEnd = stage.end(badRun)
  stage.show('bad', badRun)
  const served = [
    { versionId: badEnd.baselineId, what: 'good (baseline)', ...tally(stage, badEnd.baselineId) },
    { versionId: badEnd.versionId, what: 'bad (candidate)', ...tally(stage, badEnd.versionId) },
  ]
  const rollout = { users: load.sent(), failed: load.failed(), served, visits: platform.edge.visits.length }

  const control = await playUsualScript(stage)
  report(stage, { goodEnding: goodEnd.ending, badEnding: badEnd.ending, rollout, control, pullRequest: bad.pullRequest })
  const onBad = served[1]?.users ?? -1
  return goodEnd.ending === 'promoted' && badEnd.ending === 'rolled-back' && onBad === 0 && (served[1]?.throughOverride ?? 0) > 0 && rollout.users >= LEAST_REQUESTS && control.onBad > 0
}

/** What the usual deploy script does with the same bad version; run for real, on the same Worker. */
async function playUsualScript(stage: Stage): Promise<{ readonly users: number; readonly onBad: number; readonly failed: number }> {
  const { platform, caller, say, url } = stage
  const wrangler = fileURLToPath(new URL('../../node_modules/.bin/wrangler', import.meta.url))
  const script = `"${wrangler}" deploy; sleep 5; curl --fail --silent --show-error "${url}/healthz" || "${wrangler}" rollback --yes --message "smoke test failed"`
  say('For comparison, the same bad version by "wrangler deploy; sleep 5; curl || wrangler rollback".')
  platform.edge.resetCounts()
  const before = platform.cloudflare.model.live(WORKER)?.versions.map(({ versionId }) => versionId) ?? []
  const load = startLoad({ url, ...LOAD })
  await runProgram('bash', ['-c', script], { cwd: caller.repository.folder, env: { PATH: process.env['PATH'], HOME: '/nonexistent', CI: 'true', WRANGLER_LOG_PATH: '/tmp', ...wranglerEnvironment(platform) } })
  await load.stop()
  const onBad = platform.edge.counts(WORKER).filter(({ versionId }) => !before.includes(versionId)).reduce((sum, { requests }) => sum + requests, 0)
  return { users: load.sent(), onBad, failed: load.failed() }
}

function tally({ platform }: Stage, versionId: string): Pick<Served, 'users' | 'throughOverride'> {
  const of = (traffic: Traffic) => platform.edge.counts(WORKER, traffic).find((count) => count.versionId === versionId)?.requests ?? 0
  return { users: of('users'), throughOverride: of('overrides') }
}

interface Shown {
  readonly goodEnding: string
  readonly badEnding: string
  readonly rollout: { readonly users: number; readonly failed: number; readonly visits: number; readonly served: readonly Served[] }
  readonly control: { readonly users: number; readonly onBad: number; readonly failed: number }
  readonly pullRequest: number
}

function report(stage: Stage, shown: Shown): void {
  const { platform, say } = stage
  writeFileSync(fileURLToPath(new URL('../../demo.json', import.meta.url)), `${JSON.stringify({ schemaVersion: 1, worker: WORKER, ...shown }, null, 2)}\n`)
  say('')
  say(`The good version ended ${shown.goodEnding}, the bad one ${shown.badEnding}.`)
  say(`User requests while the bad version was rolled out: ${shown.rollout.users}, of which ${shown.rollout.failed} failed.`)
  for (const { what, versionId, users, throughOverride } of shown.rollout.served) {
    say(`  ${String(users).padStart(6)} by the ${what} version ${versionId}, and ${throughOverride} checks through the override header`)
  }
  say(`By the usual script the same bad version answered ${shown.control.onBad} of ${shown.control.users} user requests; ${shown.control.failed} failed.`)
  say('')
  say('Where to look: demo.json (these numbers, from the edge), demo/good.html and demo/bad.html (the job summaries).')
  say('GitHub Deployments, newest first:')
  for (const deployment of platform.github.model.deployments().filter(({ task }) => task === `sleepwell/${WORKER}`).slice(0, 3)) {
    const newest = platform.github.model.statusesOf(deployment)[0]
    say(`  #${deployment.id} ${deployment.task} ${deployment.sha.slice(0, 7)}: ${newest?.state ?? 'no status'}, "${newest?.description ?? ''}"`)
  }
  const comment = platform.github.model.comments(shown.pullRequest)[0]?.body ?? '(none)'
  say(`The comment on pull request #${shown.pullRequest}:`)
  for (const line of comment.split('\n').filter((one) => one !== '' && !one.startsWith('<!--')).slice(0, 6)) say(`  | ${line}`)
}
