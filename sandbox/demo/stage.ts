import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import MarkdownIt from 'markdown-it'
import { wranglerByHand } from '../by-hand.ts'
import { createCaller, type Caller, type StartRun, type StartedRun } from '../caller.ts'
import { startPlatform, type Platform } from '../platform.ts'
import type { RunResult } from '../runner/workflow.ts'

export const WORKER = 'sleepwell-example'
const TOKEN = 'sandbox-token-0123456789abcdef'
const root = fileURLToPath(new URL('../..', import.meta.url))
const FOLDER = join(root, 'demo')

/** A platform and a caller, the Worker's first version live, and a narrator. */
export interface Stage extends AsyncDisposable {
  readonly platform: Platform
  readonly caller: Caller
  readonly url: string
  readonly say: (line: string) => void
  /** Starts a run and says how it goes. */
  start(run: StartRun): StartedRun
  /** Ending and version ids, as the workflow's outputs give them. */
  end(result: RunResult): Ended
  /** Writes the newest summary, and says where it is. */
  show(name: string, result: RunResult): void
}

export interface Ended {
  readonly ending: string
  readonly reason: string
  readonly versionId: string
  readonly baselineId: string
}

export async function openStage({ verbose }: { readonly verbose: boolean }): Promise<Stage> {
  const startedAt = Date.now()
  const say = (line: string) => console.log(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${line}`)
  const onLine = (line: string, job: string) => {
    if (verbose || /Read back|\bat [\d.]+ %: \[|evidence for harm|Asking Cloudflare|: (healthy|regressed|unknown) \(|Gate passed|##\[error\]/.test(line)) say(`  ${job.split('/').at(-1) ?? job}: ${line}`)
  }
  const platform = await startPlatform({ token: TOKEN })
  const caller = await createCaller(platform, { environmentSecret: TOKEN, onLine })
  const stage: Stage = {
    platform,
    caller,
    url: await platform.edge.urlFor(WORKER),
    say,
    start(run) {
      say(`Run of ${run.workflow}.yml for ${run.sha.slice(0, 7)} starts.`)
      return caller.start(run)
    },
    end(result) {
      const outputs = result.jobs['deploy']?.outputs ?? result.jobs['rollback']?.outputs ?? {}
      const ended = { ending: outputs['ending'] ?? '', reason: outputs['reason'] ?? '', versionId: outputs['version-id'] ?? '', baselineId: outputs['baseline-id'] ?? '' }
      say(`The run ended ${result.conclusion}: ${ended.ending}${ended.reason === '' ? '' : ` (${ended.reason})`}.`)
      for (const error of result.errors) say(`  ${error}`)
      return ended
    },
    show(name, result) {
      mkdirSync(FOLDER, { recursive: true })
      const text = result.summaries.join('\n\n---\n\n')
      writeFileSync(join(FOLDER, `${name}.md`), text)
      writeFileSync(join(FOLDER, `${name}.html`), page(name, text))
      say(`  Its summary: demo/${name}.md, rendered: demo/${name}.html`)
    },
    async [Symbol.asyncDispose]() {
      caller[Symbol.dispose]()
      await platform[Symbol.asyncDispose]()
    },
  }
  await firstVersion(stage)
  return stage
}

/** A person sets production's secret; the first version goes by the full plan, since nothing is there to go back to. */
async function firstVersion(stage: Stage): Promise<void> {
  const { caller, platform } = stage
  const { sha } = caller.merge('First version', 'good')
  const put = await wranglerByHand(platform, caller.repository.folder, ['secret', 'put', 'API_KEY'], 'Production_Key_1')
  if (put.code !== 0) throw new Error(`wrangler secret put failed: ${put.output}`)
  caller.testsEnd(sha, 'success')
  const { ending } = stage.end(await stage.start({ workflow: 'full-deploy', sha, inputs: { reason: 'the first version' } }).finished)
  if (ending !== 'promoted') throw new Error(`the first version ended ${ending}`)
}

function page(title: string, markdown: string): string {
  const style = 'body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2328}table{border-collapse:collapse;margin:1rem 0}td,th{border:1px solid #d1d9e0;padding:.4rem .8rem;text-align:left}code,pre{background:#f6f8fa;border-radius:4px;padding:.15rem .3rem}pre{padding:1rem;overflow:auto}'
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><style>${style}</style></head><body>${new MarkdownIt({ html: false }).render(markdown)}</body></html>\n`
}
