import { answerAdmin } from './admin.js'
import { answerApi } from './api.js'
import { json, notFound } from './answers.js'
import { answerDiscord } from './discord.js'
import { reportHealth } from './health.js'
import { answerSlack } from './slack.js'
import { answerTelegram } from './telegram.js'
import { answerSocket } from './websocket.js'

/** The whole Worker; `importKey` is the one part in which the good and the broken version differ. */
export function createWorker({ importKey }) {
  return {
    async fetch(request, env) {
      const response = await answer(request, env, importKey).catch(() => json({ error: 'internal error' }, 500))
      // Proof of version: without it a 200 says nothing about which version answered.
      response.headers.set('x-version-id', env.VERSION.id)
      if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-store')
      return response
    },
  }
}

async function answer(request, env, importKey) {
  const { pathname } = new URL(request.url)
  if (pathname.startsWith('/api/')) return answerApi(request, env, importKey)
  if (pathname.startsWith('/admin/')) return answerAdmin(request, env)
  switch (pathname) {
    case '/healthz':
      return reportHealth(request, env, importKey)
    case '/admin':
      return answerAdmin(request, env)
    case '/ws':
      return answerSocket(request, env)
    case '/telegram':
      return answerTelegram(request, env)
    case '/discord':
      return answerDiscord(request, env)
    case '/slack':
      return answerSlack(request, env)
  }
  return notFound()
}
