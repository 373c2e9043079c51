import type { HttpExpectation } from '../core/checks/expectations.ts'
import type { ProofSpec } from '../core/checks/proof.ts'
import type { CheckSpec } from '../core/checks/spec.ts'
import type { FileCheck } from './schema.ts'
import type { FileProof } from './schema-parts.ts'

const DEADLINE_SECONDS = 60
/** A Durable Object that is busy keeps its code for up to 60 s after a split was written. */
const OBJECT_DEADLINE_SECONDS = 120
/** Containers have taken two minutes to start. */
export const READY_DEADLINE_SECONDS = 180

export interface FileWide {
  readonly proof: FileProof | undefined
  /** Of checks that give no deadline of their own. */
  readonly deadlineSeconds?: number
}

/** A check of the file as the core judges it, with the proof that applies to it. */
export function specOf(check: FileCheck, { proof, deadlineSeconds = DEADLINE_SECONDS }: FileWide): CheckSpec {
  const common = { proof: proofOf(('proof' in check ? check.proof : undefined) ?? proof ?? DEFAULT_PROOF), deadlineSeconds: check.deadlineSeconds ?? Math.max(deadlineSeconds, roomFor(check)) }
  if (check.kind !== 'http') return { ...check, ...common }
  const { failAtOnce } = check
  return { ...check, ...common, expect: expectationOf(check.expect), failAtOnce: failAtOnce === undefined ? undefined : expectationOf(failAtOnce) }
}

function expectationOf({ status, ...rest }: Extract<FileCheck, { kind: 'http' }>['expect']): HttpExpectation {
  return { ...rest, status: Array.isArray(status) ? status : [status] }
}

/** A program may take minutes, and one that failed is run once more; an object takes up its code late. */
function roomFor(check: FileCheck): number {
  if (check.kind === 'command') return Math.min(900, 2 * check.timeoutSeconds + 10)
  return check.kind === 'health' && check.objectVersions.length > 0 ? OBJECT_DEADLINE_SECONDS : 0
}

/** The header that the README's three lines set. */
const DEFAULT_PROOF: FileProof = { header: 'x-version-id' }

/** The simplest case: no file, one path that answers 200. */
export function simpleSpec(path: string): CheckSpec {
  return {
    kind: 'http',
    name: 'health',
    method: 'GET',
    path,
    headers: {},
    expect: { status: [200], headers: {}, json: [] },
    proof: proofOf(DEFAULT_PROOF),
    timeoutSeconds: 10,
    deadlineSeconds: DEADLINE_SECONDS,
  }
}

/** Where an answer proves its version, unless a check says otherwise. */
export function proofOfFile(proof: FileProof | undefined): ProofSpec {
  return proofOf(proof ?? DEFAULT_PROOF)
}

function proofOf(proof: FileProof): ProofSpec {
  if (proof === 'none') return { kind: 'none' }
  return 'header' in proof ? { kind: 'header', name: proof.header } : { kind: 'json', path: proof.json }
}
