import { readCounts, readSetup, type AskedInterval, type Printed } from '../../core/metrics/command-output.ts'
import type { CommandSourceSpec } from '../../core/metrics/command-spec.ts'
import { settingOf } from '../../core/metrics/declared-metric.ts'
import type { CommandSurroundings } from '../checks/asking.ts'
import type { Clock } from '../clock.ts'
import { runForText } from './command-run.ts'
import { newestComplete, tooEarly } from './complete-interval.ts'
import { toldBy, type Interval, type MetricSource, type Prepared } from './source.ts'

export interface CommandPorts {
  readonly commands: CommandSurroundings
  readonly clock: Clock
  readonly signal: AbortSignal
}

/**
 * Counts by what a program prints. Before the first step it is run once with `SLEEPWELL_PHASE=prepare` and no candidate, over
 * the last hour; then with `SLEEPWELL_PHASE=count` for each interval, and the thresholds that it gave in the first run.
 */
export function connectCommand(spec: CommandSourceSpec, { commands, clock, signal }: CommandPorts): MetricSource {
  const names = spec.metrics.map(({ name }) => name)
  const frozen = spec.metrics.filter(({ kind }) => kind === 'latency').map(({ name }) => name)
  const run = async <Value>(variables: Readonly<Record<string, string>>, decode: (text: string) => Printed<Value>): Promise<Printed<Value>> => {
    const printed = await runForText(spec, variables, commands, signal)
    const told = printed.kind === 'ok' ? decode(printed.value) : printed
    // What a program names in its output, it may have taken from its secrets.
    return told.kind === 'ok' ? told : { kind: 'unknown', message: `${spec.name}: ${commands.redact(told.message)}` }
  }
  return {
    name: spec.name,
    lagSeconds: spec.lagSeconds,
    async prepare({ script, baseline, nowMs }): Promise<Prepared> {
      const interval = toldInterval(newestComplete(nowMs, spec.lagSeconds))
      const variables = { ...variablesOf('prepare', interval, {}), SLEEPWELL_SCRIPT: script, SLEEPWELL_CANDIDATE: '', SLEEPWELL_BASELINE: baseline, SLEEPWELL_SINCE: '', SLEEPWELL_ALONE: 'false' }
      const printed = await run(variables, (text) => readSetup(text, { names, frozen }, interval))
      if (printed.kind === 'unknown') return { kind: 'refused', problem: printed.message, remedy: REMEDY }
      const { usual, thresholds } = printed.value
      return { kind: 'ok', metrics: spec.metrics.map((metric) => settingOf(spec, metric, Object.hasOwn(usual, metric.name) ? usual[metric.name] : undefined)), thresholds }
    },
    async count({ script, candidate, baseline, interval, sinceMs, isAlone = false, thresholds }) {
      const early = tooEarly(interval, spec.lagSeconds, clock.now())
      if (early !== undefined) return toldBy(spec.name, early)
      const own = Object.fromEntries(Object.entries(thresholds).filter(([name]) => names.includes(name)))
      const told = toldInterval(interval)
      const subject = { SLEEPWELL_SCRIPT: script, SLEEPWELL_CANDIDATE: candidate, SLEEPWELL_BASELINE: baseline, SLEEPWELL_SINCE: new Date(sinceMs).toISOString(), SLEEPWELL_ALONE: String(isAlone) }
      const printed = await run({ ...variablesOf('count', told, own), ...subject }, (text) => readCounts(text, names, told))
      return printed.kind === 'ok' ? { kind: 'ok', metrics: printed.value } : printed
    },
  }
}

const REMEDY = 'Run the program by hand with SLEEPWELL_PHASE=prepare and the other variables that the documentation names, and mend it.'

const toldInterval = ({ fromMs, toMs }: Interval): AskedInterval => ({ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() })

function variablesOf(phase: 'prepare' | 'count', { from, to }: AskedInterval, thresholds: Readonly<Record<string, number>>) {
  return { SLEEPWELL_PHASE: phase, SLEEPWELL_FROM: from, SLEEPWELL_TO: to, SLEEPWELL_THRESHOLDS: JSON.stringify(thresholds) }
}
