/** One part of a path: a key of an object or a place in a list. */
export type PathPart = string | number

/** A value found at a path; an explicit `undefined` cannot occur in JSON, so `absent` is told apart. */
export type Found = { readonly kind: 'found'; readonly value: unknown } | { readonly kind: 'absent' }

const PART = /(?:^|\.)([^.[\]"]+)|\[(\d{1,6})\]|\["((?:[^"\\]|\\.)*)"\]/y

/**
 * Parses the small path language of checks: `a.b`, `items[0].id`, `["key with . and \" in it"]`, with an
 * optional leading `$`. Returns `undefined` for anything else; nothing of it is ever evaluated.
 */
export function parseJsonPath(text: string): readonly PathPart[] | undefined {
  const source = text.replace(/^\$\.?/, '')
  const parts: PathPart[] = []
  let at = 0
  while (at < source.length) {
    PART.lastIndex = at
    const match = PART.exec(source)
    if (match === null) return undefined
    const [whole, key, index, quoted] = match
    if (key !== undefined) parts.push(key)
    else if (index !== undefined) parts.push(Number(index))
    else parts.push((quoted ?? '').replaceAll(/\\(.)/g, '$1'))
    at += whole.length
  }
  return parts
}

/** Reads own properties and list items only: a path can never reach a prototype. */
export function readJsonPath(document: unknown, path: readonly PathPart[]): Found {
  let value = document
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return { kind: 'absent' }
    if (!Object.hasOwn(value, part) || (Array.isArray(value) && typeof part !== 'number')) return { kind: 'absent' }
    value = Object.getOwnPropertyDescriptor(value, part)?.value
  }
  return { kind: 'found', value }
}
