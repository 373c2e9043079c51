import type { HttpAnswer } from './answer.ts'
import { parseJsonPath, readJsonPath } from './json-path.ts'

/** Where an answer says which version gave it. */
export type ProofSpec =
  | { readonly kind: 'header'; readonly name: string }
  /** A path into the JSON body, see `json-path.ts`. */
  | { readonly kind: 'json'; readonly path: string }
  /** Written down on purpose: a pass proves no version, and every report says so. */
  | { readonly kind: 'none' }

/** Longer than any version id, and short enough for a report. */
const LONGEST_PROOF = 100

/** What an answer says about who gave it, whether or not it is what was hoped for. */
export function readProof(proof: ProofSpec, answer: HttpAnswer, document: unknown): string | undefined {
  switch (proof.kind) {
    case 'none':
      return undefined
    case 'header':
      return asProof(answer.headers[proof.name.toLowerCase()])
    case 'json': {
      const path = parseJsonPath(proof.path)
      const found = path === undefined ? undefined : readJsonPath(document, path)
      return found?.kind === 'found' ? asProof(found.value) : undefined
    }
  }
}

function asProof(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.trim().toLowerCase()
  return text === '' ? undefined : text.slice(0, LONGEST_PROOF)
}
