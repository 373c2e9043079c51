import { deploy } from './deployments.ts'
import { newestLive } from './live.ts'
import type { RateLimit, RateLimitOptions } from './rate-limit.ts'
import { deriveAndDeploy, newestVersion } from './secrets.ts'
import { scriptNamed, type Author, type Plane, type Script, type ScriptName } from './state.ts'
import type { Telemetry } from './telemetry/telemetry.ts'
import type { TokenOptions, Tokens } from './tokens.ts'
import type { CodeUpdateStrategy, Deployment, Share, Version } from './types.ts'

/** A change that someone else makes: by default in the dashboard. */
export interface ByHand {
  readonly source?: string
  readonly email?: string
  readonly message?: string
  readonly codeUpdateStrategy?: CodeUpdateStrategy
}

/** The account as a test reads it, and what a test does behind the API's back. */
export interface CloudflareModel {
  readonly scripts: ReadonlyMap<ScriptName, Script>
  /** Throws when there is no such script. */
  script(name: ScriptName): Script
  /** Newest first. */
  versions(name: ScriptName): readonly Version[]
  /** Newest first; the first one is live. */
  deployments(name: ScriptName): readonly Deployment[]
  live(name: ScriptName): Deployment | undefined
  /** A deployment that is none of ours, past 10220. A version id alone means 100 %. */
  deployByHand(name: ScriptName, versions: string | readonly Share[], hand?: ByHand): Promise<Deployment>
  /** Docs "Secrets": the dashboard makes a version of what is live, with the new secret, and deploys it. */
  setSecretByHand(name: ScriptName, secret: string, value: string | null, hand?: ByHand): Promise<Version>
  rateLimit(options?: RateLimitOptions): void
  /** What Workers Observability and GraphQL Analytics answer from. */
  readonly telemetry: Telemetry
  addToken(value: string, options?: TokenOptions): void
}

export function createModel(plane: Plane, tokens: Tokens, rateLimit: RateLimit): CloudflareModel {
  return {
    scripts: plane.account.scripts,
    script: (name) => scriptNamed(plane, name),
    versions: (name) => scriptNamed(plane, name).versions,
    deployments: (name) => scriptNamed(plane, name).deployments,
    live: (name) => scriptNamed(plane, name).deployments[0],
    deployByHand(name, versions, hand = {}) {
      return deploy(plane, scriptNamed(plane, name), {
        versions: typeof versions === 'string' ? [{ versionId: versions, percentage: 100 }] : versions,
        author: authorOf(hand),
        message: hand.message,
        codeUpdateStrategy: hand.codeUpdateStrategy,
        force: true,
      })
    },
    setSecretByHand(name, secret, value, hand = {}) {
      const script = scriptNamed(plane, name)
      const base = newestLive(script) ?? newestVersion(script)
      return deriveAndDeploy(plane, script, { base, changes: { [secret]: value }, author: authorOf(hand) })
    },
    telemetry: plane.telemetry,
    rateLimit: (options = {}) => rateLimit.refuse(options),
    addToken: (value, options) => tokens.add(value, options),
  }
}

function authorOf(hand: ByHand): Author {
  return { source: hand.source ?? 'dash', email: hand.email ?? 'someone@example.com' }
}
