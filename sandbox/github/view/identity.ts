import type { components } from '@octokit/openapi-types'
import type { Hub } from '../hub.ts'
import type { App } from '../tokens.ts'

// The model as GitHub's full JSON objects. The types are GitHub's own (npm @octokit/openapi-types), so a
// missing field does not compile; the contract checks each answer against the same description again.

export type Schemas = components['schemas']

/** GitHub's times have whole seconds. */
export const stamp = (at: Date): string => at.toISOString().replace(/\.\d+/, '')

export const nodeId = (kind: string, id: number | string): string => Buffer.from(`${kind}:${id}`).toString('base64')

const mixed = (hash: number, code: number): number => Math.imul(hash ^ code, 16_777_619) >>> 1

/** The same number for the same name, in every world. */
export function numberFor(name: string): number {
  return Array.from(name).reduce((hash, letter) => mixed(hash, letter.codePointAt(0) ?? 0), 2_166_136)
}

/** The account of GitHub Actions has a public number; any other name gets one of its own. */
const wellKnown: Readonly<Record<string, number>> = { 'github-actions[bot]': 41_898_282 }

export function userView(hub: Hub, login: string, type?: 'Organization'): Schemas['simple-user'] {
  const id = wellKnown[login] ?? numberFor(login)
  const url = `${hub.apiUrl}/users/${encodeURIComponent(login)}`
  return {
    login,
    id,
    node_id: nodeId('User', id),
    avatar_url: `${hub.serverUrl}/avatars/${id}`,
    gravatar_id: '',
    url,
    html_url: `${hub.serverUrl}/${login.endsWith('[bot]') ? `apps/${login.slice(0, -5)}` : login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: type ?? (login.endsWith('[bot]') ? 'Bot' : 'User'),
    site_admin: false,
  }
}

export function appView(hub: Hub, app: App): NonNullable<Schemas['nullable-integration']> {
  const created = stamp(new Date(Date.UTC(2018, 6, 30)))
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('App', app.id),
    owner: userView(hub, 'github', 'Organization'),
    name: app.name,
    description: null,
    external_url: `${hub.serverUrl}/features/${app.slug}`,
    html_url: `${hub.serverUrl}/apps/${app.slug}`,
    created_at: created,
    updated_at: created,
    permissions: {},
    events: [],
  }
}
