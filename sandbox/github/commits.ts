import { createHash } from 'node:crypto'
import { notFound } from './errors.ts'
import type { Hub, Repository } from './hub.ts'
import type { Author, Commit } from './state.ts'

export interface NewCommit {
  readonly sha?: string
  /** Default: the branch's tip. */
  readonly parents?: readonly string[]
  readonly message?: string
  readonly author?: Partial<Author>
  /** The branch whose tip it becomes: by default the default branch; null moves none. */
  readonly branch?: string | null
}

export function addCommit(hub: Hub, asked: NewCommit = {}): string {
  const { repository } = hub
  const branch = asked.branch === undefined ? repository.defaultBranch : asked.branch
  const tip = branch === null ? undefined : repository.refs.get(`refs/heads/${branch}`)
  const parents = asked.parents ?? (tip === undefined ? [] : [tip])
  const stranger = parents.find((parent) => !repository.commits.has(parent))
  if (stranger !== undefined) throw new Error(`no commit ${stranger} to be a parent`)
  const message = asked.message ?? `Commit ${repository.commits.size + 1}`
  const sha = asked.sha ?? sha1(`commit ${repository.commits.size} ${parents.join(' ')} ${message}`)
  const author = { name: 'Mona Lisa', email: 'mona@example.com', login: 'mona', ...asked.author }
  repository.commits.set(sha, { sha, parents, message, author, at: hub.world.now() })
  if (branch !== null) repository.refs.set(`refs/heads/${branch}`, sha)
  return sha
}

export const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex')

/** A branch, a tag, a full ref, or a commit's SHA, whole or its first letters (seven at least). */
export function resolveRef(repository: Repository, ref: string): Commit | undefined {
  const named = [ref, `refs/${ref}`, `refs/heads/${ref}`, `refs/tags/${ref}`].map((name) => repository.refs.get(name))
  const sha = named.find((found) => found !== undefined) ?? ref
  const whole = repository.commits.get(sha)
  if (whole !== undefined) return whole
  if (!/^[0-9a-f]{7,39}$/.test(sha)) return undefined
  const matching = [...repository.commits.values()].filter((commit) => commit.sha.startsWith(sha))
  return matching.length === 1 ? matching[0] : undefined
}

/** The commit and all that it descends from, newest first along each line. */
export function history(repository: Repository, sha: string): ReadonlySet<string> {
  const seen = new Set<string>()
  const open = [sha]
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    if (seen.has(next)) continue
    seen.add(next)
    open.push(...(repository.commits.get(next)?.parents ?? []))
  }
  return seen
}

export interface Comparison {
  readonly status: 'ahead' | 'behind' | 'diverged' | 'identical'
  readonly base: Commit
  readonly head: Commit
  readonly mergeBase: Commit
  /** What head has and base has not, oldest first. */
  readonly ahead: readonly Commit[]
  readonly behindBy: number
}

/** As `git log base...head` does (docs "Compare two commits"); no common ancestor is a 404. */
export function compareCommits(repository: Repository, baseRef: string, headRef: string): Comparison {
  const base = resolveRef(repository, baseRef)
  const head = resolveRef(repository, headRef)
  if (base === undefined || head === undefined) throw notFound()
  const inBase = history(repository, base.sha)
  const inHead = history(repository, head.sha)
  const ahead = oldestFirst(repository, [...inHead].filter((sha) => !inBase.has(sha)))
  const behindBy = [...inBase].filter((sha) => !inHead.has(sha)).length
  const common = oldestFirst(repository, [...inHead].filter((sha) => inBase.has(sha)))
  const mergeBase = common.find((commit) => isNoAncestorOfOthers(repository, commit, common))
  if (mergeBase === undefined) throw notFound()
  return { status: relation(ahead.length, behindBy), base, head, mergeBase, ahead, behindBy }
}

function relation(aheadBy: number, behindBy: number): Comparison['status'] {
  if (aheadBy > 0) return behindBy > 0 ? 'diverged' : 'ahead'
  return behindBy > 0 ? 'behind' : 'identical'
}

function isNoAncestorOfOthers(repository: Repository, commit: Commit, common: readonly Commit[]): boolean {
  return common.every((other) => other === commit || !history(repository, other.sha).has(commit.sha))
}

function oldestFirst(repository: Repository, shas: readonly string[]): readonly Commit[] {
  const wanted = new Set(shas)
  // The map keeps the order of insertion, and a parent is always there before its child.
  return [...repository.commits.values()].filter((commit) => wanted.has(commit.sha))
}

export function isAncestor(repository: Repository, ancestor: string, sha: string): boolean {
  return history(repository, sha).has(ancestor)
}
