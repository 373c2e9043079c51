import { randomBytes } from 'node:crypto'
import type { Seen } from '../../core/checks/seen.ts'
import { judgeTelegram, type TelegramCheckSpec } from '../../core/checks/telegram.ts'
import { urlBelow, type Asking, type AskingPorts } from './asking.ts'
import { askChat } from './provider.ts'

/** Positive as ids are, and below every real one: whoever remembers the highest takes it for an old update. */
const SYNTHETIC_UPDATE = { update_id: 1 }

/** Asks Telegram about the bot, and posts an update that does nothing to the Worker, rightly and wrongly signed. */
export async function attemptTelegram(spec: TelegramCheckSpec, asking: Asking, ports: AskingPorts): Promise<Seen> {
  const { subject, baseUrl, sinceMs } = asking
  // Also without its id: a Worker's own answer would hold the latter half alone.
  const secrets = [spec.token, spec.token.split(':')[1] ?? '', spec.secretToken]
  const ask = askChat({ apiBaseUrl: spec.apiBaseUrl, secrets }, asking, ports)
  const call = (method: string) => ask.provider({ method: 'GET', path: `/bot${tokenInPath(spec.token)}/${method}`, headers: {} })
  const post = (secretToken: string) =>
    ask.worker({
      path: spec.path,
      method: 'POST',
      // Bot API "setWebhook", `secret_token`.
      headers: { ...spec.headers, 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secretToken },
      body: JSON.stringify(spec.update ?? SYNTHETIC_UPDATE),
    })
  const [me, webhookInfo, update, wrongToken] = await Promise.all([call('getMe'), call('getWebhookInfo'), post(spec.secretToken), post(randomBytes(24).toString('hex'))])
  return judgeTelegram(spec, { me, webhookInfo, update, wrongToken }, {
    wanted: subject.versionId,
    servesAll: subject.via.kind === 'plain',
    // Telegram's answer has lost its secrets, and some put one into the path.
    webhookUrl: ask.clean(spec.webhookUrl ?? urlBelow(baseUrl, spec.path).href),
    nowMs: ports.clock.now(),
    sinceMs,
  })
}

function tokenInPath(token: string): string {
  return encodeURIComponent(token).replaceAll('%3A', ':')
}
