import { wranglerByHand } from '../by-hand.ts'
import { playCanary } from './canary-scenario.ts'
import { WORKER, type Stage } from './stage.ts'

type Play = (stage: Stage) => Promise<boolean>

/** What else can happen; each resolves to whether it ended as promised. */
export const OTHER_SCENARIOS: Readonly<Record<string, Play>> = {
  canary: playCanary,
  'tests-red': playTestsRed,
  drift: playDrift,
  cancelled: (stage) => playInterrupted(stage, 'cancelled'),
  'runner-lost': (stage) => playInterrupted(stage, 'runner-lost'),
  'manual-rollback': playManualRollback,
}

async function playTestsRed(stage: Stage): Promise<boolean> {
  const { sha } = stage.caller.merge('Break a test', 'good')
  stage.caller.testsEnd(sha, 'failure')
  const before = stage.platform.cloudflare.model.deployments(WORKER).length
  const { ending, reason } = stage.end(await stage.start({ workflow: 'deploy', sha }).finished)
  stage.say(`Deployments before and after: ${before}, ${stage.platform.cloudflare.model.deployments(WORKER).length}.`)
  return ending === 'refused' && reason === 'gate-failed' && stage.platform.cloudflare.model.deployments(WORKER).length === before
}

async function playDrift(stage: Stage): Promise<boolean> {
  const { caller, platform, say } = stage
  say('Somebody deploys from a laptop, around CI.')
  await wranglerByHand(platform, caller.repository.folder, ['deploy'])
  const { sha } = caller.merge('Deploy after a laptop', 'good')
  caller.testsEnd(sha, 'success')
  const result = await stage.start({ workflow: 'deploy', sha }).finished
  const { ending } = stage.end(result)
  const warning = result.annotations.find(({ message }) => message.includes('around CI'))
  say(warning === undefined ? 'No drift was reported.' : `Reported: ${warning.message}`)
  stage.show('drift', result)
  return ending === 'promoted' && warning !== undefined
}

/** The run is cut off right after the candidate got everybody; `post` or the recover job brings the baseline back. */
async function playInterrupted(stage: Stage, how: 'cancelled' | 'runner-lost'): Promise<boolean> {
  const { caller, platform, say } = stage
  const { sha } = caller.merge('Interrupt me', 'good')
  caller.testsEnd(sha, 'success')
  const baseline = platform.cloudflare.model.live(WORKER)?.versions[0]?.versionId
  const run = stage.start({ workflow: 'deploy', sha })
  const cut = () => {
    say(how === 'cancelled' ? 'Somebody cancels the run.' : "The deploy job's runner is lost.")
    if (how === 'cancelled') run.cancel()
    else run.loseRunner('deploy/rollout/deploy')
  }
  // The second write of a rollout is the promotion.
  platform.world.faults.push({ service: 'cloudflare', method: 'POST', path: /\/deployments$/, skip: 1, fault: { kind: 'observe', after: cut } })
  const result = await run.finished
  const { ending } = stage.end(result)
  const live = platform.cloudflare.model.live(WORKER)?.versions
  say(`Live now: ${live?.map(({ versionId, percentage }) => `${versionId} at ${percentage} %`).join(', ') ?? 'nothing'}; the baseline was ${baseline ?? 'nothing'}.`)
  stage.show(how, result)
  return live?.length === 1 && live[0]?.versionId === baseline && (how === 'cancelled' || ending === 'rolled-back')
}

async function playManualRollback(stage: Stage): Promise<boolean> {
  const { caller, platform, say } = stage
  const { sha } = caller.merge('A version that somebody regrets', 'good')
  caller.testsEnd(sha, 'success')
  const deployed = stage.end(await stage.start({ workflow: 'deploy', sha }).finished)
  const inputs = { reason: 'customers complain', version: '', commit: '', release: false, 'dry-run': false }
  const result = await stage.start({ workflow: 'rollback', sha, inputs }).finished
  const { ending } = stage.end(result)
  stage.show('manual-rollback', result)
  const live = platform.cloudflare.model.live(WORKER)?.versions[0]?.versionId
  say('Another deploy, while the Worker is held:')
  const next = caller.merge('Too early', 'good')
  caller.testsEnd(next.sha, 'success')
  const held = stage.end(await stage.start({ workflow: 'deploy', sha: next.sha }).finished)
  return ending === 'rolled-back' && live === deployed.baselineId && held.reason === 'held'
}
