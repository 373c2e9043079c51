import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readAction } from '../../sandbox/runner/action-manifest.ts'
import { startActionStage } from '../../sandbox/runner/action-stage.ts'
import { githubContext } from '../../sandbox/runner/github-context.ts'
import { createMachine } from '../../sandbox/runner/machine.ts'
import { createMasks } from '../../sandbox/runner/masks.ts'
import { runnerContext } from '../../sandbox/runner/stage.ts'
import type { RequestRecord } from '../../sandbox/world.ts'
import { WORKER, type TwoVersions } from '../../test/acceptance/two-versions.ts'

const action = readAction(fileURLToPath(new URL('../../action', import.meta.url)))
const PATIENCE_MS = 60_000

/** Milliseconds from the start of the process. */
export interface WayBack {
  /** To the first request that Cloudflare's API got. */
  readonly firstRequest: number
  /** To the write that brings the version back. */
  readonly write: number
}

/** Our `rollback`, as a runner starts it; it is ended once it has written, since it would go on to watch. */
export async function ourWayBack(shop: TwoVersions, target: string): Promise<WayBack> {
  const { platform } = shop
  const { github, cloudflare, edge } = platform
  await using machine = createMachine()
  mkdirSync(join(machine.workspace, '.github'), { recursive: true })
  writeFileSync(join(machine.workspace, 'wrangler.json'), JSON.stringify({ name: WORKER, main: 'index.js', compatibility_date: '2026-01-01' }))
  const url = await edge.urlFor(WORKER)
  writeFileSync(join(machine.workspace, '.github/sleepwell.yml'), `url: ${url}\nrollout:\n  preset: immediate\nproof:\n  header: x-version-id\nchecks:\n  - name: home\n    kind: http\n    path: /\n    expect:\n      status: 200\n`)
  const token = github.createToken({ permissions: { actions: 'read', contents: 'read', deployments: 'write', statuses: 'write', 'pull-requests': 'write' } })
  const sha = github.model.addCommit()
  const repository = `${github.owner}/${github.repo}`
  const run = github.model.addWorkflowRun({ workflowPath: '.github/workflows/rollback.yml', headSha: sha, event: 'workflow_dispatch', status: 'in_progress', conclusion: null })
  const facts = { repository, sha, runId: run.id, eventName: 'workflow_dispatch', apiUrl: github.apiUrl, serverUrl: github.serverUrl, token }
  const context = { ...githubContext(facts), workspace: machine.workspace, job: 'rollback' }
  const seen = platform.world.requests.length
  const startedAt = Date.now()
  const stage = startActionStage({
    ground: { machine, masks: createMasks(true), pace: { graceScale: 1, timeoutScale: 1 }, github: context },
    action,
    stage: 'main',
    title: 'rollback',
    inputs: {
      command: 'rollback',
      environment: 'production',
      reason: 'a measurement',
      version: target,
      'cloudflare-account-id': cloudflare.accountId,
      'cloudflare-api-token': cloudflare.token,
      'cloudflare-api-base-url': cloudflare.apiBaseUrl,
    },
    contexts: { github: context, env: {}, job: { status: 'success' }, runner: runnerContext(machine), strategy: {}, matrix: {}, inputs: {} },
    env: {},
  })
  const written = await untilWritten(shop, seen, stage.finished)
  stage.process.kill('lost')
  const { log } = await stage.finished
  if (!written) throw new Error(`rollback wrote nothing: ${log.join('\n')}`)
  return wayBack(shop, seen, startedAt)
}

/** `wrangler rollback`, as a person types it. */
export async function wranglersWayBack(shop: TwoVersions, target: string): Promise<WayBack> {
  const seen = shop.platform.world.requests.length
  const startedAt = Date.now()
  const { code, output } = await shop.wrangler('rollback', target, '--name', WORKER, '--message', 'a measurement', '--yes')
  if (code !== 0) throw new Error(`wrangler rollback failed: ${output}`)
  return wayBack(shop, seen, startedAt)
}

const isWrite = ({ service, method, path, status }: RequestRecord) => service === 'cloudflare' && method === 'POST' && path.endsWith('/deployments') && status === 200

async function untilWritten({ platform }: TwoVersions, seen: number, ended: Promise<unknown>): Promise<boolean> {
  const ending = { reached: false }
  void ended.then(() => Object.assign(ending, { reached: true }))
  const deadline = Date.now() + PATIENCE_MS
  while (!ending.reached && Date.now() < deadline) {
    if (platform.world.requests.slice(seen).some(isWrite)) return true
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return platform.world.requests.slice(seen).some(isWrite)
}

function wayBack({ platform }: TwoVersions, seen: number, startedAt: number): WayBack {
  const requests = platform.world.requests.slice(seen).filter(({ service }) => service === 'cloudflare')
  const after = (record: RequestRecord | undefined) => (record === undefined ? Number.NaN : Date.parse(record.at) - startedAt)
  return { firstRequest: after(requests[0]), write: after(requests.find(isWrite)) }
}
