import { judgeHealth } from '../../core/checks/health.ts'
import { browserAt } from '../../core/checks/cdp.ts'
import { alone, type Seen } from '../../core/checks/seen.ts'
import type { CheckSpec } from '../../core/checks/spec.ts'
import { attemptCdp } from './cdp.ts'
import { attemptCommand } from './command.ts'
import { attemptHttp } from './http.ts'
import { attemptDiscord } from './discord.ts'
import { attemptPage } from './page.ts'
import { attemptSlack } from './slack.ts'
import { attemptStorage } from './storage.ts'
import { attemptTelegram } from './telegram.ts'
import { asSocket, attemptWebSocket } from './websocket.ts'
import { askWorker, doorProblem, urlBelow, type Asking, type AskingPorts } from './asking.ts'

/** One attempt of a check, of whatever kind. A bug in one of them costs that check its answer, and not the rollout. */
export async function attempt(spec: CheckSpec, asking: Asking, ports: AskingPorts): Promise<Seen> {
  try {
    return await attemptOf(spec, asking, ports)
  } catch (error) {
    return alone({ kind: 'unreachable', seen: `a bug in Sleepwell ended this check: ${error instanceof Error ? error.name : 'an unknown failure'}` })
  }
}

async function attemptOf(spec: CheckSpec, asking: Asking, ports: AskingPorts): Promise<Seen> {
  const problem = doorProblem(asking.subject)
  if (problem !== undefined) return alone({ kind: 'unreachable', seen: problem })
  switch (spec.kind) {
    case 'http':
      return attemptHttp(spec, asking, ports)
    case 'page':
      return attemptPage(spec, asking, ports)
    case 'telegram':
      return attemptTelegram(spec, asking, ports)
    case 'discord':
      return attemptDiscord(spec, asking, ports)
    case 'slack':
      return attemptSlack(spec, asking, ports)
    case 'websocket':
      return attemptWebSocket(spec, asking)
    case 'cdp':
      return attemptCdp(spec, asking, ports)
    case 'command':
      return alone(await attemptCommand(spec, asking, ports.commands))
    case 'r2':
    case 'kv':
      return alone(await attemptStorage(spec, ports.storage, asking.limitMs))
    case 'health': {
      const { versionId: id, via } = asking.subject
      return judgeHealth(spec, await askWorker({ ...spec, method: 'GET' }, asking, ports), { id, servesAll: via.kind === 'plain' })
    }
  }
}

/** What a check asks, for people. */
export function targetOf(spec: CheckSpec, baseUrl: URL): string {
  switch (spec.kind) {
    case 'http':
      return `${spec.method} ${urlBelow(baseUrl, spec.path).href}`
    case 'telegram':
      // Not the path: some put the token into it.
      return `Telegram bot and its webhook at ${baseUrl.host}`
    case 'discord':
      return `Discord bot${spec.path === undefined ? '' : ` and POST ${urlBelow(baseUrl, spec.path).href}`}`
    case 'slack':
      return `Slack app${spec.events === undefined ? '' : ` and POST ${urlBelow(baseUrl, spec.events.path).href}`}`
    case 'websocket': {
      // Not the query: tokens are put into it where a client can set no header.
      const { origin, pathname } = asSocket(urlBelow(baseUrl, spec.path))
      return `WebSocket ${origin}${pathname}`
    }
    case 'cdp':
      return browserAt(spec, baseUrl.host)
    case 'command':
      // Not its arguments: some put a token there.
      return `${spec.run[0] ?? ''} in ${spec.workingDirectory}`
    case 'r2':
      return `R2 bucket ${spec.bucket}`
    case 'kv':
      return `KV namespace ${spec.namespaceId}`
    case 'page':
      return `${urlBelow(baseUrl, spec.path).href} and its assets`
    case 'health':
      return `GET ${urlBelow(baseUrl, spec.path).href}`
  }
}
