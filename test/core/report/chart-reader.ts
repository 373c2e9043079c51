/** A `xychart-beta`, read back. */
export interface Chart {
  readonly x: { readonly title: string; readonly labels: readonly string[] }
  readonly y: { readonly title: string; readonly from: number; readonly to: number }
  readonly lines: readonly (readonly number[])[]
}

/** Mermaid's lexer (10.9 to 12, xychart.jison): digits with at most one point, no exponent. */
const NUMBER = String.raw`[+-]?(?:\d+(?:\.\d+)?|\.\d+)`

/** Reads a chart as strictly as Mermaid does, and throws at the first line that is none of a chart's. */
export function readChart(block: string): Chart {
  const lines = block.split('\n')
  const end = lines.indexOf('```')
  if (lines[0] !== '```mermaid' || end < 0) throw new Error(`no Mermaid fence:\n${block}`)
  const [init = '', kind, title = '', x = '', y = '', ...series] = lines.slice(1, end)
  JSON.parse(/^%%\{init: (\{.*\})\}%%$/.exec(init)?.[1] ?? 'no directive')
  if (kind !== 'xychart-beta') throw new Error(`no chart: ${kind}`)
  if (!/^ {2}title "[^"]+"$/.test(title)) throw new Error(`no title: ${title}`)
  return { x: readCategories(x), y: readRange(y), lines: series.map(readSeries) }
}

function readCategories(line: string): Chart['x'] {
  const parts = /^ {2}x-axis "([^"]+)" \[("[^"]+"(?:, "[^"]+")*)\]$/.exec(line)
  if (parts === null) throw new Error(`no x-axis: ${line}`)
  return { title: parts[1] ?? '', labels: (parts[2] ?? '').split(', ').map((label) => label.slice(1, -1)) }
}

function readRange(line: string): Chart['y'] {
  const parts = new RegExp(`^ {2}y-axis "([^"]+)" (${NUMBER}) --> (${NUMBER})$`).exec(line)
  if (parts === null) throw new Error(`no y-axis: ${line}`)
  return { title: parts[1] ?? '', from: Number(parts[2]), to: Number(parts[3]) }
}

function readSeries(line: string): readonly number[] {
  const inner = new RegExp(`^ {2}line \\[(${NUMBER}(?:, ${NUMBER})*)\\]$`).exec(line)?.[1]
  if (inner === undefined) throw new Error(`no line: ${line}`)
  return inner.split(', ').map(Number)
}
