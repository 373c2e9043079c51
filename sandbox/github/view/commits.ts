import { sha1, type Comparison } from '../commits.ts'
import type { Hub } from '../hub.ts'
import type { Commit } from '../state.ts'
import { nodeId, stamp, userView, type Schemas } from './identity.ts'
import { repositoryPage, repositoryUrl } from './repository.ts'

const treeOf = (commit: Commit): string => sha1(`tree ${commit.sha}`)

export function commitView(hub: Hub, commit: Commit): Schemas['commit'] {
  const url = repositoryUrl(hub)
  const signature = { name: commit.author.name, email: commit.author.email, date: stamp(commit.at) }
  const account = commit.author.login === null ? null : userView(hub, commit.author.login)
  return {
    url: `${url}/commits/${commit.sha}`,
    sha: commit.sha,
    node_id: nodeId('Commit', commit.sha),
    html_url: `${repositoryPage(hub)}/commit/${commit.sha}`,
    comments_url: `${url}/commits/${commit.sha}/comments`,
    commit: {
      url: `${url}/git/commits/${commit.sha}`,
      author: signature,
      committer: signature,
      message: commit.message,
      comment_count: 0,
      tree: { sha: treeOf(commit), url: `${url}/git/trees/${treeOf(commit)}` },
      verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
    },
    author: account,
    committer: account,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${url}/commits/${sha}`,
      html_url: `${repositoryPage(hub)}/commit/${sha}`,
    })),
  }
}

export function simpleCommitView(commit: Commit): NonNullable<Schemas['nullable-simple-commit']> {
  const person = { name: commit.author.name, email: commit.author.email }
  return {
    id: commit.sha,
    tree_id: treeOf(commit),
    message: commit.message,
    timestamp: stamp(commit.at),
    author: person,
    committer: person,
  }
}

/** `shown`: the page of commits; files are left out, for the model has none. */
export function comparisonView(hub: Hub, comparison: Comparison, shown: readonly Commit[]): Schemas['commit-comparison'] {
  const { base, head, mergeBase, ahead } = comparison
  const name = `${base.sha}...${head.sha}`
  const page = `${repositoryPage(hub)}/compare/${name}`
  return {
    url: `${repositoryUrl(hub)}/compare/${name}`,
    html_url: page,
    permalink_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    base_commit: commitView(hub, base),
    merge_base_commit: commitView(hub, mergeBase),
    status: comparison.status,
    ahead_by: ahead.length,
    behind_by: comparison.behindBy,
    total_commits: ahead.length,
    commits: shown.map((commit) => commitView(hub, commit)),
    files: [],
  }
}

export function refView(hub: Hub, ref: string, sha: string): Schemas['git-ref'] {
  const url = repositoryUrl(hub)
  return {
    ref,
    node_id: nodeId('Ref', ref),
    url: `${url}/git/${ref}`,
    object: { type: 'commit', sha, url: `${url}/git/commits/${sha}` },
  }
}
