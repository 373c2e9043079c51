import { isUsable } from '../../core/analysis/counts.ts'
import type { Counted, MetricSource } from './source.ts'

/** A bug in a source costs that source its answer, and not the rollout; nor does it let through what nobody can have counted. */
export function guarded(source: MetricSource): MetricSource {
  return {
    ...source,
    async prepare(question) {
      try {
        return await source.prepare(question)
      } catch (error) {
        return { kind: 'refused', problem: bugIn(source, error), remedy: 'Count with another source, and report it.' }
      }
    },
    async count(question) {
      try {
        return plausible(source, await source.count(question))
      } catch (error) {
        return { kind: 'unknown', message: bugIn(source, error) }
      }
    },
  }
}

function plausible({ name }: MetricSource, counted: Counted): Counted {
  if (counted.kind !== 'ok') return counted
  const impossible = Object.entries(counted.metrics).find(([, stratum]) => !isUsable(stratum))
  return impossible === undefined ? counted : { kind: 'unknown', message: `${name}: the counts of ${impossible[0]} cannot be` }
}

/** The kind of error only: its message may quote anything. */
function bugIn({ name }: MetricSource, error: unknown): string {
  return `${name}: a bug in Sleepwell ended it: ${error instanceof Error ? error.name : 'an unknown failure'}`
}
