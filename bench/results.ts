import { PARTS, type Part } from './arguments.ts'

/** What stands between two comments of RESULTS.md: one for each part, and one for the last run. */
type Block = Part | 'run'

const INTRODUCTION = `# The score board

Written by \`npm run bench\`; nothing in it is typed by hand. Each section says when, where and with which arguments it was measured, and \`--only ${PARTS.join(',')}\` renews some of them alone.`

function markersOf(block: Block): readonly [start: string, end: string] {
  return [`<!-- ${block}:start -->`, `<!-- ${block}:end -->`]
}

function blockIn(text: string, block: Block): string | undefined {
  const [start, end] = markersOf(block)
  const [from, to] = [text.indexOf(start), text.indexOf(end)]
  return from < 0 || to < from ? undefined : text.slice(from + start.length, to).trim()
}

/** The whole file after a run: its sections in place of the ones before, and every other one kept as it was. */
export function renewed(before: string, run: string, sections: ReadonlyMap<Part, string>): string {
  const contentOf = (block: Block) => (block === 'run' ? run : (sections.get(block) ?? blockIn(before, block)))
  const blocks = (['run', ...PARTS] as const).flatMap((block) => {
    const content = contentOf(block)
    const [start, end] = markersOf(block)
    return content === undefined ? [] : [`${start}\n${content}\n${end}`]
  })
  return `${[INTRODUCTION, ...blocks].join('\n\n')}\n`
}
