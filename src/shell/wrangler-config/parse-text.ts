import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode, type ParseError } from 'jsonc-parser'
import { parse as parseToml, TomlError } from 'smol-toml'

/** Places are `line:column`, both from 1. */
export type ParsedText =
  | { readonly kind: 'ok'; readonly value: unknown; placeOf(path: readonly (string | number)[]): string | undefined }
  | { readonly kind: 'broken'; readonly problems: readonly string[] }

/** Parses by the file's name: TOML, else JSON with comments and trailing commas, as wrangler does. */
export function parseConfigText(path: string, text: string): ParsedText {
  const plain = text.replace(/^\uFEFF/, '')
  return path.endsWith('.toml') ? parseAsToml(plain) : parseAsJson(plain)
}

function parseAsToml(text: string): ParsedText {
  try {
    // The parser keeps no places of values; the path to a value has to do.
    return { kind: 'ok', value: parseToml(text), placeOf: () => undefined }
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const [sentence] = error.message.replace(/^Invalid TOML document: /, '').split('\n')
    return { kind: 'broken', problems: [`${error.line}:${error.column}: ${sentence ?? 'not TOML'}`] }
  }
}

function parseAsJson(text: string): ParsedText {
  const errors: ParseError[] = []
  const tree = parseTree(text, errors, { allowTrailingComma: true })
  if (tree === undefined && errors.length === 0) return { kind: 'broken', problems: ['1:1: the file is empty'] }
  if (tree === undefined || errors.length > 0) {
    return { kind: 'broken', problems: errors.map((error) => `${placeAt(text, error.offset)}: ${printParseErrorCode(error.error)}`) }
  }
  const value: unknown = getNodeValue(tree)
  return {
    kind: 'ok',
    value,
    placeOf(path) {
      const node = findNodeAtLocation(tree, [...path])
      return node === undefined ? undefined : placeAt(text, node.offset)
    },
  }
}

function placeAt(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n')
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`
}
