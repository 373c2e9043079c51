import type { CdpCheckSpec } from './cdp.ts'
import type { CommandCheckSpec } from './command.ts'
import type { DiscordCheckSpec } from './discord.ts'
import type { HealthCheckSpec } from './health.ts'
import type { HttpCheckSpec } from './http.ts'
import type { PageCheckSpec } from './page.ts'
import type { ProofSpec } from './proof.ts'
import type { SlackCheckSpec } from './slack.ts'
import type { KvCheckSpec, R2CheckSpec } from './storage.ts'
import type { TelegramCheckSpec } from './telegram.ts'
import type { WebSocketCheckSpec } from './websocket.ts'

/** What every kind of check says; each kind's own spec stands beside its judgement, told apart by `kind`. */
export interface CheckBasics {
  /** Unique among the checks: results are compared by it. */
  readonly name: string
  readonly proof: ProofSpec
  /** Of one attempt. */
  readonly timeoutSeconds: number
  /** Of all attempts. */
  readonly deadlineSeconds: number
}

export type CheckSpec = HttpCheckSpec | HealthCheckSpec | PageCheckSpec | R2CheckSpec | KvCheckSpec | TelegramCheckSpec | DiscordCheckSpec | SlackCheckSpec | WebSocketCheckSpec | CdpCheckSpec | CommandCheckSpec
export type CheckKind = CheckSpec['kind']

/** Whether one answer of the Worker itself can prove its version: what tells that a version has arrived. */
export function canProve({ kind, proof }: CheckSpec): boolean {
  return proof.kind !== 'none' && (kind === 'http' || kind === 'health' || kind === 'page' || kind === 'websocket')
}
