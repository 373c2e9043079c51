import { freezeThresholds } from '../../core/analysis/latency.ts'
import { settingOf } from '../../core/metrics/declared-metric.ts'
import type { ProbeMeaning } from '../../core/metrics/probe-answer.ts'
import { tallyOf, type ProbeTally } from '../../core/metrics/probe-tally.ts'
import type { ProbesSourceSpec } from '../../core/metrics/probes-spec.ts'
import { doorProblem } from '../checks/asking.ts'
import { beginsBefore, probeOnce, sideBySide, type ProbesPorts } from './probe-requests.ts'
import type { MetricSource, Prepared } from './source.ts'

export const PROBE_ERRORS = 'probe-errors'
export const PROBE_SLOW = 'probe-slow'

type Question = Parameters<MetricSource['prepare']>[0]
type Refused = Extract<Prepared, { readonly kind: 'refused' }>

/** Of all that the baseline is asked. */
const SETUP_DEADLINE_MS = 120_000
/** One failure more or less is no reason to refuse a path. */
const TRIES_PER_PATH = 3
const SLOW_LEVEL = 0.95
/** A baseline that fails more often than this cannot show what a candidate broke. */
const MOST_BAD = 0.5

/** Sees that the baseline proves itself on every path, and freezes by its answers what is usual and what is slow. */
export async function prepareProbes(spec: ProbesSourceSpec, ports: ProbesPorts, question: Question): Promise<Prepared> {
  const problem = refusalOfSpec(spec, question)
  if (problem !== undefined) return problem
  const hasTime = beginsBefore(ports.clock.now() + SETUP_DEADLINE_MS, ports.clock, spec.timeoutSeconds * 1000)
  const mayBegin = () => hasTime() && !ports.signal.aborted
  const byPath = spec.paths.map((path): { readonly path: string; readonly meanings: ProbeMeaning[] } => ({ path, meanings: [] }))
  const ask = (times: number) =>
    sideBySide(times, spec.concurrency, mayBegin, async (index) => {
      const asked = byPath[index % byPath.length]
      if (asked !== undefined) asked.meanings.push(await probeOnce(spec, ports, { script: question.script, version: question.baseline, path: asked.path }))
    })

  await ask(TRIES_PER_PATH * byPath.length)
  const unproven = byPath.find(({ meanings }) => !meanings.some(({ kind }) => kind === 'proven'))
  if (unproven !== undefined) return refusalOfPath(unproven.path, unproven.meanings)
  await ask(Math.max(0, spec.baselineRequests - TRIES_PER_PATH * byPath.length))
  return settled(spec, byPath.flatMap(({ meanings }) => meanings))
}

function refusalOfSpec(spec: ProbesSourceSpec, { script, baseline }: Question): Refused | undefined {
  if (spec.proof.kind === 'none') {
    return refused('with `proof: none` nobody can tell which version answered', 'Let the Worker answer with its version in a header and name it under `proof`, or count with another source.')
  }
  const problem = doorProblem({ versionId: baseline, via: { kind: 'override', scriptName: script } })
  return problem === undefined ? undefined : refused(problem, 'Count with another source.')
}

function refusalOfPath(path: string, meanings: readonly ProbeMeaning[]): Refused {
  const seen = meanings.map(describe).find((text) => text !== undefined) ?? 'it was not asked in time'
  return refused(`the baseline gave no proof of its version on ${path}: ${seen}`, `Let the Worker set the version's header on ${path} too, or choose other \`paths\` that it answers itself.`)
}

function describe(meaning: ProbeMeaning): string | undefined {
  return meaning.kind === 'stray' || meaning.kind === 'unproven-failure' ? meaning.seen : undefined
}

function settled(spec: ProbesSourceSpec, meanings: readonly ProbeMeaning[]): Prepared {
  if (meanings.some(({ kind }) => kind === 'stopped')) return refused('stopped before the baseline had answered', 'Run the deploy again.')
  const strays = meanings.filter(({ kind }) => kind === 'stray')
  const first = strays.map(describe).find((text) => text !== undefined)
  if (strays.length * 2 > meanings.length) {
    return refused(`${strays.length} of ${meanings.length} requests were not answered by the baseline: ${first ?? ''}`, 'Choose other `paths`, or let nothing in front of the Worker answer the probes.')
  }
  const tally = tallyOf(meanings)
  if (tally.errors.bad > MOST_BAD * tally.errors.total) {
    return refused(`the baseline failed ${tally.errors.bad} of ${tally.errors.total} requests`, 'Choose `paths` that the live version serves, and look whether it is ill.')
  }
  return withThreshold(spec, tally)
}

function withThreshold(spec: ProbesSourceSpec, { errors, durationsMs }: ProbeTally): Prepared {
  const errorSetting = settingOf(spec, { name: PROBE_ERRORS, kind: 'errors', unit: 'request' }, errors)
  if (!spec.slow) return { kind: 'ok', metrics: [errorSetting], thresholds: {} }
  const [threshold] = freezeThresholds(durationsMs, [SLOW_LEVEL]) ?? []
  if (threshold === undefined) {
    const answered = durationsMs.filter((duration) => Number.isFinite(duration)).length
    return refused(
      `only ${answered} answers came within ${SETUP_DEADLINE_MS / 1000} s, too few to tell what is slow`,
      'Raise `baselineRequests` where some were lost, raise `concurrency` or choose faster `paths` where time ran out, or set `slow: false`.',
    )
  }
  const bad = durationsMs.filter((duration) => duration > threshold).length
  const slowSetting = settingOf(spec, { name: PROBE_SLOW, kind: 'latency', unit: 'request' }, { total: durationsMs.length, bad })
  return { kind: 'ok', metrics: [errorSetting, slowSetting], thresholds: { [PROBE_SLOW]: threshold } }
}

const refused = (problem: string, remedy: string): Refused => ({ kind: 'refused', problem: `probes: ${problem}`, remedy })
