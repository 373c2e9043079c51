import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { wranglerByHand } from '../../sandbox/by-hand.ts'
import { startPlatform, type Platform } from '../../sandbox/platform.ts'
import { DEPLOY_WORKFLOW, runDist } from '../../test/dist-step.ts'
import { LAG_SECONDS, rolloutYaml } from './plan.ts'
import { WORKER, writeWorker, type Health } from './worker.ts'

const TOKEN = 'bench-token-0123456789abcdef'
const TEST_WORKFLOW = '.github/workflows/test.yml'

/** A Worker whose first, good version serves everybody. */
export interface Production extends AsyncDisposable {
  readonly platform: Platform
  readonly url: string
  /** Share of the version that is not the baseline, in percent. */
  readonly candidatePercent: () => number
  readonly live: () => string
  /** Sleepwell's own deploy, by the built action. */
  deploy(health: Health, title: string): Promise<Deployed>
  /** The real wrangler in a folder with this version; what it printed. */
  wrangler(args: readonly string[], version?: { readonly health: Health; readonly title: string }): Promise<string>
}

export interface Deployed {
  readonly ending: string
  readonly reason: string
  readonly versionId: string
  readonly log: readonly string[]
}

const resultSchema = z.object({ ending: z.string(), reason: z.string().default(''), versionId: z.string() })

export async function openProduction(): Promise<Production> {
  const platform = await startPlatform({ token: TOKEN })
  const folder = mkdtempSync(join(tmpdir(), 'sleepwell-bench-'))
  const { cloudflare, edge } = platform
  edge.telemetry.show('observability', { lagSeconds: LAG_SECONDS * 0.8, jitterSeconds: LAG_SECONDS * 0.2 })
  const wrangler: Production['wrangler'] = async (args, version) => {
    if (version !== undefined) writeWorker(folder, version.health, version.title)
    const { code, output } = await wranglerByHand(platform, folder, args)
    if (code !== 0) throw new Error(`wrangler ${args.join(' ')} failed: ${output}`)
    return output
  }
  await wrangler(['deploy'], { health: 'good', title: 'first' })
  const versions = () => cloudflare.model.live(WORKER)?.versions ?? []
  const live = () => versions().find(({ percentage }) => percentage === 100)?.versionId ?? ''
  const baseline = { versionId: live() }
  const url = await edge.urlFor(WORKER)
  return {
    platform,
    url,
    live,
    candidatePercent: () => versions().find(({ versionId }) => versionId !== baseline.versionId)?.percentage ?? 0,
    async deploy(health, title) {
      baseline.versionId = live()
      return await deployByAction(platform, url, { health, title })
    },
    wrangler,
    async [Symbol.asyncDispose]() {
      await platform[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function deployByAction(platform: Platform, url: string, { health, title }: { readonly health: Health; readonly title: string }): Promise<Deployed> {
  const { github } = platform
  const sha = github.model.addCommit()
  github.model.addWorkflowRun({ workflowPath: TEST_WORKFLOW, workflowName: 'Test', headSha: sha, event: 'push', status: 'completed', conclusion: 'success' })
  const run = github.model.addWorkflowRun({ workflowPath: DEPLOY_WORKFLOW, headSha: sha, event: 'workflow_run', status: 'in_progress', conclusion: null, jobs: [] })
  const prepare = (workspace: string) => {
    writeWorker(workspace, health, title)
    mkdirSync(join(workspace, '.github'), { recursive: true })
    const checks = 'checks:\n  - { name: health, kind: http, path: /healthz, expect: { json: [{ path: status, equals: pass }] } }\n'
    writeFileSync(join(workspace, '.github/sleepwell.yml'), `url: ${url}\nproof: { header: x-version-id }\n${rolloutYaml()}${checks}`)
  }
  const step = await runDist(platform, { command: 'deploy', sha, runId: run.id, token: TOKEN, prepare })
  github.model.updateRun(run.id, { status: 'completed', conclusion: step.outcome === 'success' ? 'success' : 'failure' })
  const result = resultSchema.safeParse(JSON.parse(step.outputs['result'] ?? '{}'))
  if (!result.success) throw new Error(`no result:\n${step.log.join('\n')}`)
  return { ...result.data, log: step.log }
}
