import { adminAssets } from './admin.js'
import { answerDiscord } from './discord.js'
import { answerHealth, auth, custom, discordKey, durableObject, kv, r2, secrets } from './healthz.js'
import { sign, verify } from './signing.js'
import { answerSlack, signedChallenge } from './slack.js'
import { counterOf, notesOf, signaturesOf } from './stores.js'
import { answerTelegram } from './telegram.js'

/** Says of each part whether it works; a channel that is not configured is no part. */
export function reportHealth(request, env, importKey) {
  return answerHealth(request, {
    version: env.VERSION,
    token: env.HEALTH_TOKEN,
    components: {
      r2: r2(notesOf(env)),
      kv: kv(signaturesOf(env), { key: 'healthz' }),
      counter: durableObject(() => counterOf(env).health({ versionId: env.VERSION.id, readySeconds: Number(env.READY_SECONDS) || 0 })),
      auth: auth(async () => {
        const key = await importKey(env.API_KEY)
        return verify(key, 'healthz', await sign(key, 'healthz'))
      }),
      secrets: secrets(env, ['API_KEY']),
      'admin:assets': custom(async () => {
        const found = await Promise.all(adminAssets(env).map(({ path }) => env.ASSETS.fetch(new URL(path, request.url))))
        return found.every(({ ok }) => ok)
      }),
      ...channels(env, request.url),
    },
  })
}

/** Each asks its own endpoint, without the network, for what does nothing. */
function channels(env, url) {
  return {
    ...(env.TELEGRAM_SECRET_TOKEN === undefined ? {} : { telegram: custom(async () => (await answerTelegram(emptyUpdate(url, env), env)).ok) }),
    ...(env.SLACK_SIGNING_SECRET === undefined ? {} : { slack: custom(async () => (await answerSlack(await signedChallenge(url, env), env)).ok) }),
    ...(env.DISCORD_PUBLIC_KEY === undefined ? {} : {
      discord: discordKey(env.DISCORD_PUBLIC_KEY, { vector: env.DISCORD_VECTOR }),
      'discord:guard': custom(async () => (await answerDiscord(new Request(url, { method: 'POST' }), env)).status === 401),
    }),
  }
}

function emptyUpdate(url, env) {
  return new Request(url, { method: 'POST', body: '{"update_id":0}', headers: { 'x-telegram-bot-api-secret-token': env.TELEGRAM_SECRET_TOKEN } })
}
