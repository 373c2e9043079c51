import { serve, type World } from '../world.ts'
import { openContract } from './contract.ts'
import { createModel, type GitHubModel } from './model.ts'
import { createRateLimit } from './rate-limit.ts'
import { answer } from './routes.ts'
import { newHub, type HubOptions } from './hub.ts'
import { createTokens, type TokenOptions } from './tokens.ts'

export interface GitHubOptions extends HubOptions {
  readonly port?: number
}

export interface GitHub extends AsyncDisposable {
  /** What GITHUB_API_URL names. */
  readonly apiUrl: string
  /** What GITHUB_SERVER_URL names: the pages that the answers link to. Nothing listens there. */
  readonly serverUrl: string
  readonly owner: string
  readonly repo: string
  readonly model: GitHubModel
  /** A GITHUB_TOKEN of one job, or with `app` another's; returns what to send. */
  createToken(options: TokenOptions): string
  /** As when its job has ended. */
  revokeToken(token: string): void
}

/** Starts GitHub's REST API for one repository on loopback, judged by GitHub's published OpenAPI. */
export async function startGitHub(world: World, options: GitHubOptions = {}): Promise<GitHub> {
  const hub = newHub(world, options)
  const tokens = createTokens(world)
  const rateLimit = createRateLimit(world)
  const api = { hub, tokens, rateLimit, contract: await openContract() }
  const service = await serve(world, 'github', (request) => answer(api, request), options.port ?? 0)
  hub.apiUrl = service.url
  return {
    apiUrl: service.url,
    serverUrl: hub.serverUrl,
    owner: hub.repository.owner,
    repo: hub.repository.name,
    model: createModel(hub, rateLimit),
    createToken: (asked) => tokens.create(asked),
    revokeToken: (token) => tokens.revoke(token),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  }
}
