import { isPair, isScalar, visit, type Document, type Node, type Pair, type Scalar } from 'yaml'

export type Variables = Readonly<Record<string, string | undefined>>

export interface Substituted {
  /** What a person wrote where a variable was put in: messages show this, never a value. */
  readonly written: ReadonlyMap<unknown, string>
  /** Values that came from `${secret:NAME}`. */
  readonly secrets: readonly string[]
  /** Places that could not be filled in; `isIdle` when they belong to an environment that is not asked for. */
  readonly unfilled: readonly { readonly node: Scalar; readonly message: string; readonly isIdle: boolean }[]
}

const PLACEHOLDER = /\$(\$?)\{([^}]*)\}?/g
const NAME = /^(secret:)?([A-Za-z_][A-Za-z0-9_]*)$/

/** Replaces `${NAME}` and `${secret:NAME}` in every value (never in a key); `$${` stands for `${`. */
export function substitute(document: Document, environment: string, variables: Variables): Substituted {
  const written = new Map<unknown, string>()
  const secrets: string[] = []
  const unfilled: { node: Scalar; message: string; isIdle: boolean }[] = []
  visit(document, {
    Scalar(key, node, path) {
      const text = node.value
      if (key === 'key' || typeof text !== 'string' || !text.includes('${')) return
      written.set(node, text)
      node.value = text.replaceAll(PLACEHOLDER, (whole, escape: string, inner: string) => {
        if (escape !== '') return whole.slice(1)
        const filled = fill(whole, inner, variables)
        if (filled.kind === 'secret') secrets.push(filled.value)
        if (filled.kind !== 'problem') return filled.value
        unfilled.push({ node, message: filled.message, isIdle: isOfAnotherEnvironment(path, environment) })
        return whole
      })
    },
  })
  return { written, secrets, unfilled }
}

type Filled =
  | { readonly kind: 'value' | 'secret'; readonly value: string }
  | { readonly kind: 'problem'; readonly message: string }

function fill(whole: string, inner: string, variables: Variables): Filled {
  const [, secret, name] = (whole.endsWith('}') ? NAME.exec(inner) : null) ?? []
  if (name === undefined) return { kind: 'problem', message: `${whole} is neither \${NAME} nor \${secret:NAME}; a literal \${ is written $\${` }
  const value = variables[name]
  if (value === undefined || value === '') return { kind: 'problem', message: `the variable ${name} is empty or not set; set it in the step's \`env:\`` }
  return { kind: secret === undefined ? 'value' : 'secret', value }
}

/** An anchored value may be used from anywhere, so only one without an anchor on its way is idle. */
function isOfAnotherEnvironment(path: readonly (Document | Node | Pair)[], environment: string): boolean {
  if (path.some((one) => 'anchor' in one && one.anchor !== undefined)) return false
  const [outer, inner] = path.filter((one) => isPair(one))
  return nameOf(outer) === 'environments' && inner !== undefined && nameOf(inner) !== environment
}

function nameOf(pair: Pair | undefined): unknown {
  return pair !== undefined && isScalar(pair.key) ? pair.key.value : undefined
}
