/** What a document is wrong in; told in `errors[]`, with HTTP 200. */
export class QueryError extends Error {}

export type Token =
  | { readonly kind: 'mark' | 'name' | 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string; readonly value: string }

// GraphQL specification (October 2021), section 2.1; block strings and characters outside of it are not known here.
const LEXEME = /[\s,\uFEFF]+|#[^\n\r]*|(?<mark>\.\.\.|[!$&()=:@[\]{|}])|(?<name>[_A-Za-z]\w*)|(?<number>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<string>"(?:[^"\\\n\r]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*")/y

/** The tokens of a document in GraphQL, of queries and of schemas. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let place = 0
  while (place < text.length) {
    LEXEME.lastIndex = place
    const found = LEXEME.exec(text)
    if (found === null) throw new QueryError(`syntax error at ${place}: ${text.slice(place, place + 20)}`)
    place = LEXEME.lastIndex
    const token = tokenOf(found.groups ?? {})
    if (token !== undefined) tokens.push(token)
  }
  return tokens
}

function tokenOf({ mark, name, number, string }: Readonly<Record<string, string | undefined>>): Token | undefined {
  if (mark !== undefined) return { kind: 'mark', text: mark }
  if (name !== undefined) return { kind: 'name', text: name }
  if (number !== undefined) return { kind: 'number', text: number }
  // The escapes of a string are those of JSON.
  return string === undefined ? undefined : { kind: 'string', text: string, value: String(JSON.parse(string)) }
}

/** Reads tokens from left to right. */
export interface Reader {
  /** Whether the next token is this mark or name; then it is taken. */
  takes(text: string): boolean
  expect(text: string): void
  name(): string
  next(): Token
  isNext(text: string): boolean
  isAtEnd(): boolean
}

export function readTokens(tokens: readonly Token[]): Reader {
  let place = 0
  const isNext = (text: string) => tokens[place]?.kind !== 'string' && tokens[place]?.text === text
  const next = () => {
    const token = tokens[place]
    if (token === undefined) throw new QueryError('syntax error: unexpected end')
    place += 1
    return token
  }
  const takes = (text: string) => {
    if (!isNext(text)) return false
    place += 1
    return true
  }
  return {
    takes,
    next,
    isNext,
    expect(text) {
      if (!takes(text)) throw new QueryError(`syntax error: expected ${text}, found ${tokens[place]?.text ?? 'the end'}`)
    },
    name() {
      const token = next()
      if (token.kind !== 'name') throw new QueryError(`syntax error: expected a name, found ${token.text}`)
      return token.text
    },
    isAtEnd: () => place >= tokens.length,
  }
}
