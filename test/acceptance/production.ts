import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { wranglerByHand } from '../../sandbox/by-hand.ts'
import { createCaller, type Caller, type CallerChange, type CallerOptions, type Landed, type StartRun } from '../../sandbox/caller.ts'
import type { FaultRule } from '../../sandbox/faults.ts'
import { startPlatform, type Platform } from '../../sandbox/platform.ts'
import type { RunResult } from '../../sandbox/runner/workflow.ts'
import type { World } from '../../sandbox/world.ts'

export type { Landed } from '../../sandbox/caller.ts'

export const WORKER = 'sleepwell-example'
export const TOKEN = 'acceptance-cf-token-0123456789abcdef'
export const API_KEY = 'Acceptance_Key_0123456789'
export const STATUS_CONTEXT = `sleepwell/production/${WORKER}`
/** Real wranglers and Workers take seconds when the machine is idle, and much longer when it is not. */
export const OPENING_MS = 300_000
export const RUN_MS = 180_000

/** A team's repository and its Worker in production, whose first version is live. */
export interface Production extends AsyncDisposable {
  readonly platform: Platform
  readonly caller: Caller
  readonly url: string
  /** A merged commit whose tests have ended; `none`: nobody ran them. */
  land(title: string, variant: 'good' | 'broken', change?: CallerChange & { readonly tests?: 'success' | 'failure' | 'none' }): Landed
  /** Runs a workflow of the caller's to its end. */
  run(run: StartRun): Promise<Ended>
  /** The version that serves everybody; throws on a split. */
  live(): string
  /** Versions and percentages, as Cloudflare has them. */
  split(): readonly { readonly versionId: string; readonly percentage: number }[]
  /** Newest commit status of ours. */
  status(sha: string): { readonly state: string; readonly description: string | null } | undefined
  /** Ledger entries of this task, newest first, each with its newest status. */
  ledger(task?: 'sleepwell' | 'sleepwell-rollback' | 'sleepwell-hold'): readonly LedgerEntry[]
  /** User requests that a version answered since the last reset. */
  usersOn(versionId: string): number
}

export interface LedgerEntry {
  readonly id: number
  readonly sha: string
  readonly state: string
  readonly description: string
}

export interface Ended {
  readonly result: RunResult
  readonly conclusion: string
  readonly ending: string
  readonly reason: string
  readonly versionId: string
  readonly baselineId: string
  /** The whole log, for the message of a failed expectation. */
  readonly log: string
}

export async function openProduction(options: Partial<CallerOptions> = {}): Promise<Production> {
  const platform = await startPlatform({ token: TOKEN })
  const caller = await createCaller(platform, { environmentSecret: TOKEN, graceScale: 0.3, ...options })
  const url = await platform.edge.urlFor(WORKER)
  const { cloudflare, github, edge } = platform
  const split = () => (cloudflare.model.live(WORKER)?.versions ?? []).map(({ versionId, percentage }) => ({ versionId, percentage }))
  const production: Production = {
    platform,
    caller,
    url,
    land(title, variant, { tests = 'success', ...change } = {}) {
      const landed = caller.merge(title, variant, change)
      if (tests !== 'none') caller.testsEnd(landed.sha, tests)
      return landed
    },
    run: async (run) => endOf(await caller.start(run).finished),
    live() {
      const [only, ...others] = split()
      if (only?.percentage !== 100 || others.length > 0) throw new Error(`production is split: ${JSON.stringify(split())}`)
      return only.versionId
    },
    split,
    status: (sha) => github.model.commitStatuses(sha).find(({ context }) => context === STATUS_CONTEXT),
    ledger: (task = 'sleepwell') =>
      github.model
        .deployments()
        .filter((one) => one.task === `${task}/${WORKER}`)
        .map((one) => {
          const newest = github.model.statusesOf(one)[0]
          return { id: one.id, sha: one.sha, state: newest?.state ?? 'none', description: newest?.description ?? '' }
        }),
    usersOn: (versionId) => edge.counts(WORKER).find((count) => count.versionId === versionId)?.requests ?? 0,
    async [Symbol.asyncDispose]() {
      caller[Symbol.dispose]()
      await platform[Symbol.asyncDispose]()
    },
  }
  await putFirstVersion(production)
  return production
}

/** A person sets the secret; the first version goes by the full plan, since nothing is there to go back to. */
async function putFirstVersion(production: Production): Promise<void> {
  const first = production.land('First version', 'good')
  const put = await wranglerByHand(production.platform, production.caller.repository.folder, ['secret', 'put', 'API_KEY'], API_KEY)
  if (put.code !== 0) throw new Error(`wrangler secret put failed: ${put.output}`)
  const { ending, log } = await production.run({ workflow: 'full-deploy', sha: first.sha, inputs: { reason: 'the first version' } })
  if (ending !== 'promoted') throw new Error(`the first version ended ${ending}: ${log}`)
}

export function endOf(result: RunResult): Ended {
  const outputs = result.jobs['deploy']?.outputs ?? result.jobs['rollback']?.outputs ?? {}
  return {
    result,
    conclusion: result.conclusion,
    ending: outputs['ending'] ?? '',
    reason: outputs['reason'] ?? '',
    versionId: outputs['version-id'] ?? '',
    baselineId: outputs['baseline-id'] ?? '',
    log: [...result.errors, ...result.log].join('\n'),
  }
}

/** What must hold whenever no run is under way. */
export function expectOrder(production: Production): void {
  expect(production.platform.world.violations).toEqual([])
  expect(production.live()).not.toBe('')
  expect(production.ledger().filter(({ state }) => state === 'in_progress' || state === 'none')).toEqual([])
}

/** Looks again and again, until it holds or `others` has ended. */
export async function until(holds: () => boolean, others: Promise<unknown> = new Promise(() => undefined)): Promise<void> {
  const ended = others.then(() => true)
  while (!holds() && !(await Promise.race([ended, pause(50, false)])));
}

/** A place where requests wait for as long as it is closed. */
export interface Barrier {
  /** From now on, but for the next few requests. */
  close(after?: number): void
  /** The first request has come and waits. */
  readonly reached: Promise<void>
  open(): void
}

export function createBarrier(world: World, request: Pick<FaultRule, 'service' | 'method' | 'path'>): Barrier {
  const reached = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<void>()
  const before = () => {
    reached.resolve()
    return opened.promise
  }
  const rule: FaultRule = { ...request, times: 0, fault: { kind: 'observe', before } }
  world.faults.push(rule)
  return {
    close: (after = 0) => void Object.assign(rule, { skip: after, times: Infinity }),
    reached: reached.promise,
    open() {
      rule.times = 0
      opened.resolve()
    },
  }
}

/** The same text for every run: ids, times, counts of time and addresses are replaced. */
export function normalised(text: string, names: Readonly<Record<string, string>>): string {
  const named = Object.entries(names).reduce((said, [name, value]) => said.replaceAll(value, `<${name}>`).replaceAll(value.slice(0, 8), `<${name}>`).replaceAll(value.slice(0, 7), `<${name}>`), text)
  return named
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, '<origin>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>')
    .replaceAll(/`(?:[0-9a-f]{7}|<[a-z]+>)` \d\d-\d\d \d\d:\d\d/g, '`<sha>` <time>')
    .replaceAll(/\b(\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\b/g, '<time>')
    .replaceAll(/, \d+ attempts/g, '')
    .replaceAll(/\b\d+(\.\d+)? ?(ms|s|seconds?)\b/g, '<duration>')
    .replaceAll(/(runs|deployments)\/\d+/g, '$1/<number>')
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<id>')
}
