import { formatMarker } from '../core/marker.ts'
import type { Policy } from '../core/policy.ts'
import type { Split } from '../core/production.ts'
import type { CheckVerdict, Effect, Halt, Observation, Subject } from '../core/rollout/state.ts'
import type { Cloudflare } from './cloudflare.ts'
import type { Clock } from './clock.ts'

/** What a rollout asks of the systems around it; each command gives the ones that its plan can reach. */
export interface Means {
  readonly script: string
  readonly cloudflare: Pick<Cloudflare, 'history' | 'writeSplit'>
  readonly clock: Clock
  /** Aborts waiting, uploads and checks; a write that is under way is always waited for. */
  readonly stop: AbortSignal
  /** Whether a hold, a freeze or the deadline stops what goes forward. */
  readStop(): Promise<Halt | 'none' | 'unreadable'>
  /** What people say right before more users get the candidate. Each word is heard once. */
  readCommand(): Promise<'abort' | 'pause' | 'none' | 'unreadable'>
  upload(): Promise<Observation>
  deployFully(): Promise<Observation>
  applyTriggers(): Promise<boolean>
  check(subject: Subject): Promise<CheckVerdict>
  /** Waits for the next look at a step that soaks, and takes it. */
  soak(effect: Extract<Effect, { kind: 'soak' }>): Promise<Observation>
  /** Tells a person what is about to happen or has been seen; never decides. */
  tell(event: RolloutEvent): void
}

export type RolloutEvent =
  | { readonly kind: 'waiting'; readonly seconds: number; readonly before: Effect['kind'] }
  | { readonly kind: 'writing'; readonly split: Split; readonly direction: 'forward' | 'back' }
  | { readonly kind: 'written'; readonly split: Split }
  | { readonly kind: 'write-failed'; readonly split: Split; readonly message: string }
  | { readonly kind: 'read'; readonly split: Split; readonly deploymentId: string }
  | { readonly kind: 'unreadable'; readonly message: string }

/** Does what the rollout machine asks for, and says what came of it. */
export async function perform(policy: Policy, effect: Effect, means: Means): Promise<Observation> {
  await pause(effect, means)
  switch (effect.kind) {
    case 'upload':
      return means.upload()
    case 'read-production':
      return readProduction(effect, means)
    case 'write-split':
      return writeSplit(policy, effect, means)
    case 'run-checks':
      return { kind: 'checked', verdict: await means.check(effect.subject) }
    case 'soak':
      return means.soak(effect)
    case 'apply-triggers':
      return { kind: 'triggers', applied: await means.applyTriggers() }
    case 'deploy-fully':
      return means.deployFully()
    case 'settle':
      throw new Error('bug: settling is the end of a rollout, not an effect to perform')
  }
}

async function pause(effect: Effect, means: Means): Promise<void> {
  if (!('afterSeconds' in effect) || effect.afterSeconds === 0) return
  means.tell({ kind: 'waiting', seconds: effect.afterSeconds, before: effect.kind })
  await means.clock.sleep(effect.afterSeconds, means.stop)
}

async function readProduction({ stopsMatter, commandsMatter }: Extract<Effect, { kind: 'read-production' }>, means: Means): Promise<Observation> {
  const [history, stop] = await Promise.all([
    means.cloudflare.history(means.script),
    stopsMatter ? means.readStop() : Promise.resolve('none' as const),
  ])
  if (history.kind === 'absent') return { kind: 'production', history: [] }
  if (history.kind !== 'ok' || stop === 'unreadable') return unreadable(means, history.kind === 'ok' ? 'the hold cannot be read' : history.message)
  const live = history.value[0]
  if (live !== undefined) means.tell({ kind: 'read', split: live.split, deploymentId: live.id })
  const seen = { kind: 'production', history: history.value } as const
  if (stop !== 'none') return { ...seen, stop }
  // Last, since a word is answered as soon as it is heard: what is read here is acted on.
  const said = commandsMatter ? await means.readCommand() : 'none'
  switch (said) {
    case 'unreadable':
      return unreadable(means, 'it cannot be read what people have said')
    case 'abort':
      return { ...seen, stop: 'aborted' }
    case 'pause':
      return { ...seen, isPaused: true }
    case 'none':
      return seen
  }
}

function unreadable(means: Means, message: string): Observation {
  means.tell({ kind: 'unreadable', message })
  return { kind: 'unreadable' }
}

async function writeSplit(policy: Policy, effect: Extract<Effect, { kind: 'write-split' }>, means: Means): Promise<Observation> {
  const { split, direction, force } = effect
  means.tell({ kind: 'writing', split, direction })
  const written = await means.cloudflare.writeSplit(means.script, {
    split,
    force,
    message: `${formatMarker(policy.marker)} ${describe(split)}`,
    // A way back must not wait for Durable Objects to be idle; a step may.
    immediate: direction === 'back',
  })
  if (written.kind !== 'accepted') means.tell({ kind: 'write-failed', split, message: written.message })
  else means.tell({ kind: 'written', split })
  switch (written.kind) {
    case 'accepted':
    case 'rejected':
      return { kind: 'write-answered', answer: written.kind }
    case 'unanswered': {
      const { retryAfterSeconds } = written
      return { kind: 'write-answered', answer: 'unanswered', ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) }
    }
  }
}

function describe(split: Split): string {
  return split.map((share) => `${share.versionId.slice(0, 8)} at ${share.percentage} %`).join(', ')
}
