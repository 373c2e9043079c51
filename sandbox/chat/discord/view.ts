import type { z } from 'zod'
import { botUser } from './messages.ts'
import type { applicationShape, currentUserShape, gatewayBotShape } from './shapes.ts'
import type { Application } from './state.ts'

export function currentUserView(application: Application): z.infer<typeof currentUserShape> {
  return { ...botUser(application), mfa_enabled: true, locale: 'en-US', verified: true, email: null }
}

export function applicationView(application: Application): z.infer<typeof applicationShape> {
  return {
    id: application.id,
    name: 'Harbour',
    icon: null,
    description: '',
    type: null,
    summary: '',
    bot: botUser(application),
    bot_public: false,
    bot_require_code_grant: false,
    verify_key: application.keys.publicKey,
    flags: 0,
    flags_new: '0',
    redirect_uris: [],
    interactions_endpoint_url: application.interactionsEndpointUrl,
    role_connections_verification_url: null,
    owner: { ...botUser(application), id: '1180000000000000004', username: 'ada', discriminator: '0' },
    approximate_guild_count: 1,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    explicit_content_filter: 0,
    team: null,
    eligible_oauth2_scopes: [],
  }
}

/** Docs "Session Start Limit Object": `reset_after` in milliseconds. */
export function gatewayBotView(application: Application): z.infer<typeof gatewayBotShape> {
  const limit = { total: 1000, remaining: application.sessionsRemaining, reset_after: 14_400_000, max_concurrency: 1 }
  return { url: application.gatewayUrl, shards: 1, session_start_limit: limit }
}
