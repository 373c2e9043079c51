import { readFileSync } from 'node:fs'
import { outcomeOf } from '../core/ending.ts'
import { redactorFor } from '../core/redact.ts'
import { parseInputs } from '../inputs.ts'
import type { Config } from '../inputs/config.ts'
import { describeProblem, type Problem } from '../inputs/problems.ts'
import { systemClock } from '../shell/clock.ts'
import { connectRunner, maskInLog } from '../shell/runner.ts'
import { deliver, deliverBare } from './deliver.ts'
import type { Finished } from './finished.ts'
import { openSession, type ProductionConfig, type Session, type Surroundings } from './session.ts'
import { StoppedError } from './stopped.ts'

/** State that tells `post` that main has ended and reported. */
export const FINISHED_STATE = 'finished'

export type Opened =
  | { readonly kind: 'ok'; readonly config: Config; readonly around: Surroundings }
  | { readonly kind: 'bad'; readonly around: Surroundings; readonly problems: readonly Problem[] }

/** Reads what people configured, and masks every secret in it before anything is printed. */
export function openSurroundings(env: NodeJS.ProcessEnv, stop: AbortSignal): Opened {
  const parsed = parseInputs({ inputs: inputsIn(env), env, readFile })
  for (const secret of parsed.secrets) maskInLog(secret)
  const redact = redactorFor(parsed.secrets, (text) => Buffer.from(text).toString('base64'))
  const around: Surroundings = { runner: connectRunner(redact), clock: systemClock, stop, redact, variables: env }
  return parsed.kind === 'ok' ? { kind: 'ok', config: parsed.config, around } : { kind: 'bad', around, problems: parsed.problems }
}

/** Main: runs one command and resolves to the exit code. */
export async function run(env: NodeJS.ProcessEnv, stop: AbortSignal): Promise<0 | 1> {
  const opened = openSurroundings(env, stop)
  const { around } = opened
  if (opened.kind === 'bad') {
    const reason = opened.problems.find((problem) => problem.code !== 'config-invalid')?.code ?? 'config-invalid'
    deliverBare(around.runner, { kind: 'refused', reason }, opened.problems.map(describeProblem))
    return 1
  }
  const { config } = opened
  switch (config.command) {
    case 'gate': {
      const { gate } = await import('./gate.ts')
      const gated = await gate(config, around)
      if (gated.kind === 'passed') {
        for (const proof of gated.proof) around.runner.log(`Gate passed: ${proof}`)
        around.runner.setOutputs(gated.outputs)
        return 0
      }
      deliverBare(around.runner, gated.ending, gated.problems)
      return outcomeOf(gated.ending).exitCode
    }
    case 'build': {
      const { build } = await import('./build.ts')
      const built = await build(config, around)
      if (built.kind === 'built') around.runner.setOutputs(built.outputs)
      else for (const problem of built.problems) around.runner.annotate({ level: 'error', title: 'Build', message: problem })
      return built.kind === 'built' ? 0 : 1
    }
    case 'check': {
      const { check } = await import('./check.ts')
      return check(config, around)
    }
    case 'steer': {
      const { steer } = await import('./steer.ts')
      return steer(config, around)
    }
    case 'deploy':
    case 'rollback':
    case 'recover':
      return runOnProduction(config, around)
  }
}

async function runOnProduction(config: ProductionConfig, around: Surroundings): Promise<0 | 1> {
  const startedAtMs = around.clock.now()
  const opened = await openSession(config, around)
  if (opened.kind === 'problems') {
    deliverBare(around.runner, { kind: 'refused', reason: 'config-invalid' }, opened.problems)
    return 1
  }
  const { session } = opened
  for (const problem of config.checks.problems) around.runner.warn(`The checks cannot run. ${describeProblem(problem)}`)
  try {
    const finished = await carryOutCommand(session)
    if (finished === undefined) return 0
    await deliver(session, finished, { command: config.dryRun && config.command !== 'recover' ? 'dry-run' : config.command, startedAtMs })
    around.runner.saveState(FINISHED_STATE, 'true')
    return exitCodeOf(finished)
  } catch (error) {
    if (error instanceof StoppedError) around.runner.log('Told to stop; the post step finishes from the journal.')
    else around.runner.annotate({ level: 'error', title: 'A bug in Sleepwell', message: describeBug(error) })
    return 1
  }
}

/** The post step goes on from the journal, whatever broke here; the runner port redacts the text. */
export function describeBug(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** A dry run that misses nothing has done what was asked. */
function exitCodeOf(finished: Finished): 0 | 1 {
  if (finished.plan !== undefined) return finished.plan.missing.length === 0 ? 0 : 1
  if (finished.ending.kind === 'refused' && finished.ending.reason === 'released') return 0
  return outcomeOf(finished.ending).exitCode
}

async function carryOutCommand(session: Session): Promise<Finished | undefined> {
  const { config } = session
  switch (config.command) {
    case 'deploy': {
      const { deploy } = await import('./deploy.ts')
      return deploy({ ...session, config })
    }
    case 'rollback': {
      const { rollback } = await import('./rollback.ts')
      return rollback({ ...session, config })
    }
    case 'recover': {
      const { recover } = await import('./recover.ts')
      return recover({ ...session, config })
    }
  }
}

/** The runner hands an input over as INPUT_<NAME>, upper-case, with its hyphens kept. */
export function inputsIn(env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  const inputs = Object.entries(env).filter(([name]) => name.startsWith('INPUT_'))
  return Object.fromEntries(inputs.map(([name, value]) => [name.slice('INPUT_'.length).toLowerCase(), value]))
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
