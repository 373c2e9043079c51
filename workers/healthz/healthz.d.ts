// The types of healthz.js. They name no package, so that they fit any Worker, whatever its own types come from.

export type Status = 'pass' | 'warn' | 'fail' | 'starting'

/** What a component says of itself; what it leaves out passes, and its observed value is the time that it took. */
export interface Finding {
  readonly status?: Status
  /** Any JSON; told only with the token. */
  readonly observedValue?: unknown
  readonly observedUnit?: string
  /** Why it is not well; told only with the token. */
  readonly output?: string
  /** Instead of the component's own measurement. */
  readonly measurement?: string
  /** When to ask again, for what is starting. */
  readonly retryAfterSeconds?: number
}

/** `undefined` and `true` pass, `false` fails, and so does whatever is thrown. */
export type Told = Finding | readonly Finding[] | boolean | number | string | null | undefined | void

export interface Settings {
  /** How long it may take before it counts as failed, in milliseconds (2000). */
  readonly limitMs?: number
  /** Its failure is a warning for the whole. */
  readonly isOptional?: boolean
  /** Draft 4.3: `component`, `datastore`, `system`, or another term. */
  readonly componentType?: string
}

/** Made by the functions below; its name in `components` is its key in the document. */
export interface Component extends Settings {
  readonly measurement: string
  readonly ask: (signal: AbortSignal) => Told | Promise<Told>
}

export interface HealthOptions {
  /** By name: `files` becomes `files:list`, a name with a colon is kept as it is. */
  readonly components: Readonly<Record<string, Component>>
  /** The `version_metadata` binding. */
  readonly version?: { readonly id: string; readonly tag?: string } | undefined
  /** Whoever sends it as a bearer token reads outputs and observed values; without one nobody does. */
  readonly token?: string | undefined
  readonly serviceId?: string
  readonly description?: string
}

/** Examines all components side by side and answers: 200 for pass and warn, 503 for fail and for what is starting. */
export function answerHealth(request: Request, options: HealthOptions): Promise<Response>

/** A Durable Object, asked by `ask`; the `versionId` that it may return becomes the measurement `version`. */
export function durableObject(ask: (signal: AbortSignal) => unknown, settings?: Settings): Component

/** Lists one object of a bucket. */
export function r2(bucket: { list(options: { limit: number }): Promise<unknown> }, settings?: Settings): Component

/** Gets a key, which need not exist; without a key it lists one. */
export function kv(
  namespace: { get(key: string): Promise<unknown>; list(options: { limit: number }): Promise<unknown> },
  settings?: Settings & { readonly key?: string },
): Component

/** `SELECT 1`. */
export function d1(database: { prepare(query: string): { first(): Promise<unknown> } }, settings?: Settings): Component

/** Shows that the configuration of authentication works. */
export function auth(prove: (signal: AbortSignal) => Told | Promise<Told>, settings?: Settings): Component

/** Each of these secrets is there and not empty; their values are never told. */
export function secrets<Env extends object>(env: Env, names: readonly (keyof Env & string)[], settings?: Settings): Component

/** A URL that the Worker needs: 2xx and 3xx pass, and whatever else `accepts` lists. */
export function upstream(
  url: string,
  settings?: Settings & { readonly method?: string; readonly headers?: Readonly<Record<string, string>>; readonly accepts?: readonly number[] },
): Component

/** A request as Discord signed it once for this application. */
export interface DiscordVector {
  readonly timestamp: string
  readonly body: string
  readonly signature: string
}

/** The public key of a Discord application verifies a request that Discord once signed for it. */
export function discordKey(publicKey: string | undefined, settings?: Settings & { readonly vector?: DiscordVector | undefined }): Component

/** Anything else. */
export function custom(look: (signal: AbortSignal) => Told | Promise<Told>, settings?: Settings): Component

/** What a component returns that is not ready yet, and no failure; ask again in `retryAfterSeconds` (5). */
export function starting(output: string, retryAfterSeconds?: number): Finding
