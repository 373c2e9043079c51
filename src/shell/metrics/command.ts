import { readCounts, readSetup, type Printed } from '../../core/metrics/command-output.ts'
import type { CommandSourceSpec } from '../../core/metrics/command-spec.ts'
import { settingOf } from '../../core/metrics/declared-metric.ts'
import { sharingWeight } from '../../core/metrics/slow-levels.ts'
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
      const variables = { ...variablesOf('prepare', newestComplete(nowMs, spec.lagSeconds), {}), SLEEPWELL_SCRIPT: script, SLEEPWELL_CANDIDATE: '', SLEEPWELL_BASELINE: baseline }
      const printed = await run(variables, (text) => readSetup(text, names))
      if (printed.kind === 'unknown') return { kind: 'refused', problem: printed.message, remedy: REMEDY }
      const { usual, thresholds } = printed.value
      return { kind: 'ok', metrics: sharingWeight(spec.metrics.map((metric) => settingOf(spec, metric, Object.hasOwn(usual, metric.name) ? usual[metric.name] : undefined))), thresholds }
    },
    async count({ script, candidate, baseline, interval, thresholds }) {
      const early = tooEarly(interval, spec.lagSeconds, clock.now())
      if (early !== undefined) return toldBy(spec.name, early)
      const own = Object.fromEntries(Object.entries(thresholds).filter(([name]) => names.includes(name)))
      const variables = { ...variablesOf('count', interval, own), SLEEPWELL_SCRIPT: script, SLEEPWELL_CANDIDATE: candidate, SLEEPWELL_BASELINE: baseline }
      const printed = await run(variables, (text) => readCounts(text, names))
      return printed.kind === 'ok' ? { kind: 'ok', metrics: printed.value } : printed
    },
  }
}

const REMEDY = 'Run the program by hand with SLEEPWELL_PHASE=prepare and the other variables that the documentation names, and mend it.'

function variablesOf(phase: 'prepare' | 'count', { fromMs, toMs }: Interval, thresholds: Readonly<Record<string, number>>) {
  return {
    SLEEPWELL_PHASE: phase,
    SLEEPWELL_FROM: new Date(fromMs).toISOString(),
    SLEEPWELL_TO: new Date(toMs).toISOString(),
    SLEEPWELL_THRESHOLDS: JSON.stringify(thresholds),
  }
}
