import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { startCloudflare, noEdge, type Cloudflare } from '../../sandbox/cloudflare/control-plane.ts'
import { versionOverrides } from '../../sandbox/cloudflare/edge/override-header.ts'
import { startGitHub, type GitHub } from '../../sandbox/github/rest-api.ts'
import { numberFor } from '../../sandbox/github/view/identity.ts'
import { createWorld, portOf, type World } from '../../sandbox/world.ts'
import { isSha, type Sha } from '../../src/core/ids.ts'

// One Worker, its repository and its users, without wrangler and without workerd: a version is healthy or not by its tag.

export const WORKER = 'ferry'
export const TOKEN = 'cf-token-of-the-campaign'
export const ENVIRONMENT = 'production'
export const DEPLOY_WORKFLOW = '.github/workflows/deploy.yml'
export const TEST_WORKFLOW = '.github/workflows/test.yml'

/**
 * What a commit's version is like. *broken*: every check fails. *overloaded*: from a tenth of the users on it fails
 * them, and no check sees it. *aborted*: it is well, and a person says abort as soon as a tenth of the users has it.
 */
export type Health = 'healthy' | 'broken' | 'overloaded' | 'aborted'
/** The share at which these show. */
export const TELLING_PERCENT = 10

export interface Stage extends AsyncDisposable {
  readonly world: World
  readonly cloudflare: Cloudflare
  readonly github: GitHub
  /** Origin that the Worker's users ask. */
  readonly edgeUrl: URL
  /** Folder with the Worker's configuration. */
  readonly folder: string
  readonly repositoryId: number
  /** Of each commit that was merged. */
  readonly healths: ReadonlyMap<string, Health>
  /** What happens when a version that is to be aborted is first asked at the telling share. */
  onTelling: () => void
  /** A tested commit on the default branch, merged as a pull request. */
  merge(health: Health): Sha
  /** A run of the deploy workflow for this commit; its id. */
  startRun(sha: Sha): number
}

/** A Worker that serves its first version to everybody, put there by hand. */
export async function setStage(): Promise<Stage> {
  const world = createWorld()
  const cloudflare = await startCloudflare(world, { edge: noEdge, accountId: 'a'.repeat(32), token: TOKEN })
  const github = await startGitHub(world)
  const healths = new Map<string, Health>()
  const edge = await openEdge(cloudflare, healths, () => stage.onTelling())
  const folder = mkdtempSync(join(tmpdir(), 'sleepwell-campaign-'))
  writeFileSync(join(folder, 'wrangler.json'), JSON.stringify({ name: WORKER, main: 'index.js', compatibility_date: '2026-01-01', observability: { enabled: true } }))
  let pullRequests = 0
  const stage: Stage = {
    world,
    cloudflare,
    github,
    edgeUrl: edge.url,
    folder,
    repositoryId: numberFor(`${github.owner}/${github.repo}`),
    healths,
    onTelling: () => undefined,
    merge(health) {
      const sha = github.model.addCommit()
      if (!isSha(sha)) throw new Error(`not a commit id: ${sha}`)
      healths.set(sha, health)
      pullRequests += 1
      github.model.addPullRequest({ number: pullRequests, mergeCommitSha: sha, commits: [sha] })
      github.model.addWorkflowRun({ workflowPath: TEST_WORKFLOW, workflowName: 'Test', headSha: sha, event: 'push', status: 'completed', conclusion: 'success' })
      return sha
    },
    startRun: (sha) => github.model.addWorkflowRun({ workflowPath: DEPLOY_WORKFLOW, headSha: sha, event: 'workflow_run', status: 'in_progress', conclusion: null, jobs: [] }).id,
    async [Symbol.asyncDispose]() {
      await Promise.all([edge[Symbol.asyncDispose](), cloudflare[Symbol.asyncDispose](), github[Symbol.asyncDispose]()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await send(stage, 'PUT', `?excludeScript=true&bindings_inherit=strict`, 'by-hand')
  return stage
}

const uploadedSchema = z.object({ success: z.literal(true), result: z.object({ id: z.string() }) })

/** What `wrangler versions upload` does in the end, as one request. Rejects as `fetch` does. */
export async function uploadVersion(stage: Stage, tag: string): Promise<{ readonly status: number; readonly id: string | undefined }> {
  const response = await send(stage, 'POST', '/versions?bindings_inherit=strict', tag)
  const text = await response.text()
  if (!response.ok) return { status: response.status, id: undefined }
  return { status: response.status, id: uploadedSchema.parse(JSON.parse(text)).result.id }
}

function send(stage: Stage, method: string, path: string, tag: string): Promise<Response> {
  const body = new FormData()
  const annotations = { 'workers/tag': tag }
  body.set('metadata', JSON.stringify({ main_module: 'index.js', compatibility_date: '2026-01-01', annotations }))
  body.set('index.js', new File(['export default { fetch: () => new Response("hello") }'], 'index.js', { type: 'application/javascript+module' }))
  const url = `${stage.cloudflare.apiBaseUrl}/accounts/${stage.cloudflare.accountId}/workers/scripts/${WORKER}${path}`
  return fetch(url, { method, headers: { authorization: `Bearer ${TOKEN}` }, body })
}

/** Answers for the version that the override header names, if it is deployed, else for the one at 100 %. */
async function openEdge(cloudflare: Cloudflare, healths: ReadonlyMap<string, Health>, tell: () => void): Promise<AsyncDisposable & { readonly url: URL }> {
  const server = createServer((incoming, outgoing) => {
    const header = incoming.headers['cloudflare-workers-version-overrides']
    const asked = versionOverrides(typeof header === 'string' ? header : undefined).get(WORKER)
    const shares = cloudflare.model.live(WORKER)?.versions ?? []
    const serving = shares.find((share) => share.versionId === asked) ?? shares.find((share) => share.percentage === 100) ?? shares[0]
    const id = serving?.versionId ?? ''
    const health = healths.get(tagOf(cloudflare, id)) ?? 'healthy'
    const isTelling = (serving?.percentage ?? 0) >= TELLING_PERCENT
    if (health === 'aborted' && isTelling) tell()
    const isBroken = health === 'broken' || (health === 'overloaded' && isTelling && incoming.url?.startsWith('/healthz') !== true)
    outgoing.writeHead(isBroken ? 500 : 200, { 'content-type': 'application/json', 'x-version-id': id })
    outgoing.end(JSON.stringify({ status: isBroken ? 'fail' : 'pass' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: new URL(`http://127.0.0.1:${portOf(server)}`),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The commit that a version was made of; empty for what was put there by hand. */
export function tagOf(cloudflare: Cloudflare, versionId: string): string {
  return cloudflare.model.versions(WORKER).find(({ id }) => id === versionId)?.tag ?? ''
}
