import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { wranglerByHand } from '../../sandbox/by-hand.ts'
import { DEPLOY_WORKFLOW, runDist } from '../dist-step.ts'
import { API_KEY, openProduction, TOKEN, WORKER, type Production } from './production.ts'

// The example Worker with all its channels configured, deployed as one step of the action, with a switch thrown.

const example = fileURLToPath(new URL('../../workers/example', import.meta.url))
const SECRET_TOKEN = 'harbour_secret-1'
const HEALTH_TOKEN = 'the-health-token-of-these-tests'

export interface Switches {
  /** Value of the var `BROKEN`. */
  readonly broken?: string
  readonly readySeconds?: number
  /** Waits for the object's own version, which costs a minute. */
  readonly withObject?: boolean
  /** Checks nothing but that it becomes ready, or its page in a browser. */
  readonly only?: 'ready' | 'browser'
}

const resultShape = z.object({
  ending: z.string(),
  versionId: z.string(),
  checks: z.array(z.object({ title: z.string(), checks: z.array(z.object({ name: z.string(), standing: z.string() })) })),
})

export interface Deployed {
  readonly result: z.infer<typeof resultShape>
  readonly log: string
  readonly summary: string
  /** The checks of a round, by its title. */
  readonly round: (title: string) => readonly { readonly name: string; readonly standing: string }[]
}

export interface ExampleProduction extends AsyncDisposable {
  readonly production: Production
  deploy(switches?: Switches): Promise<Deployed>
  /** A person puts a version before everybody. */
  putLive(versionId: string): Promise<void>
}

/** The good version is live, and every service knows of it. */
export async function openExample(): Promise<ExampleProduction> {
  const production = await openProduction()
  const { platform, url } = production
  const { chat, github } = platform
  const secrets = { HEALTH_TOKEN, TELEGRAM_SECRET_TOKEN: SECRET_TOKEN, DISCORD_PUBLIC_KEY: chat.discord.publicKey, SLACK_SIGNING_SECRET: chat.slack.signingSecret }
  const byHand = async (args: readonly string[], input?: string) => {
    const { code, output } = await wranglerByHand(platform, production.caller.repository.folder, args, input)
    if (code !== 0) throw new Error(`wrangler ${args.join(' ')} failed: ${output}`)
  }
  await byHand(['secret', 'bulk'], JSON.stringify(secrets))
  chat.telegram.model.setWebhook(`${url}/telegram`, SECRET_TOKEN)
  return {
    production,
    putLive: (versionId) => byHand(['versions', 'deploy', `${versionId}@100%`, '--yes', '--name', WORKER]),
    async deploy(switches = {}) {
      const { sha } = production.land(`Change ${JSON.stringify(switches)}`, 'good')
      const run = github.model.addWorkflowRun({ workflowPath: DEPLOY_WORKFLOW, headSha: sha, event: 'workflow_run', status: 'in_progress', conclusion: null, jobs: [] })
      const step = await runDist(platform, {
        command: 'deploy',
        sha,
        runId: run.id,
        token: TOKEN,
        env: { HEALTH_TOKEN, API_KEY },
        prepare(workspace) {
          cpSync(example, workspace, { recursive: true })
          mkdirSync(join(workspace, '.github'))
          // What `npm ci` would have installed for the browser step.
          if (switches.only === 'browser') linkPackage(workspace, 'playwright-core')
          writeFileSync(join(workspace, '.github/sleepwell.yml'), checksFile(production, switches))
          writeFileSync(join(workspace, 'wrangler.jsonc'), configWith(switches))
        },
      })
      github.model.updateRun(run.id, { status: 'completed', conclusion: step.outcome === 'success' ? 'success' : 'failure' })
      const result = resultShape.parse(JSON.parse(step.outputs['result'] ?? '{}'))
      return { result, log: step.log.join('\n'), summary: step.summary, round: (title) => result.checks.find((one) => one.title === title)?.checks ?? [] }
    },
    [Symbol.asyncDispose]: () => production[Symbol.asyncDispose](),
  }
}

function checksFile(production: Production, switches: Switches): string {
  if (switches.only === undefined) return everyChannel(production, switches)
  return switches.only === 'ready' ? readyFile(production.url) : browserFile(production.url)
}

function everyChannel({ url, platform: { chat } }: Production, { withObject = false }: Switches): string {
  const { telegram, discord, slack } = chat
  return `url: ${url}
rollout: { preset: immediate }
proof: { header: x-version-id }
checks:
  - { name: api, kind: http, path: /api/count }
  - { name: admin, kind: page, path: /admin }
  - { name: socket, kind: websocket, path: /ws, send: ping, expect: { json: [{ path: type, equals: pong }] }, timeoutSeconds: 3 }
  - name: health
    kind: health
    path: /healthz
    headers: { authorization: "Bearer \${secret:HEALTH_TOKEN}" }
    objectVersions: [${withObject ? 'counter:version' : ''}]
  - { name: telegram, kind: telegram, path: /telegram, token: "${telegram.token}", secretToken: ${SECRET_TOKEN}, apiBaseUrl: "${telegram.url}" }
  - { name: discord, kind: discord, path: /discord, token: "${discord.token}", apiBaseUrl: "${discord.url}" }
  - { name: slack, kind: slack, botToken: "${slack.botToken}", events: { path: /slack, signingSecret: "${slack.signingSecret}" }, apiBaseUrl: "${slack.url}" }
`
}

function linkPackage(workspace: string, name: string): void {
  mkdirSync(join(workspace, 'node_modules'), { recursive: true })
  symlinkSync(fileURLToPath(new URL(`../../node_modules/${name}`, import.meta.url)), join(workspace, 'node_modules', name))
}

function readyFile(url: string): string {
  return `url: ${url}
rollout: { preset: immediate }
proof: { header: x-version-id }
ready:
  - { name: boots, kind: health, path: /healthz, deadlineSeconds: 180 }
checks:
  - { name: api, kind: http, path: /api/count }
`
}

function browserFile(url: string): string {
  return `url: ${url}
rollout: { preset: immediate }
proof: { header: x-version-id }
checks:
  - { name: admin in a browser, kind: command, run: [node, checks/browser.mjs], timeoutSeconds: 60 }
`
}

const VARS = '"vars": { "BROKEN": "", "FAIL_SHARE": "0", "READY_SECONDS": "0"'

function configWith({ broken = '', readySeconds = 0 }: Switches): string {
  const config = readFileSync(join(example, 'wrangler.jsonc'), 'utf8')
  if (!config.includes(VARS)) throw new Error('the example has no switches')
  return config.replace(VARS, `"vars": { "BROKEN": "${broken}", "FAIL_SHARE": "0", "READY_SECONDS": "${readySeconds}"`)
}
