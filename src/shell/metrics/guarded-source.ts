import { isUsable, type Stratum } from '../../core/analysis/counts.ts'
import { silent, toldBy, unknown, type Counted, type CountQuestion, type MetricSource } from './source.ts'

/**
 * What holds for every source. A bug in one costs that source its answer, and not the rollout; what nobody can have counted
 * is not let through; and counts that show nothing to compare are a lull: the next look asks again, over a longer interval.
 */
export function guarded(source: MetricSource): MetricSource {
  return {
    ...source,
    async prepare(question) {
      try {
        return await source.prepare(question)
      } catch (error) {
        return { kind: 'refused', problem: `${source.name}: ${bugIn(error)}`, remedy: 'Count with another source, and report it.' }
      }
    },
    async count(question) {
      try {
        return judged(source, question, await source.count(question))
      } catch (error) {
        return toldBy(source.name, unknown(bugIn(error)))
      }
    },
  }
}

function judged({ name }: MetricSource, { isAlone = false }: CountQuestion, counted: Counted): Counted {
  if (counted.kind !== 'ok') return counted
  const strata = Object.entries(counted.metrics)
  const impossible = strata.find(([, stratum]) => !isUsable(stratum))
  if (impossible !== undefined) return toldBy(name, unknown(`the counts of ${impossible[0]} cannot be`))
  const isSeen = ({ candidate, baseline }: Stratum) => candidate.total > 0 && (isAlone || baseline.total > 0)
  return strata.some(([, stratum]) => isSeen(stratum)) ? counted : toldBy(name, silent(lullOf(strata.map(([, stratum]) => stratum))))
}

function lullOf(strata: readonly Stratum[]): string {
  const quiet = (['candidate', 'baseline'] as const).filter((version) => strata.every((stratum) => stratum[version].total === 0))
  return quiet.length === 0 ? 'no metric has requests of both versions' : `no request of the ${quiet.join(' or the ')} was counted`
}

/** The kind of error only: its message may quote anything. */
function bugIn(error: unknown): string {
  return `a bug in Sleepwell ended it: ${error instanceof Error ? error.name : 'an unknown failure'}`
}
