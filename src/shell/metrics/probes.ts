import { countSlow } from '../../core/analysis/latency.ts'
import type { Stratum } from '../../core/analysis/counts.ts'
import type { ProbeMeaning } from '../../core/metrics/probe-answer.ts'
import { tallyPairs } from '../../core/metrics/probe-tally.ts'
import type { ProbesSourceSpec } from '../../core/metrics/probes-spec.ts'
import { beginsBefore, probeOnce, sideBySide, type ProbesPorts } from './probe-requests.ts'
import { PROBE_ERRORS, PROBE_SLOW, prepareProbes } from './probes-setup.ts'
import type { Counted, CountQuestion, MetricSource } from './source.ts'

/**
 * Counts answers to requests that it sends itself when it is asked to count; the interval's past says nothing to it.
 * Both versions must be in the current deployment, else the override header is ignored (docs "Version overrides").
 */
export function connectProbes(spec: ProbesSourceSpec, ports: ProbesPorts): MetricSource {
  return {
    name: spec.name,
    lagSeconds: 0,
    prepare: (question) => prepareProbes(spec, ports, question),
    count: async (question) => countsOf(spec, question, await sendPairs(spec, ports, question)),
  }
}

interface Pairs {
  readonly candidate: readonly ProbeMeaning[]
  readonly baseline: readonly ProbeMeaning[]
}

async function sendPairs(spec: ProbesSourceSpec, ports: ProbesPorts, { script, candidate, baseline, isAlone = false }: CountQuestion): Promise<Pairs> {
  const seen: Record<'candidate' | 'baseline', ProbeMeaning[]> = { candidate: [], baseline: [] }
  const versions = { candidate, baseline }
  const offset = Math.floor(ports.random() * spec.paths.length)
  const hasTime = beginsBefore(ports.clock.now() + spec.deadlineSeconds * 1000, ports.clock, 2 * spec.timeoutSeconds * 1000)
  await sideBySide(spec.perPoll, spec.concurrency, () => hasTime() && !ports.signal.aborted, async (index) => {
    const path = spec.paths[(offset + index) % spec.paths.length] ?? '/'
    // Whoever is asked second finds warm caches and an open connection.
    const order = ports.random() < 0.5 ? (['candidate', 'baseline'] as const) : (['baseline', 'candidate'] as const)
    for (const which of order) {
      // A version that is in no deployment cannot be asked for.
      if (which === 'baseline' && isAlone) continue
      seen[which].push(await probeOnce(spec, ports, { script, version: versions[which], path }))
    }
  })
  return seen
}

function countsOf({ slow, name }: ProbesSourceSpec, { thresholds, isAlone = false }: CountQuestion, { candidate, baseline }: Pairs): Counted {
  const tally = tallyPairs(candidate, isAlone ? 'nobody' : baseline)
  if (tally.kind === 'unknown') return { kind: 'unknown', message: `${name}: ${tally.message}` }
  const errors: Stratum = { candidate: tally.candidate.errors, baseline: tally.baseline.errors }
  const threshold = Object.hasOwn(thresholds, PROBE_SLOW) ? thresholds[PROBE_SLOW] : undefined
  if (!slow || threshold === undefined) return { kind: 'ok', metrics: { [PROBE_ERRORS]: errors } }
  const slowOnes: Stratum = { candidate: countSlow(tally.candidate.durationsMs, threshold), baseline: countSlow(tally.baseline.durationsMs, threshold) }
  return { kind: 'ok', metrics: { [PROBE_ERRORS]: errors, [PROBE_SLOW]: slowOnes } }
}
