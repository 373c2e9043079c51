/**
 * Controls (but tab and line feed), and the marks that reorder or hide text: none of them has a place in a report,
 * and each has been used to make text look like something else.
 */
const HIDDEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Cut to at most `max` UTF-16 units, never inside a code point; an ellipsis says that it was cut. */
export function truncate(text: string, max: number): string {
  if (text.length <= max) return text
  if (max < 1) return ''
  const last = text.charCodeAt(max - 2)
  const isHighSurrogate = last >= 0xd800 && last <= 0xdbff
  return `${text.slice(0, isHighSurrogate ? max - 2 : max - 1)}…`
}

/** One line of plain text, for places that show no Markdown: commit statuses, deployments, logs. */
export function plainLine(text: string, max = 200): string {
  return truncate(visible(text).replaceAll(/\s+/g, ' ').trim(), max)
}

/**
 * Text from the outside as a code span. Within one, GitHub reads no Markdown, HTML, mention, reference, link or
 * emoji, and masking of secrets still finds them, since nothing is inserted into the text.
 */
export function code(text: string, max = 200): string {
  const line = plainLine(text, max)
  if (line === '') return '(empty)'
  const fence = '`'.repeat(longestRun(line) + 1)
  // CommonMark strips one space at each end if both are there; it parts the text from the fence.
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${line}${pad}${fence}`
}

/** A code span for a table's cell, where a bar ends the cell even inside code and escapes differ by parser. */
export function codeInCell(text: string, max = 120): string {
  return code(withoutBars(text), max)
}

function withoutBars(text: string): string {
  return text.replaceAll('|', '¦')
}

/** Text of several lines from the outside, as a fenced block. */
export function codeBlock(text: string, max = 2000): string {
  const lines = truncate(visible(text.replaceAll(/\r\n?/g, '\n')), max)
  const fence = '`'.repeat(Math.max(3, longestRun(lines) + 1))
  return `${fence}text\n${lines}\n${fence}`
}

/**
 * A sentence of ours, which may quote the outside: what stands in backticks becomes a code span, and the rest is
 * shown as it is written, without Markdown, HTML, links, mentions or references.
 */
export function prose(text: string, max = 1000): string {
  const parts = plainLine(text, max).split('`')
  // An even count of parts means an odd count of backticks: the last one opens nothing.
  const isPaired = parts.length % 2 === 1
  const isQuoted = (index: number) => index % 2 === 1 && (isPaired || index < parts.length - 1)
  const pieces = parts.flatMap((part, index) => (isQuoted(index) ? [code(part, max)] : inert(part, max)))
  const shown = joinPieces(pieces).trim()
  // At the start of a line, these would begin a list, a heading, a quotation or a rule.
  return shown === '' ? '–' : shown.replace(/^[-+=#>\d]/, `${WORD_JOINER}$&`)
}

export function proseInCell(text: string, max = 300): string {
  return prose(withoutBars(text), max)
}

const WORD_JOINER = '\u2060'

/** What GitHub makes more of than a word: a mention, an address, a reference to an issue, an emoji. */
const LIVELY = /@|:\/\/|www\.|#\d|GH-\d|:[a-z\d_+-]+:/i

/** Plain words; those that GitHub would make more of become code, since no escape keeps it from that. */
function inert(text: string, max: number): readonly string[] {
  return text.split(/( )/).map((word) => {
    const [, open = '', core = '', close = ''] = /^([("']*)(.*?)([)"'.,;:!?]*)$/.exec(word) ?? []
    return LIVELY.test(word) && core !== '' ? `${escapeMarks(open)}${code(core, max)}${escapeMarks(close)}` : escapeMarks(word)
  })
}

function escapeMarks(text: string): string {
  return text.replaceAll(/[\\<[\]*_~|$]|&(?=[#\w])/g, '\\$&')
}

/** Two code spans side by side would read each other's fences. */
function joinPieces(pieces: readonly string[]): string {
  return pieces.reduce((joined, piece) => {
    const isTouching = joined.endsWith('`') && piece.startsWith('`')
    return `${joined}${isTouching ? WORD_JOINER : ''}${piece}`
  }, '')
}

/** A link to a page that we know; an address that is not plain http(s) is shown, not linked. */
export function link(label: string, address: string): string {
  if (!/^https?:\/\/[\w.-]+(?::\d+)?(?:\/[\w./~%+,:;=@&?#-]*)?$/.test(address)) return `${label}: ${code(address, 500)}`
  return `[${label}](<${address}>)`
}

/** A hidden marker; whatever the key holds, it cannot end the comment. */
export function marker(key: string, side: '' | '/' = ''): string {
  return `<!-- ${side}sleepwell:${key.toWellFormed().replaceAll(/[^\w./-]/gu, encodeURIComponent).replaceAll('--', '-%2D')} -->`
}

/** A comment's opening is parted, since our own markers are found in the raw text, code or not. */
function visible(text: string): string {
  return text.toWellFormed().replaceAll(HIDDEN, ' ').replaceAll('<!--', '<!- -')
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length))
}
