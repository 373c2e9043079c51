import { isPair, isScalar, visit, type Document, type Node, type Pair, type Scalar } from 'yaml'

type Variables = Readonly<Record<string, string | undefined>>

/** A variable that is not set, and the value that wants it. */
interface Unresolved {
  readonly name: string
  readonly node: Scalar
  /** Whether this command reads the value at all. */
  readonly isUsed: boolean
}

export interface Substituted {
  readonly unresolved: readonly Unresolved[]
  /** Values that came from `${secret:NAME}`. */
  readonly secrets: readonly string[]
  /** As they stand in the file, so that a message never shows what was put in. */
  readonly written: ReadonlyMap<unknown, string>
}

/** `$${NAME}` stands for the text `${NAME}` itself. */
const VARIABLE = /(\$?)\$\{(secret:)?([A-Za-z_][A-Za-z0-9_]*)\}/g

/** Replaces `${NAME}` and `${secret:NAME}` in every value (never in a key) by the step's environment. */
export function substitute(document: Document, variables: Variables, isUsed: (keys: readonly string[]) => boolean): Substituted {
  const unresolved: Unresolved[] = []
  const secrets: string[] = []
  const written = new Map<unknown, string>()
  visit(document, {
    Scalar(key, node, ancestors) {
      if (key === 'key' || typeof node.value !== 'string') return
      const text = node.value
      node.value = text.replaceAll(VARIABLE, (whole: string, escape: string, secret, name: string) => {
        if (escape !== '') return whole.slice(1)
        written.set(node, text)
        const value = variables[name] ?? ''
        if (value === '' && !unresolved.some((one) => one.node === node && one.name === name)) {
          // An anchored value may be meant by an alias elsewhere.
          unresolved.push({ name, node, isUsed: isAnchored(node, ancestors) || isUsed(keysOf(ancestors)) })
        }
        if (secret !== undefined && value !== '') secrets.push(value)
        return value === '' ? whole : value
      })
    },
  })
  return { unresolved, secrets, written }
}

type Ancestors = readonly (Document | Node | Pair)[]

function keysOf(ancestors: Ancestors): string[] {
  return ancestors.filter((one) => isPair(one)).map(({ key }) => (isScalar(key) ? String(key.value) : ''))
}

function isAnchored(node: Scalar, ancestors: Ancestors): boolean {
  return [node, ...ancestors].some((one) => 'anchor' in one && one.anchor !== undefined)
}
