import type { Stop } from '../core/ending.ts'
import { openFreeze, type OpenFreeze } from '../core/freeze.ts'
import type { DeployConfig } from '../inputs/config.ts'
import { readHolds } from './keep-ledger.ts'
import type { Session } from './session.ts'

/** The freeze that stops this deploy at a time; one that a person has overridden stops nothing. */
export function freezeAgainst({ freeze, freezeOverride }: DeployConfig, atMs: number): OpenFreeze | undefined {
  return freezeOverride === undefined ? openFreeze(freeze, atMs) : undefined
}

/** Asked before each step forward; whoever goes back never asks. */
export async function readStop(session: Session): Promise<Stop | 'none' | 'unreadable'> {
  const { config, clock } = session
  if (config.command === 'deploy' && freezeAgainst(config, clock.now()) !== undefined) return 'frozen'
  const holds = await readHolds(session)
  if (holds.kind !== 'ok') return 'unreadable'
  return holds.value.length > 0 ? 'held' : 'none'
}
