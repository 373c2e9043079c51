import type { CodeUpdateStrategy, Share } from '../types.ts'
import { pointOf, versionAt } from './split.ts'

export interface ObjectDeployment {
  /** Milliseconds since the epoch. */
  readonly deployedAt: number
  readonly shares: readonly Share[]
  readonly codeUpdateStrategy: CodeUpdateStrategy
}

export interface ObjectQuestion {
  /** Names one object: script, class and id. */
  readonly object: string
  /** The script's deployments, newest first. */
  readonly deployments: readonly ObjectDeployment[]
  /** The version that the object runs at this moment; `undefined` when it is not in memory. */
  readonly running: string | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
}

/**
 * The version that a Durable Object has to run now. Each deployment assigns one by percentage and order,
 * whatever version the calling Worker has (docs "Gradual deployments, With Durable Objects"). An object
 * that is in memory keeps its code until it leaves memory or the deployment's `max_delay` has passed; with
 * `immediate` it changes at once (docs "Durable Objects code updates").
 */
export function objectVersion({ object, deployments, running, now }: ObjectQuestion): string {
  const point = pointOf(object)
  const [current] = deployments
  if (current === undefined) throw new Error(`no deployment has an object ${object}`)
  const assigned = versionAt(current.shares, point)
  if (running === undefined || running === assigned) return assigned
  return now < deadline({ object, deployments, running, now }) ? running : assigned
}

/** Counts from the deployment that took the object away from the code that it runs, not from a later one. */
function deadline({ object, deployments, running }: ObjectQuestion): number {
  const point = pointOf(object)
  let earliest = Number.POSITIVE_INFINITY
  for (const { shares, deployedAt, codeUpdateStrategy } of deployments) {
    if (versionAt(shares, point) === running) return earliest
    earliest = Math.min(earliest, deployedAt + delayMilliseconds(codeUpdateStrategy))
  }
  return earliest
}

/** How long running objects may keep their code after a deployment. */
export function delayMilliseconds(strategy: CodeUpdateStrategy): number {
  switch (strategy.mode) {
    case 'immediate':
      return 0
    case 'deferred':
      return strategy.maxDelaySeconds * 1000
  }
}
