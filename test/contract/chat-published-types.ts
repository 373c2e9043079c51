import type {
  AppsConnectionsOpenResponse,
  AuthTestResponse,
  ChatPostMessageArguments,
  ChatPostMessageResponse,
  ChatUpdateArguments,
  ChatUpdateResponse,
} from '@slack/web-api'
import type * as api from 'discord-api-types/v10'
import type { ApiMethods, UserFromGetMe, WebhookInfo } from 'grammy/types'
import type { z } from 'zod'
import type * as discord from '../../sandbox/chat/discord/shapes.ts'
import type * as slack from '../../sandbox/chat/slack/shapes.ts'
import type * as telegram from '../../sandbox/chat/telegram/shapes.ts'

// The compiler is the judge here: the sandbox's shapes against the types that others publish for the
// three services. What the sandbox answers and takes must fit them, and have no field that they lack.

/** As JSON carries it: what is undefined is not there. */
type Json<T> = T extends readonly (infer Item)[]
  ? Json<Item>[]
  : T extends object
    ? { [Key in keyof T]: Json<Exclude<T[Key], undefined>> }
    : T

type Shape<T extends z.ZodType> = Json<z.infer<T>>

/** An enum's members by their values. */
type Plain<T> = T extends string
  ? `${T}`
  : T extends readonly (infer Item)[]
    ? Plain<Item>[]
    : T extends object
      ? { [Key in keyof T]: Plain<T[Key]> }
      : T

type KnownKeys<T> = T extends T ? keyof { [Key in keyof T as string extends Key ? never : Key]: unknown } : never

type Fits<Mine extends Plain<Published>, Published> = [Exclude<keyof Mine, KnownKeys<Published>>] extends [never] ? true : never

/** The published types ask for one of several fields. */
type With<T extends z.ZodType, Key extends keyof Shape<T>> = Shape<T> & Required<Pick<Shape<T>, Key>>

type Bot = ApiMethods
type Params<Method extends keyof Bot> = NonNullable<Parameters<Bot[Method]>[0]>

export const telegramFits: readonly true[] = [
  true satisfies Fits<Shape<typeof telegram.meShape>, UserFromGetMe>,
  true satisfies Fits<Shape<typeof telegram.webhookInfoShape>, WebhookInfo>,
  true satisfies Fits<Shape<typeof telegram.messageShape>, ReturnType<Bot['sendMessage']>>,
  true satisfies Fits<Shape<typeof telegram.sendMessageParams>, Params<'sendMessage'>>,
  true satisfies Fits<Shape<typeof telegram.editMessageTextParams>, Params<'editMessageText'>>,
  true satisfies Fits<Omit<Shape<typeof telegram.setWebhookParams>, 'allowed_updates'>, Params<'setWebhook'>>,
]

/** Required by Discord's own OpenAPI (github.com/discord/discord-api-spec, v10), and not yet in the types. */
type NotInTypesYet = 'eligible_oauth2_scopes' | 'explicit_content_filter' | 'type'

export const discordFits: readonly true[] = [
  true satisfies Fits<Shape<typeof discord.currentUserShape>, api.APIUser>,
  true satisfies Fits<Omit<Shape<typeof discord.applicationShape>, NotInTypesYet>, api.APIApplication>,
  true satisfies Fits<Shape<typeof discord.gatewayShape>, api.APIGatewayInfo>,
  true satisfies Fits<Shape<typeof discord.gatewayBotShape>, api.APIGatewayBotInfo>,
  true satisfies Fits<Shape<typeof discord.messageShape>, api.APIMessage>,
  true satisfies Fits<Shape<typeof discord.limitedShape>, api.RESTRateLimit>,
  true satisfies Fits<Shape<typeof discord.createMessageParams>, api.RESTPostAPIChannelMessageJSONBody>,
  true satisfies Fits<Shape<typeof discord.editMessageParams>, api.RESTPatchAPIChannelMessageJSONBody>,
  true satisfies Fits<Shape<typeof discord.executeWebhookParams>, api.RESTPostAPIWebhookWithTokenJSONBody>,
  true satisfies Fits<Shape<typeof discord.editWebhookMessageParams>, api.RESTPatchAPIWebhookWithTokenMessageJSONBody>,
]

/** The types of answers are made from samples, none of which had a header; the arguments' types know all blocks. */
type WithoutBlocks<T extends typeof slack.postMessageShape | typeof slack.updateShape> = Omit<Shape<T>, 'message'> & {
  message: Omit<Shape<T>['message'], 'blocks'>
}

export const slackFits: readonly true[] = [
  true satisfies Fits<Shape<typeof slack.authTestShape>, AuthTestResponse>,
  true satisfies Fits<Shape<typeof slack.connectionsOpenShape>, AppsConnectionsOpenResponse>,
  true satisfies Fits<WithoutBlocks<typeof slack.postMessageShape>, ChatPostMessageResponse>,
  true satisfies Fits<WithoutBlocks<typeof slack.updateShape>, ChatUpdateResponse>,
  true satisfies Fits<With<typeof slack.postMessageParams, 'text'>, ChatPostMessageArguments>,
  true satisfies Fits<With<typeof slack.postMessageParams, 'blocks'>, ChatPostMessageArguments>,
  true satisfies Fits<With<typeof slack.updateParams, 'text'>, ChatUpdateArguments>,
  true satisfies Fits<With<typeof slack.updateParams, 'blocks'>, ChatUpdateArguments>,
]
