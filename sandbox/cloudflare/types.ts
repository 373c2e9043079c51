import type { Telemetry } from './telemetry/telemetry.ts'

/** One file of a version as wrangler uploaded it, without the leading `./`. */
export interface ModuleFile {
  readonly name: string
  readonly contentType: string
  readonly content: Buffer
}

/** One static asset of a version; `path` starts with a slash. */
export interface AssetFile {
  readonly path: string
  readonly contentType: string
  readonly content: Buffer
}

/** A binding as the upload's metadata has it, resolved: secrets carry their value, `inherit` is gone. */
export interface Binding {
  readonly type: string
  readonly name: string
  readonly [field: string]: unknown
}

/** An immutable snapshot: code, assets, bindings and secrets. */
export interface Version {
  readonly id: string
  readonly number: number
  readonly createdOn: Date
  readonly source: string
  readonly triggeredBy: string
  readonly tag?: string
  readonly message?: string
  readonly mainModule: string
  readonly modules: readonly ModuleFile[]
  readonly bindings: readonly Binding[]
  readonly compatibilityDate: string
  readonly compatibilityFlags: readonly string[]
  readonly assets?: { readonly config: Readonly<Record<string, unknown>>; readonly files: readonly AssetFile[] }
  /** The Durable Object migration that was live when the version was made; rollbacks cannot cross one. */
  readonly migrationTag?: string
  readonly containers?: readonly unknown[]
  readonly etag: string
}

/** When Durable Objects take up a new deployment's code. */
export type CodeUpdateStrategy =
  | { readonly mode: 'immediate' }
  | { readonly mode: 'deferred'; readonly maxDelaySeconds: number }

export interface Share {
  readonly versionId: string
  /** 0 to 100. */
  readonly percentage: number
}

export interface Deployment {
  readonly id: string
  readonly createdOn: Date
  readonly source: string
  readonly authorEmail: string
  /** One or two, in the order in which they were sent: stickiness depends on it. */
  readonly versions: readonly Share[]
  readonly annotations: Readonly<Record<string, string>>
  readonly codeUpdateStrategy: CodeUpdateStrategy
}

/** What the control plane tells the edge: this is live now, and these are the versions it names. */
export interface LiveScript {
  readonly name: string
  readonly deployment: Deployment
  /** In the order of `deployment.versions`. */
  readonly versions: readonly Version[]
  /** Durable Object classes of the script and how they store, from its applied migrations. */
  readonly durableObjectClasses: Readonly<Record<string, 'sql' | 'kv'>>
}

/** The data plane as the control plane sees it. */
export interface Edge {
  /** Resolves when every location serves the deployment, or will after the propagation delay that was set. */
  apply(live: LiveScript): Promise<void>
  remove(scriptName: string): Promise<void>
  /** What it measures; without it nothing is measured. */
  readonly telemetry?: Telemetry
}

/** Requests that one version answered at one script's edge; `durationsMs` is in order of arrival. */
export interface VersionCount {
  readonly versionId: string
  requests: number
  /** By HTTP status; 0 stands for a connection that broke. */
  readonly statuses: Record<number, number>
  readonly durationsMs: number[]
}
