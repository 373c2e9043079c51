/** A pattern as a tree. */
export type Tree =
  /** One character of which `source`, a piece of the pattern, says whether it fits. */
  | { readonly kind: 'one'; readonly source: string }
  | { readonly kind: 'place'; readonly at: 'start' | 'end' | 'boundary' | 'no-boundary' }
  | { readonly kind: 'sequence'; readonly parts: readonly Tree[] }
  | { readonly kind: 'either'; readonly options: readonly Tree[] }
  | { readonly kind: 'repeat'; readonly part: Tree; readonly least: number; readonly most: number }

/** Parses a source that is known to be valid with the flag `u`; `undefined` for what needs backtracking. */
export function parsePattern(source: string): Tree | undefined {
  const cursor: Cursor = { source, at: 0, needsMore: false }
  const tree = parseEither(cursor)
  return cursor.needsMore ? undefined : tree
}

interface Cursor {
  readonly source: string
  at: number
  /** Something was met that cannot be matched without backtracking. */
  needsMore: boolean
}

const ESCAPE = /\\(?:u\{[0-9a-f]+\}|u[0-9a-f]{4}|x[0-9a-f]{2}|c[a-z]|p\{[^}]*\}|[^])/iuy
const CLASS = /\[(?:\\[^]|[^\]\\])*\]/uy
const REPETITION = /(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/uy
/** Capturing and named groups are groups like any other: nobody asks what they held. */
const GROUP = /\((?:\?:|\?<[^=!>][^>]*>)?/uy

function parseEither(cursor: Cursor): Tree {
  const options = [parseSequence(cursor)]
  while (cursor.source[cursor.at] === '|') {
    cursor.at += 1
    options.push(parseSequence(cursor))
  }
  return { kind: 'either', options }
}

function parseSequence(cursor: Cursor): Tree {
  const parts: Tree[] = []
  while (cursor.at < cursor.source.length && !/[|)]/.test(cursor.source.charAt(cursor.at))) {
    parts.push(parseRepetition(cursor, parseAtom(cursor)))
  }
  return { kind: 'sequence', parts }
}

function parseRepetition(cursor: Cursor, part: Tree): Tree {
  const found = take(cursor, REPETITION)
  if (found === null) return part
  const [, sign, least, comma, most] = found
  if (sign !== undefined) return { kind: 'repeat', part, least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Number.POSITIVE_INFINITY }
  const lower = Number(least)
  const upper = most === undefined || most === '' ? Number.POSITIVE_INFINITY : Number(most)
  return { kind: 'repeat', part, least: lower, most: comma === '' ? lower : upper }
}

function parseAtom(cursor: Cursor): Tree {
  const character = String.fromCodePoint(cursor.source.codePointAt(cursor.at) ?? 0)
  if (character === '(') return parseGroup(cursor)
  if (character === '[') return { kind: 'one', source: take(cursor, CLASS)?.[0] ?? '' }
  if (character === '\\') return parseEscape(cursor)
  cursor.at += character.length
  if (character === '^') return { kind: 'place', at: 'start' }
  return character === '$' ? { kind: 'place', at: 'end' } : { kind: 'one', source: character }
}

function parseGroup(cursor: Cursor): Tree {
  take(cursor, GROUP)
  // What is left of a look-around or an inline flag begins with its question mark.
  if (cursor.source[cursor.at] === '?') cursor.needsMore = true
  const inner = parseEither(cursor)
  cursor.at += 1
  return inner
}

function parseEscape(cursor: Cursor): Tree {
  const source = take(cursor, ESCAPE)?.[0] ?? ''
  if (source === '\\b') return { kind: 'place', at: 'boundary' }
  if (source === '\\B') return { kind: 'place', at: 'no-boundary' }
  if (/^\\[1-9k]/.test(source)) cursor.needsMore = true
  return { kind: 'one', source }
}

function take(cursor: Cursor, token: RegExp): RegExpExecArray | null {
  token.lastIndex = cursor.at
  const found = token.exec(cursor.source)
  cursor.at += found?.[0].length ?? 0
  return found
}
