import type { getOctokit } from '@actions/github'
import type { Read } from '../answers.ts'
import type { Ask } from './ask.ts'

/** What every call needs: octokit, the repository, and the one who asks until there is an answer. */
export interface Connection {
  readonly rest: ReturnType<typeof getOctokit>['rest']
  readonly at: { readonly owner: string; readonly repo: string }
  readonly ask: Ask
}

/** One page of a list, as octokit gives it. */
interface Page {
  readonly data: unknown
  readonly headers: { readonly link?: string | undefined }
}

export interface Pages<Item> {
  readonly ask: Ask
  readonly send: (page: { readonly page: number; readonly per_page: number; readonly request: { readonly signal: AbortSignal } }) => Promise<Page>
  readonly read: (data: unknown) => readonly Item[]
  /** Default 1,000, which is where GitHub's own lists of runs end. */
  readonly limit?: number
}

const MOST_ON_A_PAGE = 100

/**
 * Reads a list to its end, or to the limit. Each page is asked for and decoded by itself: octokit's own walk takes
 * an empty body for the end of the list, and a hold must not be overlooked because a connection broke.
 */
export async function readPages<Item>({ ask, send, read, limit = 1000 }: Pages<Item>): Promise<Read<readonly Item[]>> {
  const items: Item[] = []
  const perPage = Math.min(limit, MOST_ON_A_PAGE)
  for (let page = 1; items.length < limit; page += 1) {
    const got = await ask(async (signal) => {
      const { data, headers } = await send({ page, per_page: perPage, request: { signal } })
      return { items: read(data), hasMore: headers.link?.includes('rel="next"') === true }
    })
    if (got.kind !== 'ok') return got
    items.push(...got.value.items)
    if (!got.value.hasMore) break
  }
  return { kind: 'ok', value: items.slice(0, limit) }
}
