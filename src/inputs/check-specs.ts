import type { ProofSpec } from '../core/checks/proof.ts'
import type { CheckSpec } from '../core/checks/spec.ts'
import type { FileCheck, FileProof } from './schema.ts'

const DEADLINE_SECONDS = 60
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
  const { status, ...expect } = check.expect
  return { ...check, ...common, expect: { ...expect, status: Array.isArray(status) ? status : [status] } }
}

/** A program may take minutes, and one that failed is run once more. */
function roomFor({ kind, timeoutSeconds }: FileCheck): number {
  return kind === 'command' ? Math.min(900, 2 * timeoutSeconds + 10) : 0
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

function proofOf(proof: FileProof): ProofSpec {
  if (proof === 'none') return { kind: 'none' }
  return 'header' in proof ? { kind: 'header', name: proof.header } : { kind: 'json', path: proof.json }
}
