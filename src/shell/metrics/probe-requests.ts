import type { VersionId } from '../../core/ids.ts'
import { meaningOf, type ProbeMeaning } from '../../core/metrics/probe-answer.ts'
import type { ProbesSourceSpec } from '../../core/metrics/probes-spec.ts'
import { askWorker } from '../checks/asking.ts'
import type { Probe } from '../checks/probe.ts'
import type { Clock } from '../clock.ts'

export interface ProbesPorts {
  readonly baseUrl: URL
  readonly probe: Probe
  readonly clock: Clock
  readonly signal: AbortSignal
  /** From 0 to below 1. */
  random(): number
}

/** Asks one version for one path; whatever happens is an observation. */
export async function probeOnce(
  { method, headers, proof, timeoutSeconds }: ProbesSourceSpec,
  { baseUrl, signal, probe, clock }: ProbesPorts,
  asked: { readonly script: string; readonly version: VersionId; readonly path: string },
): Promise<ProbeMeaning> {
  const subject = { versionId: asked.version, via: { kind: 'override', scriptName: asked.script } } as const
  const facts = await askWorker({ method, path: asked.path, headers }, { baseUrl, subject, limitMs: timeoutSeconds * 1000, signal }, { probe, clock })
  return meaningOf(facts, proof, asked.version)
}

/** Begins no pair that may not be done by the deadline: one that is cut off would tell of the deadline, not of the version. */
export function beginsBefore(endsAtMs: number, clock: Clock, longestMs: number): () => boolean {
  return () => clock.now() + longestMs <= endsAtMs
}

/** Does the same so many times side by side while `mayBegin` says so. */
export async function sideBySide(times: number, concurrency: number, mayBegin: () => boolean, run: (index: number) => Promise<void>): Promise<void> {
  let begun = 0
  const work = async () => {
    while (begun < times && mayBegin()) {
      const index = begun
      begun += 1
      await run(index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, times) }, work))
}
