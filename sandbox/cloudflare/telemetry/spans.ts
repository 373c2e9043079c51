import type { Draws } from './columns.ts'

/** One span of an invocation: a call of a binding, such as an R2 operation. */
export interface Operation {
  readonly scriptName: string
  readonly versionId: string | undefined
  /** When it began, milliseconds since 1970. */
  readonly atMs: number
  /** As docs "Workers tracing, Spans and attributes" names them. */
  readonly attributes: Readonly<Record<string, string | number | boolean>>
}

export type Span = Operation & Draws & { readonly durationMs: number }

export interface Spans {
  add(span: Span): void
  /** Those that began in the interval; both ends are inside. */
  between(fromMs: number, toMs: number): readonly Span[]
  clear(): void
}

/** Far fewer than requests: kept as they are, for so long. */
export function createSpans(keptMs: number): Spans {
  const spans: Span[] = []
  return {
    add(span) {
      spans.push({ ...span, attributes: { ...span.attributes, 'cloudflare.script_name': span.scriptName, ...(span.versionId === undefined ? {} : { 'cloudflare.script_version.id': span.versionId }) } })
      while (spans[0] !== undefined && spans[0].atMs < span.atMs - keptMs) spans.shift()
    },
    between: (fromMs, toMs) => spans.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs),
    clear: () => void spans.splice(0),
  }
}
