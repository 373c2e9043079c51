import { table } from './markdown.ts'

/** What the issue demands of a figure, and whether it holds; judged here, never by hand. */
export interface Criterion {
  readonly demand: string
  readonly figure: string
  readonly holds: boolean
}

/** What one part of the score board has to say. */
export interface Section {
  readonly title: string
  readonly criteria: readonly Criterion[]
  /** Markdown; its headings begin at the third level. */
  readonly body: string
}

/** `measured` says when, where and how. */
export function textOf({ title, criteria, body }: Section, measured: string): string {
  const rows = criteria.map(({ demand, figure, holds }) => [demand, figure, holds ? 'holds' : '**DOES NOT HOLD**'])
  const judged = rows.length === 0 ? [] : [table(['it must show', 'figure', ''], rows)]
  return [`## ${title}`, measured, ...judged, body.trim()].join('\n\n')
}
