import type { Hub } from './hub.ts'
import type { Answer, IncomingRequest } from '../world.ts'

export interface Page<T> {
  readonly items: readonly T[]
  readonly total: number
  readonly headers: Readonly<Record<string, string>>
}

/** Docs "Using pagination in the REST API": 30 a page by default, 100 at most, and a Link header unless all fits. */
export function pageOf<T>(hub: Hub, request: IncomingRequest, all: readonly T[]): Page<T> {
  const perPage = Math.min(positive(request.query.get('per_page'), 30), 100)
  const page = positive(request.query.get('page'), 1)
  const lastPage = Math.max(1, Math.ceil(all.length / perPage))
  const items = all.slice((page - 1) * perPage, page * perPage)
  const relations: [string, number][] = []
  if (page > 1) relations.push(['prev', page - 1])
  if (page < lastPage) relations.push(['next', page + 1], ['last', lastPage])
  if (page > 1) relations.push(['first', 1])
  const link = relations.map(([relation, number]) => `<${urlOfPage(hub, request, number)}>; rel="${relation}"`).join(', ')
  return { items, total: all.length, headers: link === '' ? {} : { link } }
}

/** One page of a plain list. */
export function listAnswer<T>(hub: Hub, request: IncomingRequest, all: readonly T[], view: (item: T) => unknown): Answer {
  const page = pageOf(hub, request, all)
  return { status: 200, headers: page.headers, body: page.items.map(view) }
}

export interface CountedList<T> {
  readonly name: string
  readonly all: readonly T[]
  view(item: T): unknown
}

/** One page of a list that counts itself: `{ total_count, <name>: [...] }`. */
export function countedAnswer<T>(hub: Hub, request: IncomingRequest, list: CountedList<T>): Answer {
  const page = pageOf(hub, request, list.all)
  const shown = page.items.map((item) => list.view(item))
  return { status: 200, headers: page.headers, body: { total_count: page.total, [list.name]: shown } }
}

function urlOfPage(hub: Hub, request: IncomingRequest, page: number): string {
  const query = new URLSearchParams(request.query)
  query.set('page', String(page))
  return `${hub.apiUrl}${request.path}?${query.toString()}`
}

function positive(text: string | null, otherwise: number): number {
  const number = Number(text)
  return Number.isInteger(number) && number > 0 ? number : otherwise
}
