import { exitCodeOfSteered, type Steered } from '../core/ledger.ts'
import { renderSteered } from '../core/report/steered.ts'
import { explain } from '../errors.ts'
import type { SteerConfig } from '../inputs/config.ts'
import { connectGitHub } from '../shell/github.ts'
import { deliverBare } from './deliver.ts'
import { giveCommand, type SteerSession } from './give-command.ts'
import { readWorker, runUrlOf, type Surroundings } from './session.ts'

/** A person's word to the rollout under way. It needs no Cloudflare token, and takes no lock. */
export async function steer(config: SteerConfig, around: Surroundings): Promise<0 | 1> {
  const { runner, clock, stop } = around
  const read = await readWorker(config)
  if (read.kind === 'problems') {
    deliverBare(runner, { kind: 'refused', reason: 'config-invalid' }, read.problems)
    return 1
  }
  const session: SteerSession = {
    ...around,
    config,
    key: { account: config.accountId, worker: read.config.worker.scriptName, environment: config.environment },
    github: connectGitHub({ ...config.github, clock, stop }),
    runUrl: runUrlOf(config),
  }
  const steered = await giveCommand(session)
  tell(session, steered)
  return exitCodeOfSteered(steered)
}

function tell({ config, key, runner }: SteerSession, steered: Steered): void {
  const { steering, actor, reason, environment } = config
  const { worker } = key
  const sentence = sentenceFor(steered, { worker, environment })
  if (steered.kind === 'refused') runner.annotate({ level: 'error', title: `Not taken up: ${steering}`, message: sentence })
  else runner.log(sentence)
  runner.writeSummary(renderSteered(steered.kind, { steering, worker, environment, actor, reason }, sentence))
  const answer = steered.kind === 'refused' ? steered.reason : steered.kind
  runner.setOutputs({
    answer,
    ...(steered.kind === 'refused' ? { ending: 'refused', reason: steered.reason } : {}),
    result: JSON.stringify({ schemaVersion: 1, command: steering, answer, worker, environment, actor, sentence }),
  })
}

function sentenceFor(steered: Steered, about: { readonly worker: string; readonly environment: string }): string {
  switch (steered.kind) {
    case 'taken-up':
      return `The rollout has taken it up: ${steered.text}.`
    case 'dry-run':
      return `A dry run, so nothing was said: ${steered.text}`
    case 'refused': {
      const { sentence, next } = explain({ kind: 'refused', reason: steered.reason }, { ...about, details: steered.details })
      return `${sentence} ${next}`
    }
  }
}
