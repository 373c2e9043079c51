import type { GateConfig } from '../inputs/config.ts'
import { connectGitHub } from '../shell/github.ts'
import type { Ending } from '../core/ending.ts'
import { explain } from '../errors.ts'
import { passGate } from './pass-gate.ts'
import { readWorker, type Surroundings } from './session.ts'

export type Gated =
  | { readonly kind: 'passed'; readonly outputs: Readonly<Record<string, string>>; readonly proof: readonly string[] }
  | { readonly kind: 'refused'; readonly ending: Ending; readonly problems: readonly string[] }

/** Waits for the tests' verdict, without secrets and without the lock, and says which Worker it is about. */
export async function gate(config: GateConfig, around: Surroundings): Promise<Gated> {
  const read = await readWorker(config)
  if (read.kind === 'problems') return { kind: 'refused', ending: { kind: 'refused', reason: 'config-invalid' }, problems: read.problems }
  const { clock, stop, runner } = around
  const github = connectGitHub({ ...config.github, clock })
  const ask = {
    sha: config.sha,
    rules: config.gate,
    run: config.github,
    timeoutSeconds: config.timeoutMinutes * 60,
    discoverySeconds: config.discoveryTimeoutMinutes * 60,
  }
  const worker = read.config.worker.scriptName
  const passed = await passGate(ask, { github, clock, stop, log: (line) => runner.log(line) })
  if (passed.kind === 'passed') return { kind: 'passed', outputs: { sha: config.sha, worker }, proof: passed.proof }
  const ending: Ending = { kind: 'refused', reason: passed.code }
  const { sentence, next } = explain(ending, { worker, environment: config.environment, details: [passed.why] })
  return { kind: 'refused', ending, problems: [`${sentence} ${next}`] }
}
