import { badRequest } from './errors.ts'
import type { Entity } from './shapes.ts'

// Docs "Telegram Bot API", section "HTML style".

const kinds: ReadonlyMap<string, Exclude<Entity['type'], 'text_link'>> = new Map([
  ['b', 'bold'],
  ['strong', 'bold'],
  ['i', 'italic'],
  ['em', 'italic'],
  ['u', 'underline'],
  ['ins', 'underline'],
  ['s', 'strikethrough'],
  ['strike', 'strikethrough'],
  ['del', 'strikethrough'],
  ['tg-spoiler', 'spoiler'],
  ['blockquote', 'blockquote'],
  ['code', 'code'],
  ['pre', 'pre'],
])

const named: ReadonlyMap<string, string> = new Map([['lt', '<'], ['gt', '>'], ['amp', '&'], ['quot', '"']])

interface Open {
  readonly tag: string
  readonly offset: number
  readonly url: string | undefined
}

/** The text that people see and its entities; refuses what Telegram cannot parse. */
export function parseHtml(html: string): { readonly text: string; readonly entities: readonly Entity[] } {
  const open: Open[] = []
  const entities: Entity[] = []
  let text = ''
  for (const piece of html.match(/<[^>]*>?|[^<]+/g) ?? []) {
    if (!piece.startsWith('<')) {
      text += unescaped(piece)
    } else if (piece.startsWith('</')) {
      closeTag(piece, text, { open, entities })
    } else {
      open.push(opened(piece, text.length))
    }
  }
  const left = open.at(-1)
  if (left !== undefined) throw unparsable(`Can't find end tag corresponding to start tag "${left.tag}"`)
  return { text, entities: entities.toSorted((one, other) => one.offset - other.offset) }
}

const unparsable = (reason: string) => badRequest(`can't parse entities: ${reason}`)

function opened(piece: string, offset: number): Open {
  const [, name = '', rest = ''] = /^<([a-z0-9-]*)([^>]*)>$/i.exec(piece) ?? []
  const tag = name.toLowerCase()
  if (!kinds.has(tag) && tag !== 'a') throw unparsable(`Unsupported start tag "${tag}"`)
  const url = /^\s+href="([^"]*)"$/.exec(rest)?.[1]
  return { tag, offset, url: url === undefined ? undefined : unescaped(url) }
}

function closeTag(piece: string, text: string, { open, entities }: { open: Open[]; entities: Entity[] }): void {
  const start = open.pop()
  if (start === undefined) throw unparsable('Unexpected end tag')
  const tag = piece.slice(2, -1).trim().toLowerCase()
  if (tag !== start.tag) throw unparsable(`Unmatched end tag, expected "</${start.tag}>", found "</${tag}>"`)
  const at = { offset: start.offset, length: text.length - start.offset }
  if (at.length === 0) return
  const type = kinds.get(tag)
  if (type !== undefined) entities.push({ type, ...at })
  else if (start.url !== undefined) entities.push({ type: 'text_link', ...at, url: start.url })
}

/** Four named entities and all numeric ones; anything else stays as it is written. */
function unescaped(text: string): string {
  return text.replaceAll(/&(?:(lt|gt|amp|quot)|#(\d{1,7})|#x([\da-f]{1,6}));/gi, (whole, name, decimal, hex) => {
    if (typeof name === 'string') return named.get(name.toLowerCase()) ?? whole
    const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16)
    return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole
  })
}
