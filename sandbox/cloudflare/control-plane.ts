import { serve, type World } from '../world.ts'
import { createAssetSessions } from './assets.ts'
import { createModel, type CloudflareModel } from './model.ts'
import { createRateLimit } from './rate-limit.ts'
import { answer } from './routes.ts'
import { newAccount, type Plane } from './state.ts'
import { createTelemetry } from './telemetry/telemetry.ts'
import { tracedShare, writtenDownShare } from './telemetry/written-down.ts'
import { createTokens } from './tokens.ts'
import type { Edge } from './types.ts'

export interface CloudflareOptions {
  readonly edge: Edge
  readonly accountId: string
  /** A token with every permission; `model.addToken` makes lesser ones. */
  readonly token: string
  readonly port?: number
}

export interface Cloudflare extends AsyncDisposable {
  /** What CLOUDFLARE_API_BASE_URL names; ends in /client/v4. */
  readonly apiBaseUrl: string
  readonly accountId: string
  readonly token: string
  readonly model: CloudflareModel
}

/** Starts Cloudflare's REST API for Workers on loopback: one account, and the rules of its control plane. */
export async function startCloudflare(world: World, options: CloudflareOptions): Promise<Cloudflare> {
  const plane: Plane = {
    world,
    edge: options.edge,
    account: newAccount(options.accountId),
    telemetry: options.edge.telemetry ?? createTelemetry(),
    settled: Promise.resolve(),
  }
  const observabilityOf = (name: string) => plane.account.scripts.get(name)?.settings.observability
  plane.telemetry.writeDown((name) => writtenDownShare(observabilityOf(name)))
  plane.telemetry.trace((name) => tracedShare(observabilityOf(name)))
  const tokens = createTokens(world)
  tokens.add(options.token)
  const rateLimit = createRateLimit()
  const control = { plane, tokens, rateLimit, assets: createAssetSessions(plane) }
  const service = await serve(world, 'cloudflare', (request) => answer(control, request), options.port ?? 0)
  return {
    apiBaseUrl: `${service.url}/client/v4`,
    accountId: options.accountId,
    token: options.token,
    model: createModel(plane, tokens, rateLimit),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  }
}

/** For tests of the control plane alone: nothing runs anywhere. */
export const noEdge: Edge = {
  async apply() {},
  async remove() {},
}
