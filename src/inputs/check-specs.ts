import type { HttpCheckSpec, JsonExpectation, ProofSpec } from '../core/checks/types.ts'
import type { FileCheck, FileProof } from './schema.ts'

/** The file's checks as the core judges them, each with the proof that applies to it. */
export function specOf(check: FileCheck, fileProof: FileProof | undefined): HttpCheckSpec {
  const { expect, proof, body, ...rest } = check
  const { text, matches, status, json, ...others } = expect
  return {
    ...rest,
    ...(body === undefined ? {} : { body }),
    proof: proofOf(proof ?? fileProof ?? DEFAULT_PROOF),
    expect: {
      ...others,
      status: Array.isArray(status) ? status : [status],
      json: json.map(defined),
      ...(text === undefined ? {} : { bodyIncludes: text }),
      ...(matches === undefined ? {} : { bodyMatches: matches }),
    },
  }
}

/** The header that the README's three lines set. */
const DEFAULT_PROOF: FileProof = { header: 'x-version-id' }

/** The simplest case: no file, one path that answers 200. */
export function simpleSpec(path: string): HttpCheckSpec {
  return {
    kind: 'http',
    name: 'health',
    method: 'GET',
    path,
    headers: {},
    expect: { status: [200], headers: {}, json: [] },
    proof: proofOf(DEFAULT_PROOF),
    timeoutSeconds: 10,
    deadlineSeconds: 60,
  }
}

function proofOf(proof: FileProof): ProofSpec {
  if (proof === 'none') return { kind: 'none' }
  return 'header' in proof ? { kind: 'header', name: proof.header } : { kind: 'json', path: proof.json }
}

type FileExpectation = FileCheck['expect']['json'][number]

function defined(one: FileExpectation): JsonExpectation {
  const { path, equals, matches, exists, type, min, max } = one
  return {
    path,
    ...(equals === undefined ? {} : { equals }),
    ...(matches === undefined ? {} : { matches }),
    ...(exists === undefined ? {} : { exists }),
    ...(type === undefined ? {} : { type }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  }
}
