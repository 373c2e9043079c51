import { cpus } from 'node:os'
import { commandOf, type Arguments } from './arguments.ts'

/** When, where, how and for how long something was measured that began so long ago and ends now. */
export function measuredBy(asked: Arguments, tookMs: number): string {
  const cores = cpus()
  const machine = `${cores.length} cores (${cores[0]?.model.trim() ?? 'unknown'}), Node ${process.version}, ${process.platform}`
  const took = tookMs < 120_000 ? `${Math.round(tookMs / 1000)} s` : `${Math.round(tookMs / 60_000)} min`
  return `\`${commandOf(asked)}\`, ${new Date().toISOString().slice(0, 10)}, in ${took}. Machine: ${machine}.`
}
