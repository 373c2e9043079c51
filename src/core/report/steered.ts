import type { Steered } from '../ledger/commands.ts'
import type { Steering } from '../steering.ts'
import { code, prose } from './escape.ts'

/** What a person said, and to whom. */
export interface Saying {
  readonly steering: Steering
  readonly worker: string
  readonly environment: string
  readonly actor: string
  readonly reason: string
}

const TITLES: Readonly<Record<Steered['kind'], string>> = { 'taken-up': 'Taken up', refused: 'Not taken up', 'dry-run': 'Dry run' }

/** The job summary of a command; `sentence` says how it finished. */
export function renderSteered(kind: Steered['kind'], { steering, worker, environment, actor, reason }: Saying, sentence: string): string {
  return `## ${TITLES[kind]}: ${code(steering)} on ${code(worker)} in ${code(environment)}\n\n${prose(sentence)}\n\nSaid by ${code(actor)}: ${code(reason)}\n`
}
