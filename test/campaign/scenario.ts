import type { Ending } from '../../src/core/ending.ts'
import { callsOf, type Call } from './calls.ts'
import { beginLife, mainDeploys, type Run } from './process.ts'
import { sayTo } from './people.ts'
import { setStage, tagOf, TELLING_PERCENT, WORKER, type Health, type Stage } from './stage.ts'

// One deploy in a world of its own, and what must be true after it whatever befell it.

export const HEALTHS: readonly Health[] = ['healthy', 'broken', 'overloaded', 'aborted']

/** How a deploy of it ends when nothing befalls it. */
export const ENDS: Readonly<Record<Health, Ending>> = {
  healthy: { kind: 'promoted' },
  broken: { kind: 'rolled-back', cause: 'check-failed' },
  overloaded: { kind: 'rolled-back', cause: 'regressed' },
  aborted: { kind: 'rolled-back', cause: 'aborted' },
}

export interface Scene extends AsyncDisposable {
  readonly stage: Stage
  readonly run: Run
  /** Version that served everybody when the deploy began. */
  readonly baseline: string
}

/** A Worker that was deployed once already, with its entry in the ledger, and the commit that is to be deployed now. */
export async function setScene(health: Health): Promise<Scene> {
  const stage = await setStage()
  const first = await deployNext(stage)
  if (first?.kind !== 'promoted') throw new Error(`the first deploy ended ${first?.kind ?? 'stopped'}`)
  const sha = stage.merge(health)
  const run = { sha, id: stage.startRun(sha) }
  if (health === 'aborted') {
    for (const word of ['pause', 'resume'] as const) sayTo(stage, run, word)
    stage.onTelling = () => {
      stage.onTelling = () => undefined
      sayTo(stage, run, 'abort')
    }
  }
  return { stage, run, baseline: liveOf(stage) ?? '', [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose]() }
}

/** A deploy that nothing befalls, from the merge to its end. */
export async function deployNext(stage: Stage, { releaseHold = false } = {}): Promise<Ending | undefined> {
  const sha = stage.merge('healthy')
  const run = { sha, id: stage.startRun(sha), releaseHold }
  const ending = await mainDeploys(stage, run, beginLife())
  stage.github.model.updateRun(run.id, { status: 'completed', conclusion: 'success' })
  return ending
}

export interface Rehearsal {
  readonly calls: readonly Call[]
  readonly ending: Ending
}

/** The calls of a deploy that nothing befalls. */
export async function rehearse(health: Health): Promise<Rehearsal> {
  await using scene = await setScene(health)
  const before = scene.stage.world.requests.length
  const ending = await mainDeploys(scene.stage, scene.run, beginLife())
  if (ending === undefined) throw new Error('nobody told it to stop')
  return { calls: callsOf(scene.stage.world.requests.slice(before)), ending }
}

/** The version at 100 %. */
export function liveOf({ cloudflare }: Stage): string | undefined {
  return cloudflare.model.live(WORKER)?.versions.find(({ percentage }) => percentage === 100)?.versionId
}

/** What is not as it must be after any deploy, whatever befell it; empty when all is well. */
export function faultsIn({ stage, run, baseline }: Scene): string[] {
  const { cloudflare, github, world, healths } = stage
  const live = liveOf(stage) ?? 'a split'
  const complaints = world.violations.map((violation) => `contract broken: ${violation}`)
  if (live !== baseline && (live === 'a split' || healths.get(tagOf(cloudflare, live)) !== 'healthy')) complaints.push(`production ended at ${live}, which is neither the baseline nor a version that passes`)
  for (const deployment of cloudflare.model.deployments(WORKER)) {
    for (const { versionId, percentage } of deployment.versions) {
      const health = healths.get(tagOf(cloudflare, versionId)) ?? 'healthy'
      if (percentage > MOST_PERCENT[health]) complaints.push(`users were given ${percentage} % of a version that is ${health}`)
    }
  }
  const entries = github.model.deployments().filter((one) => isNoNote(one) && one.sha === run.sha)
  if (entries.length > 1) complaints.push(`${entries.length} entries in the ledger for one deploy`)
  return complaints
}

/** What a version may be given at most, whatever befalls. */
const MOST_PERCENT: Readonly<Record<Health, number>> = { healthy: 100, broken: 0, overloaded: TELLING_PERCENT, aborted: TELLING_PERCENT }

const isNoNote = ({ task }: { readonly task: string }) => !task.startsWith('sleepwell-result/') && !task.startsWith('sleepwell-command/')

/** Entries that nobody has closed. */
export function openEntries({ github }: Stage): readonly number[] {
  return github.model
    .deployments()
    // A result is a note and never open.
    .filter(isNoNote)
    .filter(({ statuses }) => !statuses.some(({ state, description }) => ['success', 'failure', 'error'].includes(state) || (state === 'inactive' && description !== '')))
    .map(({ id }) => id)
}

/** Whether what an ending says about production is so. */
export function untruthsOf({ stage, run, baseline }: Scene, ending: string): string[] {
  const live = liveOf(stage)
  const isCandidateLive = live !== undefined && tagOf(stage.cloudflare, live) === run.sha
  switch (ending) {
    case 'promoted':
      return isCandidateLive ? [] : [`it says promoted, but ${live ?? 'a split'} is live`]
    case 'refused':
    case 'rolled-back':
      return live === baseline ? [] : [`it says ${ending}, but ${isCandidateLive ? 'the candidate' : (live ?? 'a split')} is live`]
    case 'stranded':
      return []
    default:
      return [`nobody else deployed, and yet it says ${ending}`]
  }
}

/** How the ledger says that this deploy ended; `undefined` without an entry, or while it is open. */
export function endingInLedger({ stage, run }: Scene): string | undefined {
  const [entry] = stage.github.model.deployments().filter((one) => isNoNote(one) && one.sha === run.sha)
  const text = entry?.statuses[0]?.description ?? ''
  return /^(promoted|refused|rolled-back|stranded|yielded)\b/.exec(text)?.[1]
}

/** What a person sees of the deploy on GitHub, where nothing kept it from being told. */
export function untoldIn({ stage, run }: Scene, ending: Ending): string[] {
  const { model } = stage.github
  const complaints: string[] = []
  const [status] = model.commitStatuses(run.sha)
  const expected = ending.kind === 'promoted' ? 'success' : 'failure'
  if (status?.state !== expected) complaints.push(`the commit status is ${status?.state ?? 'missing'}, not ${expected}`)
  const comments = model.comments(2).length
  if (comments !== 1) complaints.push(`${comments} comments on the pull request`)
  if (endingInLedger({ stage, run, baseline: '', [Symbol.asyncDispose]: async () => undefined }) !== ending.kind) complaints.push('the ledger does not say how it ended')
  return complaints
}
