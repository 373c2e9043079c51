import type { IncomingRequest, World } from '../world.ts'
import { authenticationRequired, badCredentials, notAccessible, notFound } from './errors.ts'

export interface App {
  readonly id: number
  readonly slug: string
  readonly name: string
}

/** GitHub Actions itself. The id is the one that check suites show in public; no page of GitHub's docs states it. */
export const githubActions: App = { id: 15_368, slug: 'github-actions', name: 'GitHub Actions' }

/** Who does something: a person (`app` is null) or an app. */
export interface Actor {
  readonly login: string
  readonly app: App | null
}

export type Level = 'none' | 'read' | 'write'

/** The permissions that the sandbox's operations ask for, in the words of the REST API. */
export const permissionNames = [
  'actions',
  'checks',
  'contents',
  'deployments',
  'issues',
  'metadata',
  'pull_requests',
  'statuses',
] as const

export type PermissionName = (typeof permissionNames)[number]

/** What a workflow may grant besides (docs "Workflow syntax, permissions"): taken, and never asked for here. */
const otherPermissions = [
  'artifact_metadata',
  'attestations',
  'discussions',
  'id_token',
  'models',
  'packages',
  'pages',
  'repository_projects',
  'security_events',
]

export interface TokenOptions {
  /** By REST name (`pull_requests`) or by the name in a workflow (`pull-requests`); what is not named is `none`. */
  readonly permissions: Readonly<Record<string, Level>>
  /** Default `github-actions[bot]`. */
  readonly actor?: string
  /** Default GitHub Actions; null makes a person's token. */
  readonly app?: App | null
}

export interface Token {
  readonly value: string
  readonly actor: Actor
  readonly permissions: ReadonlyMap<string, Level>
}

export interface Grant {
  readonly permission: PermissionName
  readonly level: 'read' | 'write'
}

export interface Tokens {
  create(options: TokenOptions): string
  revoke(value: string): void
  /** The token of the request's Authorization header, or the refusal. */
  of(request: IncomingRequest, visibility: Visibility): Token
}

export type Visibility = 'private' | 'public'

const anonymous: Token = { value: '', actor: { login: 'ghost', app: null }, permissions: new Map() }

export function createTokens(world: World): Tokens {
  const byValue = new Map<string, Token>()
  return {
    create(options) {
      // `ghs_` and 36 letters or digits (GitHub blog, "Behind GitHub's new authentication token formats").
      const value = `ghs_${(world.uuid() + world.uuid()).replaceAll('-', '').slice(0, 36)}`
      const app = options.app === undefined ? githubActions : options.app
      const actor = { login: options.actor ?? (app === null ? 'maintainer' : `${app.slug}[bot]`), app }
      byValue.set(value, { value, actor, permissions: permissionsOf(options.permissions) })
      return value
    },
    revoke: (value) => void byValue.delete(value),
    of(request, visibility) {
      const header = request.headers.authorization
      if (header === undefined) return withoutToken(request, visibility)
      const token = byValue.get(/^(?:bearer|token) (\S+)$/i.exec(header)?.[1] ?? '')
      if (token === undefined) throw badCredentials()
      return token
    },
  }
}

function withoutToken(request: IncomingRequest, visibility: Visibility): Token {
  if (request.method !== 'GET') throw authenticationRequired()
  // A private repository does not exist for strangers (docs "Troubleshooting the REST API", 404).
  if (visibility === 'private') throw notFound()
  return anonymous
}

function permissionsOf(asked: Readonly<Record<string, Level>>): ReadonlyMap<string, Level> {
  const known: readonly string[] = [...permissionNames, ...otherPermissions]
  const entries = Object.entries(asked).map(([name, level]) => [name.replaceAll('-', '_'), level] as const)
  const stranger = entries.find(([name]) => !known.includes(name))
  if (stranger !== undefined) throw new Error(`GitHub has no permission named "${stranger[0]}"`)
  return new Map([...entries, ['metadata', 'read'] as const])
}

/** Every token of an app reads metadata; a public repository is read by all. One of the alternatives is enough. */
export function demand(token: Token, anyOf: readonly Grant[], visibility: Visibility): void {
  if (anyOf.length === 0) return
  const granted = anyOf.some(({ permission, level }) => {
    if (level === 'read' && visibility === 'public') return true
    const held = token.permissions.get(permission) ?? 'none'
    return held === 'write' || held === level
  })
  if (granted) return
  throw notAccessible(token.actor.app === null ? 'personal access token' : 'integration', accepted(anyOf))
}

/** The value of `x-accepted-github-permissions`: alternatives divided by a semicolon. */
export const accepted = (anyOf: readonly Grant[]): string =>
  anyOf.map(({ permission, level }) => `${permission}=${level}`).join('; ')
