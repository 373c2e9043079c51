import type { Hub } from '../hub.ts'
import { nodeId, numberFor, stamp, userView, type Schemas } from './identity.ts'

export const repositoryUrl = (hub: Hub, fullName = hub.repository.fullName): string => `${hub.apiUrl}/repos/${fullName}`
export const repositoryPage = (hub: Hub, fullName = hub.repository.fullName): string => `${hub.serverUrl}/${fullName}`

/** Any repository by its full name: the sandbox's own, or a fork that a run came from. */
export function minimalRepositoryView(hub: Hub, fullName = hub.repository.fullName): Schemas['minimal-repository'] {
  const [owner = '', name = ''] = fullName.split('/')
  const url = repositoryUrl(hub, fullName)
  const id = numberFor(fullName)
  return {
    id,
    node_id: nodeId('Repository', id),
    name,
    full_name: fullName,
    private: hub.repository.visibility === 'private',
    owner: userView(hub, owner, 'Organization'),
    html_url: repositoryPage(hub, fullName),
    description: null,
    fork: fullName !== hub.repository.fullName,
    url,
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
  }
}

/** The counters and addresses that `GET /repos/{owner}/{repo}` and pull requests add. */
function addresses(hub: Hub, fullName: string) {
  const page = repositoryPage(hub, fullName)
  const changed = stamp(hub.repository.createdAt)
  return {
    clone_url: `${page}.git`,
    git_url: `git:${new URL(page).host}/${fullName}.git`,
    ssh_url: `git@${new URL(page).host}:${fullName}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    default_branch: hub.repository.defaultBranch,
    archived: false,
    disabled: false,
    visibility: hub.repository.visibility,
    forks: 0,
    forks_count: 0,
    open_issues: 0,
    open_issues_count: 0,
    size: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    has_downloads: true,
    pushed_at: changed,
    created_at: changed,
    updated_at: changed,
  }
}

const ownRights = { admin: false, push: false, pull: false }

export function repositoryView(hub: Hub, fullName = hub.repository.fullName): Schemas['repository'] {
  const { license: _, permissions: __, security_and_analysis: ___, ...minimal } = minimalRepositoryView(hub, fullName)
  return { ...minimal, ...addresses(hub, fullName), permissions: ownRights }
}

export function fullRepositoryView(hub: Hub): Schemas['full-repository'] {
  const { license: _, security_and_analysis: __, ...minimal } = minimalRepositoryView(hub)
  const counts = { network_count: 0, subscribers_count: 0 }
  return { ...minimal, ...addresses(hub, hub.repository.fullName), permissions: ownRights, ...counts }
}
