import type { World } from '../world.ts'
import { scriptNotFound } from './errors.ts'
import type { Telemetry } from './telemetry/telemetry.ts'
import type { Deployment, Edge, Version } from './types.ts'

export type ScriptName = string

/** A Durable Object class that has a namespace. */
export interface DurableObjectClass {
  readonly storage: 'sql' | 'kv'
  readonly namespaceId: string
}

/** What belongs to the script, not to a version: it changes for all traffic at once (docs "Versions and deployments"). */
export interface ScriptSettings {
  logpush: boolean
  observability: unknown
  tail_consumers: readonly unknown[]
  streaming_tail_consumers: readonly unknown[]
  tags: readonly string[]
}

export interface Script {
  readonly name: ScriptName
  /** 32 hexadecimal digits; wrangler calls it the tag. */
  readonly id: string
  readonly createdOn: Date
  /** Newest first, as the API lists them. */
  readonly versions: readonly Version[]
  /** Newest first; the first one is live. */
  readonly deployments: readonly Deployment[]
  readonly durableObjectClasses: ReadonlyMap<string, DurableObjectClass>
  readonly migrationTag: string | undefined
  readonly settings: Readonly<ScriptSettings>
  readonly subdomain: { readonly enabled: boolean; readonly previews_enabled: boolean }
  readonly schedules: readonly { readonly cron: string }[]
  readonly routes: readonly { readonly pattern: string; readonly [field: string]: unknown }[]
  readonly domains: readonly { readonly hostname: string; readonly [field: string]: unknown }[]
}

/** The same script as the control plane holds it. */
export interface ScriptState extends Script {
  readonly versions: Version[]
  readonly deployments: Deployment[]
  readonly durableObjectClasses: Map<string, DurableObjectClass>
  migrationTag: string | undefined
  readonly settings: ScriptSettings
  subdomain: { enabled: boolean; previews_enabled: boolean }
  schedules: { readonly cron: string }[]
  routes: { readonly pattern: string; readonly [field: string]: unknown }[]
  domains: { readonly hostname: string; readonly [field: string]: unknown }[]
  /** By version id: the declarative Durable Object exports that it was uploaded with. */
  readonly exportsOf: Map<string, Readonly<Record<string, unknown>>>
}

/** A queue, a KV namespace, a container application: kept as it was sent, under its id. */
export type Resource = Readonly<Record<string, unknown>>

/** One Cloudflare account: everything the control plane remembers. */
export interface AccountState {
  readonly id: string
  readonly workersDevSubdomain: string
  readonly scripts: Map<ScriptName, ScriptState>
  readonly kvNamespaces: Map<string, Resource>
  readonly buckets: Map<string, Resource>
  readonly queues: Map<string, Resource>
  readonly containers: Map<string, Resource>
}

/** What every rule needs at hand. */
export interface Plane {
  readonly world: World
  readonly edge: Edge
  readonly account: AccountState
  readonly telemetry: Telemetry
  /** Ends when everything that was deployed so far has reached the edge: deployments apply in order. */
  settled: Promise<void>
}

/** Who makes a change, and with what. */
export interface Author {
  readonly email: string
  /** `wrangler`, `api` or `dash`, as the API's `source` says. */
  readonly source: string
}

export function newAccount(id: string): AccountState {
  return {
    id,
    workersDevSubdomain: 'sandbox',
    scripts: new Map(),
    kvNamespaces: new Map(),
    buckets: new Map(),
    queues: new Map(),
    containers: new Map(),
  }
}

export function newScript(plane: Plane, name: ScriptName): ScriptState {
  return {
    name,
    id: hexId(plane.world),
    createdOn: plane.world.now(),
    versions: [],
    deployments: [],
    durableObjectClasses: new Map(),
    migrationTag: undefined,
    settings: { logpush: false, observability: undefined, tail_consumers: [], streaming_tail_consumers: [], tags: [] },
    subdomain: { enabled: false, previews_enabled: false },
    schedules: [],
    routes: [],
    domains: [],
    exportsOf: new Map(),
  }
}

export function scriptNamed(plane: Plane, name: ScriptName): ScriptState {
  const script = plane.account.scripts.get(name)
  if (script === undefined) throw scriptNotFound(name)
  return script
}

/** 32 hexadecimal digits, the form of Cloudflare's ids for scripts, namespaces and queues. */
export function hexId(world: World): string {
  return world.uuid().replaceAll('-', '')
}
